#include "base/result.hpp"

#include <cerrno>
#include <string>
#include <utility>

#include "tests/catch.hpp"

namespace ot {
namespace {

TEST_CASE("a place is a name with a line or an offset", "[result]") {
  CHECK(located("plant.scd", Position::line(214)) == "plant.scd:214");
  CHECK(located("panel.dz5", Position::offset(500)) == "panel.dz5: offset 0x1f4");
  CHECK(located("plant.scd", {}) == "plant.scd");
  CHECK(located("", Position::line(7)) == "line 7");
  CHECK(located("", Position::offset(0)) == "offset 0x0");
  CHECK(located("", {}).empty());
}

TEST_CASE("an error says where, what, and what to do", "[result]") {
  const Error error = Error(Errc::malformed, "expected <LNode>")
                          .at(Position::line(214))
                          .hint("export the file again");
  CHECK(error.text("plant.scd") == "plant.scd:214: expected <LNode>; export the file again");
  CHECK(error.text() == "line 214: expected <LNode>; export the file again");
  CHECK(Error(Errc::io, "disk full").text() == "disk full");
}

TEST_CASE("an error gains its context on the way up and loses nothing", "[result]") {
  Error error =
      Error(Errc::too_large, "over 64 levels").at(Position::offset(16)).hint("shorten it");
  error = std::move(error).during("read header");
  error = std::move(error).during("read block");
  CHECK(error.code() == Errc::too_large);
  CHECK(error.message() == "read block: read header: over 64 levels");
  CHECK(error.position() == Position::offset(16));
  CHECK(error.hint() == "shorten it");
}

TEST_CASE("a failed result holds its error", "[result]") {
  const Result<int> result = fail(Errc::encrypted, "needs a password");
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code() == Errc::encrypted);
  const Result<std::string> passed_on = fail(result.error());
  REQUIRE_FALSE(passed_on.has_value());
  CHECK(passed_on.error().message() == "needs a password");
}

TEST_CASE("an error of the system is told in its words", "[result]") {
  const Error missing = system_error(ENOENT, "open 'a.cfg'");
  CHECK(missing.code() == Errc::not_found);
  CHECK(missing.message() == "open 'a.cfg': No such file or directory");
  CHECK(system_error(EACCES, "open").code() == Errc::io);
}

}  // namespace
}  // namespace ot
