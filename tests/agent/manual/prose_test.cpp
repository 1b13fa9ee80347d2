#include "agent/manual/prose.hpp"

#include "tests/catch.hpp"

namespace ot::agent::manual::test {
namespace {

constexpr const char* kText =
    ".\\\" A remark.\n"
    ".Sh DESCRIPTION\n"
    "What it is.\n"
    ".Bl -tag -width Ds\n"
    ".It Cm silent\n"
    "No answer.\n"
    ".El\n"
    ".Sh OPTIONS\n"
    ".It Fl -site\n"
    "More.\n"
    ".It Ar PATH\n"
    "Where.\n"
    ".El\n"
    "Behind them.\n";

std::string error_of(std::string_view text) {
  const auto prose = Prose::parse(text, "probe.mdoc");
  return prose ? "" : std::string(prose.error().message());
}

}  // namespace

TEST_CASE("a file of the manual is cut into sections and entries", "[manual]") {
  auto prose = Prose::parse(kText, "probe.mdoc");
  REQUIRE(prose);
  CHECK(prose->take("DESCRIPTION") ==
        "What it is.\n.Bl -tag -width Ds\n.It Cm silent\nNo answer.\n.El\n");
  CHECK(prose->take("OPTIONS", "Fl -site") == "More.\n");
  CHECK(prose->take("OPTIONS", "Ar PATH") == "Where.\n");
  CHECK(prose->take_end("OPTIONS") == "Behind them.\n");
  CHECK(prose->take("FILES").empty());
  CHECK(prose->all_taken());
}

TEST_CASE("what speaks of nothing is named with its line", "[manual]") {
  auto prose = Prose::parse(kText, "probe.mdoc");
  REQUIRE(prose);
  prose->take("DESCRIPTION");
  prose->take("OPTIONS", "Ar PATH");
  prose->take_end("OPTIONS");
  const auto taken = prose->all_taken();
  REQUIRE_FALSE(taken);
  CHECK(taken.error().message() == "probe.mdoc:9: \".It Fl -site\" belongs to nothing");
}

TEST_CASE("a file of the manual with a mistake is refused with its line", "[manual]") {
  CHECK(error_of("What it is.\n") == "probe.mdoc:1: text before any .Sh");
  CHECK(error_of(".Sh A\n\nb\n") == "probe.mdoc:2: a blank line; .Pp begins a paragraph");
  CHECK(error_of(".Sh A\n.Bd -literal\n\n.Ed\n").empty());
  CHECK(error_of(".Sh A\n.Bl -tag\n.Sh B\n") == "probe.mdoc:3: a list has no end");
  CHECK(error_of(".Sh A\n.Bl -tag\n") == "probe.mdoc:2: a list has no end");
  CHECK(error_of(".Sh A\n.It Fl -x\n.It Fl -x\n") == "probe.mdoc:3: line 2 has it already");
}

}  // namespace ot::agent::manual::test
