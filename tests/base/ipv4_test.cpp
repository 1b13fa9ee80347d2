#include "base/ipv4.hpp"

#include "tests/catch.hpp"

using namespace ot;

namespace {

std::string range_text(std::string_view text) {
  const auto range = parse_ipv4_range(text);
  return range ? range->first.text() + " " + range->last.text() : range.error().message();
}

}  // namespace

TEST_CASE("an IPv4 address is four numbers up to 255", "[ipv4]") {
  CHECK(parse_ipv4("10.20.0.255")->text() == "10.20.0.255");
  CHECK(parse_ipv4("0.0.0.0")->number == 0);
  for (const auto* text : {"", "10.0.0", "10.0.0.256", "10.0.0.1.2", "10.0.0.01", "10.0.0.1 ",
                           "10.0..1", "a.b.c.d", "10.0.0.-1", "10.0.0.1."}) {
    CAPTURE(text);
    CHECK_FALSE(parse_ipv4(text));
  }
}

TEST_CASE("a range is written in four ways", "[ipv4]") {
  CHECK(range_text("10.0.0.5") == "10.0.0.5 10.0.0.5");
  CHECK(range_text("10.0.0.5-20") == "10.0.0.5 10.0.0.20");
  CHECK(range_text("10.0.0.5-10.0.1.20") == "10.0.0.5 10.0.1.20");
  CHECK(range_text("10.0.0.0/24") == "10.0.0.0 10.0.0.255");
  CHECK(range_text("10.0.0.7/32") == "10.0.0.7 10.0.0.7");
  CHECK(parse_ipv4_range("0.0.0.0/0")->size() == 0x100000000u);
}

TEST_CASE("a range that can't be right says why", "[ipv4]") {
  CHECK(range_text("10.0.0.20-5") == "\"10.0.0.20-5\" ends before it begins");
  CHECK(range_text("10.0.0.0/33") == "\"10.0.0.0/33\" has no prefix length of 0 to 32");
  CHECK(range_text("10.0.0.5/24") == "\"10.0.0.5/24\" has address bits set behind its prefix");
  CHECK(parse_ipv4_range("10.0.0.5/24").error().hint() == "the network is 10.0.0.0/24");
  CHECK_FALSE(parse_ipv4_range("10.0.0.1-"));
  CHECK_FALSE(parse_ipv4_range("plc.example"));
}
