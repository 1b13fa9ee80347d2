#include "agent/http/token.hpp"

#include <filesystem>
#include <fstream>
#include <set>

#include <sys/stat.h>

#include "agent/http/base64url.hpp"
#include "tests/catch.hpp"
#include "tests/temporary.hpp"

using namespace ot::agent::http;
namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const fs::path& path, std::string_view text, mode_t mode = 0600) {
  std::ofstream(path) << text;
  ::chmod(path.c_str(), mode);
}

}  // namespace

TEST_CASE("base64url agrees with RFC 4648, and is strict", "[http]") {
  const auto [bytes, text] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {"f", "Zg"},
      {"fo", "Zm8"},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg"},
      {"fooba", "Zm9vYmE"},
      {"foobar", "Zm9vYmFy"},
      {"\xFB\xFF", "-_8"},
  }));
  CHECK(base64url(bytes) == text);
  CHECK(from_base64url(text) == bytes);
  for (const char* broken : {"Z", "Zg==", "Zh", "Zm9", "Zm 9v", "Zm9v\n", "+/8", "Zm9vZ"}) {
    CAPTURE(broken);
    CHECK_FALSE(from_base64url(broken));
  }
}

TEST_CASE("the first start makes a token, the next ones read it", "[http]") {
  const ot::tests::TemporaryFolder folder;
  const auto path = folder.path() / "token";
  const auto made = Token::load_or_create(path.string());
  REQUIRE(made);
  const auto text = content(path);
  CHECK(text.size() == 44);  // 43 letters are 32 bytes
  CHECK((fs::status(path).permissions() & fs::perms::all) ==
        (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(made->matches(text.substr(0, 43)));
  CHECK_FALSE(made->matches(text.substr(0, 42)));
  CHECK_FALSE(made->matches(""));
  const auto read = Token::load_or_create(path.string());
  REQUIRE(read);
  CHECK(read->matches(text.substr(0, 43)));
  CHECK(content(path) == text);
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("no two tokens are the same", "[http]") {
  const ot::tests::TemporaryFolder folder;
  std::set<std::string> all;
  for (const char* name : {"a", "b", "c", "d"}) {
    REQUIRE(Token::load_or_create((folder.path() / name).string()));
    all.insert(content(folder.path() / name));
  }
  CHECK(all.size() == 4);
}

TEST_CASE("a token that others may read is refused with the command that mends it", "[http]") {
  const ot::tests::TemporaryFolder folder;
  const auto path = folder.path() / "token";
  write(path, std::string(43, 'a'), GENERATE(mode_t{0640}, mode_t{0604}, mode_t{0660}));
  const auto token = Token::load_or_create(path.string());
  REQUIRE_FALSE(token);
  CHECK(token.error().hint() == "chmod 600 '" + path.string() + "'");
  CHECK(token.error().text().find("aaaa") == std::string::npos);
}

TEST_CASE("a token of one's own is taken, a weak or broken one is not", "[http]") {
  const ot::tests::TemporaryFolder folder;
  const auto path = folder.path() / "token";
  write(path, "  an-own-token-of-thirty-two-letters\r\n");
  REQUIRE(Token::load_or_create(path.string()));
  CHECK(Token::load_or_create(path.string())->matches("an-own-token-of-thirty-two-letters"));
  const std::string broken = GENERATE("", "short", "has blanks in it, and is long enough otherwise",
                                      "has\na\nline\nbreak\nand\nis\nlong\nenough");
  write(path, broken);
  const auto token = Token::load_or_create(path.string());
  REQUIRE_FALSE(token);
  CHECK(token.error().hint() == "remove the file, and a new token is made at the next start");
}

TEST_CASE("a token that can't be there is an error that names its place", "[http]") {
  const ot::tests::TemporaryFolder folder;
  CHECK(Token::load_or_create((folder.path() / "no" / "token").string()).error().text() ==
        "bearer token \"" + (folder.path() / "no" / "token").string() +
            "\": create it: No such file or directory");
  CHECK(Token::load_or_create(folder.path().string()).error().text() ==
        "bearer token: \"" + folder.path().string() + "\" is no regular file");
  const auto fifo = folder.path() / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  CHECK_FALSE(Token::load_or_create(fifo.string()));
}
