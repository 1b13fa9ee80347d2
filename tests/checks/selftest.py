#!/usr/bin/env python3
"""The checks checked: each must flag its bad samples and pass its good ones."""
import unittest

import layers
import lint_coroutines
import sizes
import source
import words


def flagged(check, path, text):
    return list(check.findings(path, text))


class Source(unittest.TestCase):
    def test_code_keeps_offsets_and_blanks_the_rest(self):
        text = 'a("{"); // {\nint x = 1\'000; char c = \'{\'; auto r = R"x({)" {)x"; /* {\n */ b'
        kept = source.code(text)
        self.assertEqual(len(text), len(kept))
        self.assertNotIn("{", kept)
        self.assertIn("1'000", kept)
        self.assertTrue(kept.endswith("b"))

    def test_comments_are_found_but_not_those_inside_strings(self):
        self.assertEqual('// yes', source.comments('"// no" // yes').strip())


class Layers(unittest.TestCase):
    GOOD = (
        ("base/result.cpp", '#include "base/result.hpp"\n#include <cstring>\n#include <unistd.h>\n'),
        ("parsers/scl/xml.cpp", '#include <pugixml.hpp>\n#include "parsers/parser.hpp"\n'),
        ("agent/main.cpp", '#include <CLI/CLI.hpp>\n#include "store/store.hpp"\n#include "version.hpp"\n'),
        ("tests/store/open.cpp", '#include <sqlite3.h>\n#include "tests/catch.hpp"\n'),
        ("parsers/registry.cpp", '#include "parsers.inc"\n'),
        ("agent/cli.cpp", "#include <version.hpp>\n"),
        ("base/a.cpp", '// #include <sqlite3.h>\n/*\n#include "store/store.hpp"\n*/\n'),
    )
    BAD = (
        ("base/a.cpp", '#include "store/store.hpp"\n', "rule 1"),
        ("parsers/a.cpp", '#include "store/store.hpp"\n', "rule 1"),
        ("store/a.cpp", '#include "agent/output.hpp"\n', "rule 1"),
        ("agent/a.cpp", '#include "output.hpp"\n', "rule 1"),
        ("store/a.cpp", '#include "version.hpp"\n', "rule 1"),
        ("agent/a.cpp", "#include <sqlite3.h>\n", "rule 2"),
        ("base/uuid.cpp", "  #  include <openssl/evp.h>\n", "rule 2"),
        ("parsers/a.cpp", "#include <nlohmann/json.hpp>\n", "rule 2"),
        ("store/a.cpp", "#include <boost/asio.hpp>\n", "rule 2"),
        ("agent/a.cpp", "#include <libunknown/x.h>\n", "rule 2"),
    )

    def test_good(self):
        for path, text in self.GOOD:
            self.assertEqual([], flagged(layers, path, text), text)

    def test_bad(self):
        for path, text, rule in self.BAD:
            found = flagged(layers, path, text)
            self.assertEqual(1, len(found), text)
            self.assertIn(rule, found[0])

    def test_catch_all_folders(self):
        self.assertEqual(1, len(list(layers.catch_all_folders(["agent/utils/x.cpp", "agent/main.cpp"]))))
        self.assertEqual([], list(layers.catch_all_folders(["parsers/scl/x.cpp"])))


class Coroutines(unittest.TestCase):
    GOOD = (
        "Task<int> f() { Agg a{1}; auto r = co_await g(a); if (!r) { co_return fail(r.error()); } co_return *r; }",
        "Task<void> f() { while (co_await next(x)) { g({1}); } }",
        "Task<void> f() { for (auto& x : co_await list()) { use(x ? 1 : 2); } }",
        "Task<void> f() { if (auto v = co_await g(); v) { h(); } else { co_await i(); } }",
        "Task<void> f() { switch (co_await g()) { case 1: { co_await h(); break; } default: co_await i(); } }",
        "auto C::f(int x) -> Task<int> { co_return co_await g(x); }",
        "struct A : B { Task<int> f() const { co_return co_await g(); } int x{1}; };",
        "void f() { co_spawn(io, survey(config), log_both); auto n = a ? 1 : 2; }",
        "void f() { run([] { return 1; }, 2); } Task<int> g() { co_return co_await h(); }",
        "// co_await f(Agg{1})\nauto s = \"co_await f({})\";",
    )
    BAD = (
        "Task<int> f() { co_await g(Agg{1}); }",
        "Task<int> f() { auto r = co_await g({}); }",
        "Task<int> f() { co_return co_await g(Agg{.a = h(1), .b = 2}, 3); }",
        "Task<int> f() { auto r = g(co_await h(), Agg{1}); }",
        "Task<int> f() { if (co_await g(Agg{1})) { h(); } }",
        "Task<int> f() { co_await g([c] { return c; }); }",
        "Task<int> f() { co_await g([&](int x) mutable -> int { return x; }, 1); }",
        "Task<int> f() { auto r = c ? co_await g() : h(); }",
        "Task<int> f() { auto r = Agg{co_await g(), 1}; }",
        "Task<int> f() { std::vector<int> v = {co_await g()}; }",
        "Task<int> f() { auto x = ({ auto r = co_await g(); r; }); }",
        "void f() { auto g = [x]() -> Task<int> { co_return x; }; }",
        "void f() { co_spawn(io, survey(config), asio::detached); }",
    )

    def test_good(self):
        for text in self.GOOD:
            self.assertEqual([], flagged(lint_coroutines, "a.cpp", text), text)

    def test_bad(self):
        for text in self.BAD:
            self.assertEqual(1, len(flagged(lint_coroutines, "a.cpp", text)), text)

    def test_lines_are_right(self):
        found = flagged(lint_coroutines, "a.cpp", "/* \n */\nTask<int> f() {\n  co_await g(\n      {1});\n}\n")
        self.assertTrue(found[0].startswith("a.cpp:4: "), found)


