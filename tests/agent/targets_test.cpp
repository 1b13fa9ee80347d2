#include "agent/targets.hpp"

#include "agent/probe_options.hpp"
#include "tests/catch.hpp"

using namespace ot;
using namespace ot::agent;

namespace {

Targets targets_of(std::initializer_list<std::string_view> texts) {
  Targets targets;
  for (const auto text : texts) {
    const auto added = targets.add(text);
    INFO(text);
    REQUIRE(added);
  }
  targets.settle();
  return targets;
}

std::vector<std::string> all_of(Targets targets) {
  std::vector<std::string> hosts;
  for (TargetHost host; targets.next(host);) {
    std::string text = host.text();
    for (const auto port : host.ports) {
      text += port == 0 ? "" : " " + std::to_string(port);
    }
    text += !host.is_serial() && host.named ? " named" : "";
    hosts.push_back(text);
  }
  return hosts;
}

}  // namespace

TEST_CASE("every address is asked once, however often it is named", "[targets]") {
  const auto targets =
      targets_of({"10.0.0.3", "10.0.0.1-3", "10.0.0.2:9601", "10.0.0.2:9602", "10.0.0.2:9601"});
  CHECK(targets.size() == 3);
  CHECK(all_of(targets) ==
        std::vector<std::string>{"10.0.0.1", "10.0.0.2 9601 9602 named", "10.0.0.3 named"});
  CHECK(targets.names_port());
}

TEST_CASE("a network's own and its broadcast address are nobody's", "[targets]") {
  CHECK(targets_of({"10.0.0.0/24"}).size() == 254);
  CHECK(all_of(targets_of({"10.0.0.8/30"})) == std::vector<std::string>{"10.0.0.9", "10.0.0.10"});
  CHECK(targets_of({"10.0.0.8/31"}).size() == 2);
  CHECK(targets_of({"10.0.0.8/32"}).size() == 1);
  CHECK(targets_of({"10.0.0.0-255"}).size() == 256);
}

TEST_CASE("an address with a port keeps the protocols' own, where both are named", "[targets]") {
  auto targets = targets_of({"10.0.0.5:9601", "10.0.0.4-5"});
  TargetHost host;
  REQUIRE(targets.next(host));
  REQUIRE(targets.next(host));
  CHECK(host.ports == std::vector<std::uint16_t>{0, 9601});
}

TEST_CASE("serial lines are targets beside addresses", "[targets]") {
  const auto targets = targets_of({"/dev/ttyUSB0", "10.0.0.1", "/dev/ttyUSB0"});
  CHECK(targets.size() == 2);
  CHECK(targets.has_serial());
  CHECK(all_of(targets) == std::vector<std::string>{"10.0.0.1 named", "/dev/ttyUSB0"});
}

TEST_CASE("a target that no single device has is refused", "[targets]") {
  Targets targets;
  for (const auto* text :
       {"224.0.0.1", "255.255.255.255", "0.0.0.0", "10.0.0.0/15", "10.0.0.1:0", "10.0.0.1:70000",
        "10.0.0.1:", "", "10.0.0.1/", "0.0.0.0/0", "10.0.0.0/24:9600", "fe80::1"}) {
    CAPTURE(text);
    const auto added = targets.add(text);
    REQUIRE_FALSE(added);
    CHECK(added.error().code() == Errc::wrong_use);
  }
}

TEST_CASE("a list of addresses draws neighbours together", "[targets]") {
  const auto at = [](std::uint32_t last) { return Ipv4{0x0A000000 + last}; };
  CHECK(ranges_text({at(1), at(2), at(3), at(7)}, 9) == "10.0.0.1-10.0.0.3, 10.0.0.7");
  CHECK(ranges_text({at(1), at(3), at(5), at(6)}, 1) == "10.0.0.1 and 3 more");
  CHECK(ranges_text({}, 9).empty());
  CHECK(list_text({{at(1), at(2)}, {"/dev/ttyS0"}}, 9) == "10.0.0.1-10.0.0.2, /dev/ttyS0");
  CHECK(list_text({{}, {"/dev/ttyS0"}}, 9) == "/dev/ttyS0");
}

TEST_CASE("unit ids come alone and in ranges", "[targets]") {
  CHECK(*parse_units({"3", "7-9"}) == std::vector<std::uint8_t>{3, 7, 8, 9});
  CHECK(parse_units({"1-247"})->size() == 247);
  CHECK(parse_units({"1-255"})->size() == 255);
  for (const auto* text : {"0", "0-3", "256", "9-7", "x", "", "1-", "-1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_units({text}));
  }
}

TEST_CASE("a turn goes on where another one ended, and comes to everybody", "[targets]") {
  auto targets = targets_of({"10.0.0.1-3", "10.0.0.7", "/dev/ttyS8", "/dev/ttyS9"});
  const auto order_from = [&targets](std::string_view first) {
    auto turned = targets;
    turned.begin_with(first);
    return all_of(turned);
  };
  using Order = std::vector<std::string>;
  const Order usual{"10.0.0.1",       "10.0.0.2",   "10.0.0.3",
                    "10.0.0.7 named", "/dev/ttyS8", "/dev/ttyS9"};
  CHECK(order_from("10.0.0.3") ==
        Order{"10.0.0.3", "10.0.0.7 named", "/dev/ttyS8", "/dev/ttyS9", "10.0.0.1", "10.0.0.2"});
  CHECK(order_from("10.0.0.5") ==
        Order{"10.0.0.7 named", "/dev/ttyS8", "/dev/ttyS9", "10.0.0.1", "10.0.0.2", "10.0.0.3"});
  CHECK(order_from("10.0.0.8") ==
        Order{"/dev/ttyS8", "/dev/ttyS9", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.7 named"});
  CHECK(order_from("/dev/ttyS9") ==
        Order{"/dev/ttyS9", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.7 named", "/dev/ttyS8"});
  for (const auto* first : {"", "10.0.0.1", "/dev/ttyS7"}) {
    INFO(first);
    CHECK(order_from(first) == usual);
  }
  const auto one = targets_of({"10.0.0.2:9601", "10.0.0.2:9602"});
  for (const auto* first : {"10.0.0.2", "10.0.0.3"}) {
    auto turned = one;
    turned.begin_with(first);
    CHECK(all_of(turned) == Order{"10.0.0.2 9601 9602 named"});
  }
}
