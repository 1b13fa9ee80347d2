#include "agent/config/quantities.hpp"

#include "tests/catch.hpp"

namespace ot::agent::test {

using namespace std::chrono_literals;

TEST_CASE("durations are read with their unit, and written in the largest that fits", "[config]") {
  for (const auto& [text, value] :
       std::initializer_list<std::pair<const char*, std::chrono::milliseconds>>{
           {"500ms", 500ms}, {"90s", 90s}, {"15m", 15min}, {"6h", 6h}, {"2d", 48h}, {"0", 0ms}}) {
    CHECK(parse_duration(text).value() == value);
    CHECK(duration_text(value) == text);
  }
  CHECK(parse_duration(" 24 h ").value() == 24h);
  CHECK(duration_text(24h) == "1d");
  CHECK(parse_duration("0s").value() == 0s);
}

TEST_CASE("sizes are read with their unit, and written in the largest that fits", "[config]") {
  CHECK(parse_size("64MB").value() == 64ULL << 20);
  CHECK(parse_size("3 KB").value() == 3072);
  CHECK(size_text(2ULL << 30) == "2GB");
  CHECK(size_text(1500) == "1500B");
  CHECK(size_text(0) == "0");
}

TEST_CASE("what is no quantity is refused", "[config]") {
  for (const auto* text : {"", "s", "1", "-1s", "1.5h", "1 h 30 m", "0x10s", "1S",
                           "9223372036854775808ms", "106751991168d", "18446744073709551616s"}) {
    CHECK_FALSE(parse_duration(text).has_value());
  }
  for (const auto* text : {"", "MB", "1", "-1MB", "1.5GB", "8589934592GB"}) {
    CHECK_FALSE(parse_size(text).has_value());
  }
}

}  // namespace ot::agent::test
