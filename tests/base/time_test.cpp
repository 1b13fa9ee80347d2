#include "base/time.hpp"

#include <limits>
#include <string_view>

#include "tests/catch.hpp"

namespace ot {
namespace {

Time at(std::int64_t milliseconds) {
  return Time{std::chrono::milliseconds{milliseconds}};
}

TEST_CASE("times are written with milliseconds and in UTC", "[time]") {
  CHECK(iso8601(at(1'678'359'975'351)) == "2023-03-09T11:06:15.351Z");
  CHECK(iso8601(at(0)) == "1970-01-01T00:00:00.000Z");
  CHECK(iso8601(at(1'709'164'800'007)) == "2024-02-29T00:00:00.007Z");
  CHECK(iso8601(at(-1)) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("times that four digits of a year can't say become the nearest that can", "[time]") {
  CHECK(iso8601(at(253'402'300'800'000)) == "9999-12-31T23:59:59.999Z");
  CHECK(iso8601(at(std::numeric_limits<std::int64_t>::max())) == "9999-12-31T23:59:59.999Z");
  CHECK(iso8601(at(std::numeric_limits<std::int64_t>::min())) == "0000-01-01T00:00:00.000Z");
}

TEST_CASE("what was written is read back", "[time]") {
  const auto time = at(GENERATE(as<std::int64_t>{}, 1'678'359'975'351, 0, -1, 951'782'399'999,
                                253'402'300'799'999, -62'167'219'200'000));
  CHECK(parse_iso8601(iso8601(time)) == time);
}

TEST_CASE("the time of day and the fraction of a second may be missing", "[time]") {
  CHECK(parse_iso8601("2023-03-09") == at(1'678'320'000'000));
  CHECK(parse_iso8601("2023-03-09T11:06:15Z") == at(1'678'359'975'000));
}

TEST_CASE("a fraction counts from its first digit, and what is below a millisecond is cut off",
          "[time]") {
  CHECK(parse_iso8601("2023-03-09T11:06:15.3Z") == at(1'678'359'975'300));
  CHECK(parse_iso8601("2023-03-09T11:06:15.35Z") == at(1'678'359'975'350));
  CHECK(parse_iso8601("2023-03-09T11:06:15.3519999999999999Z") == at(1'678'359'975'351));
}

TEST_CASE("no other notation is read as a time", "[time]") {
  const auto text =
      GENERATE(as<std::string_view>{}, "", "2023", "2023-3-9", "20230309", "2023-02-29",
               "2023-13-01", "2023-00-01", "2023-03-00", "2023-03-32", " 2023-03-09", "2023-03-09 ",
               "+023-03-09", "-023-03-09", "2023-+3-09", "2023-03-09T", "2023-03-09Z",
               "2023-03-09 11:06:15Z", "2023-03-09T11:06Z", "2023-03-09T11:06:15",
               "2023-03-09T11:06:15.Z", "2023-03-09T11:06:15z", "2023-03-09T24:00:00Z",
               "2023-03-09T11:60:00Z", "2023-03-09T11:06:60Z", "2023-03-09T-0:06:15Z",
               "2023-03-09T11:-0:15Z", "2023-03-09T11:06:15+01:00", "2023-03-09T11:06:15.351Zx");
  CAPTURE(text);
  CHECK_FALSE(parse_iso8601(text).has_value());
}

TEST_CASE("the clock shows a time after this was written", "[time]") {
  CHECK(now() > parse_iso8601("2024-01-01"));
}

}  // namespace
}  // namespace ot
