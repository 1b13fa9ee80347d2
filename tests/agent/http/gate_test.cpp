#include "agent/http/gate.hpp"
#include "tests/catch.hpp"

using namespace ot::agent::http;
using std::chrono::seconds;
using Verdict = Gate::Verdict;

namespace {

constexpr const char* kGood = "good-token-good-token-good-token";

/// A gate on a clock that the test turns.
class Fixture {
 public:
  Fixture() : gate_(Credentials{.token = Token(kGood), .jwt = std::nullopt}) {}

  Gate::Decision decide(const std::string& address, std::string_view bearer) {
    return gate_.decide(address, bearer, {now_, {}});
  }
  Verdict verdict(const std::string& address, std::string_view bearer) {
    return decide(address, bearer).verdict;
  }
  /// The wait that the last of so many failures costs.
  seconds fail(const std::string& address, int times) {
    seconds wait{0};
    for (int i = 0; i < times; ++i) {
      wait = decide(address, "wrong").wait;
    }
    return wait;
  }
  void pass(seconds time) { now_ += time; }

 private:
  Gate gate_;
  Clock::time_point now_{seconds(1'000'000)};
};

}  // namespace

TEST_CASE("the right token is admitted, and no other", "[http]") {
  Fixture gate;
  CHECK(gate.verdict("10.0.0.1", kGood) == Verdict::admitted);
  CHECK(gate.verdict("10.0.0.1", "wrong") == Verdict::wrong);
  CHECK(gate.verdict("10.0.0.1", "") == Verdict::missing);
}

TEST_CASE("five wrong tokens in a minute cost a wait, which doubles", "[http]") {
  Fixture gate;
  CHECK(gate.fail("a", 4) == seconds(0));
  CHECK(gate.fail("a", 1) == seconds(15));
  CHECK(gate.decide("a", "wrong").verdict == Verdict::waits);
  CHECK(gate.decide("a", kGood).wait == seconds(15));  // not looked at
  gate.pass(seconds(14));
  CHECK(gate.decide("a", kGood).wait == seconds(1));
  for (const int wait : {30, 60, 120, 240, 300, 300}) {
    gate.pass(seconds(300));
    CHECK(gate.fail("a", 1) == seconds(wait));
  }
  CHECK(gate.verdict("b", "wrong") == Verdict::wrong);  // another address
}

TEST_CASE("slow mistakes cost nothing", "[http]") {
  Fixture gate;
  for (int i = 0; i < 20; ++i) {
    CHECK(gate.fail("a", 1) == seconds(0));
    gate.pass(seconds(15));
  }
}

TEST_CASE("a quiet address begins anew", "[http]") {
  Fixture gate;
  gate.fail("a", 5);
  gate.pass(seconds(15) + BackOff::kQuiet);
  CHECK(gate.fail("a", 4) == seconds(0));
  CHECK(gate.fail("a", 1) == seconds(15));
}

TEST_CASE("a first success ends the account of an address", "[http]") {
  Fixture gate;
  gate.fail("a", 4);
  CHECK(gate.verdict("a", kGood) == Verdict::admitted);
  CHECK(gate.fail("a", 4) == seconds(0));
  CHECK(gate.fail("a", 1) == seconds(15));
}

TEST_CASE("a client known behind an address does not wait for its neighbour", "[http]") {
  Fixture gate;
  REQUIRE(gate.verdict("nat", kGood) == Verdict::admitted);
  gate.fail("nat", 5);
  CHECK(gate.verdict("nat", kGood) == Verdict::admitted);
  CHECK(gate.verdict("nat", "wrong") == Verdict::waits);
}

TEST_CASE("a known client's successes do not help its neighbour", "[http]") {
  Fixture gate;
  REQUIRE(gate.verdict("nat", kGood) == Verdict::admitted);
  seconds wait{0};
  for (int i = 0; i < 5; ++i) {
    CHECK(wait == seconds(0));
    wait = gate.fail("nat", 1);
    CHECK(gate.verdict("nat", kGood) == Verdict::admitted);
  }
  CHECK(wait == seconds(15));
}

TEST_CASE("asking without a token is no try", "[http]") {
  Fixture gate;
  for (int i = 0; i < 20; ++i) {
    CHECK(gate.verdict("a", "") == Verdict::missing);
  }
  CHECK(gate.verdict("a", "wrong") == Verdict::wrong);
}

TEST_CASE("so many addresses are remembered, the last heard of", "[http]") {
  BackOff back_off;
  const Clock::time_point now{seconds(1'000'000)};
  for (int i = 0; i < 5; ++i) {
    back_off.fail("first", now);
    back_off.fail("second", now);
  }
  for (std::size_t i = 0; i < BackOff::kAddresses - 1; ++i) {
    back_off.fail(std::to_string(i), now);
    back_off.fail("first", now);
  }
  CHECK(back_off.size() == BackOff::kAddresses);
  CHECK(back_off.wait_of("first", now) == BackOff::kLongestWait);
  CHECK(back_off.wait_of("second", now) == seconds(0));
}

TEST_CASE("a few tokens are remembered of an address, the last used", "[http]") {
  BackOff back_off;
  for (const char* token : {"a", "b", "c", "d", "a", "e"}) {
    back_off.succeed("x", sha256(token));
  }
  CHECK(back_off.knows("x", sha256("a")));
  CHECK_FALSE(back_off.knows("x", sha256("b")));
  CHECK(back_off.knows("x", sha256("e")));
  CHECK_FALSE(back_off.knows("y", sha256("a")));
}

TEST_CASE("a host's IPv6 addresses are one", "[http]") {
  CHECK(address_group("10.0.0.7") == "10.0.0.7");
  CHECK(address_group("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
  CHECK(address_group("2001:db8:1:2::1") == "2001:db8:1:2::/64");
  CHECK(address_group("::ffff:10.0.0.7") == "10.0.0.7");
  CHECK(address_group("?") == "?");
}
