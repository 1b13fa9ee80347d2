#include "agent/since.hpp"

#include "tests/catch.hpp"

namespace ot::agent {

TEST_CASE("a moment in the past is a time ago or a date", "[since]") {
  const Time now = *parse_iso8601("2024-03-09T12:00:00Z");
  const auto since = [now](std::string_view text) {
    const auto time = parse_since(text, now);
    return time ? iso8601(*time) : time.error().message();
  };
  CHECK(since("90s") == "2024-03-09T11:58:30.000Z");
  CHECK(since("30m") == "2024-03-09T11:30:00.000Z");
  CHECK(since("2h") == "2024-03-09T10:00:00.000Z");
  CHECK(since("7d") == "2024-03-02T12:00:00.000Z");
  CHECK(since("1w") == "2024-03-02T12:00:00.000Z");
  CHECK(since("2024-01-01") == "2024-01-01T00:00:00.000Z");
  CHECK(since("2024-01-01T01:02:03.004Z") == "2024-01-01T01:02:03.004Z");
  for (const std::string_view bad : {"", "d", "2", "2x", "-2d", "yesterday", "99999999999d"}) {
    CHECK(since(bad) == "\"" + std::string(bad) + "\" is no time");
  }
}

}  // namespace ot::agent