class Sizes(unittest.TestCase):
    TEXT = """
namespace a { class B : public C {
 public:
  B(int x) : x_{x}, y_(2) {
    x = 1;
  }
  bool operator()(int i) const noexcept { return i == 1; }
 private:
  int x_{0};
};
constexpr Entry kTable[] = {{1, "}"}, {2, R"({{{)"}};
template <class T>
auto f(const T& t) -> std::vector<T> {
  auto g = [&t](int x) mutable {
    return Foo{x, '{'};
  };
  if (t[0]) {
    for (int i = 0; i < 1'000; ++i) {
    }
  }
}
}
#define M(x) namespace x { int y; }
TEST_CASE("a { b") {
}
"""

    def test_functions_and_lambdas_are_told_apart(self):
        found = [(kind, name.split("(")[0], last - first + 1) for kind, name, first, last in sizes.pieces(self.TEXT)]
        self.assertEqual(
            [
                ("function", "B", 3),
                ("function", "bool operator", 1),
                ("lambda", "[&t]", 3),
                ("function", "template <class T> auto f", 10),
                ("function", "TEST_CASE", 2),
            ],
            found,
        )

    def test_limits(self):
        body = "  x();\n"
        self.assertEqual([], flagged(sizes, "a.cpp", "void f() {\n" + body * 58 + "}\n"))
        self.assertEqual(1, len(flagged(sizes, "a.cpp", "void f() {\n" + body * 59 + "}\n")))
        inner = "void f() {\n  auto g = [] {\n" + body * 9 + "  };\n}\n"
        self.assertEqual(1, len(flagged(sizes, "a.cpp", inner)))
        self.assertEqual([], flagged(sizes, "a.cpp", inner.replace(body, "", 1)))
        self.assertEqual(1, len(flagged(sizes, "base/a.hpp", "\n" * 501)))
        self.assertEqual([], flagged(sizes, "tests/a.cpp", "\n" * 800))


class Words(unittest.TestCase):
    BAD = (
        ("base/a.cpp", "void f() { throw 1; }", 6),
        ("base/a.cpp", "int x = std::stoi(y);", 6),
        ("base/a.cpp", "using namespace std;", 6),
        ("base/a.hpp", "#pragma once\nusing namespace ot;", 6),
        ("base/a.hpp", "int x;", 6),
        ("docs/a.md", "see /wo" "rk/main", 7),
        ("base/a.cpp", "// TO" "DO: later", 7),
        ("base/a.cpp", "int x; // as in #" "12", 7),
        ("dev", "ls  # as in #" "12", 7),
        ("tests/a.cpp", "std::this_thread::sleep_for(1s);", 8),
        ("agent/a.cpp", "auto x = std::chrono::system_clock::now();", 8),
        ("agent/a.cpp", "auto x = ::time(nullptr);", 8),
    )
    GOOD = (
        ("base/a.cpp", '// nothing is thrown here\nauto s = "throw #' '12"; using namespace std::chrono_literals;'),
        ("base/a.hpp", "// About a.\n#pragma once\n"),
        ("dev", "echo ${#1} $# ; x=a#" "1  # the 12th"),
        ("docs/a.md", "## 12\nThe archive's `#CREATED` line"),
        ("base/a.cpp", "std::this_thread::sleep_for(1s);"),
        ("tests/a.cpp", "throw std::runtime_error(strerror(errno));"),
        ("base/a.cpp", "throw std::bad_alloc();"),
    )

    def test_bad(self):
        for path, text, rule in self.BAD:
            found = flagged(words, path, text)
            self.assertEqual(1, len(found), text)
            self.assertIn(f"rule {rule}:", found[0])

    def test_good(self):
        for path, text in self.GOOD:
            self.assertEqual([], flagged(words, path, text), text)


if __name__ == "__main__":
    unittest.main()
