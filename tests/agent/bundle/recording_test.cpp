#include "agent/bundle/recording.hpp"

#include "base/hash.hpp"
#include "tests/catch.hpp"
#include "tests/protocols/scripted.hpp"

using namespace ot;
using namespace ot::agent::bundle;
using namespace ot::protocols::link;
using Event = LedgerEntry::Event;
using tests::from_hex;

namespace {

const std::string kTarget = "10.0.0.5:502";

LedgerEntry entry(Event event, std::string_view bytes = {}, std::optional<Errc> error = {}) {
  LedgerEntry out;
  out.at = *parse_iso8601("2026-11-02T08:00:00Z");
  out.target = kTarget;
  out.wire = Wire::modbus_tcp;
  out.event = event;
  out.bytes = from_hex(bytes);
  out.error = error;
  return out;
}

Frame frame(std::string_view bytes, Wire wire = Wire::modbus_tcp) {
  auto built = Frame::build(wire, from_hex(bytes));
  REQUIRE(built);
  return std::move(*built);
}

std::string answer_text(Recording& recording, std::string_view request) {
  const auto recalled = recording.answer(kTarget, frame(request));
  if (!recalled) {
    return "unknown";
  }
  return recalled->outcome ? hex(*recalled->outcome)
                           : std::string(to_string(recalled->outcome.error().code()));
}

constexpr std::string_view kAsk = "0001 0000 0002 05 11";
constexpr std::string_view kAskLater = "0007 0000 0002 05 11";
constexpr std::string_view kAnswer = "0001 0000 0005 05 11 02 41 ff";
constexpr std::string_view kAskOther = "0002 0000 0002 06 11";

}  // namespace

TEST_CASE("a recorded answer is given with the request's own transaction", "[recording]") {
  Recording recording(Recording::Use::resume);
  recording.add(entry(Event::connect));
  recording.add(entry(Event::connected));
  recording.add(entry(Event::sent, kAsk));
  recording.add(entry(Event::received, kAnswer));
  const auto connection = recording.connection(kTarget, Wire::modbus_tcp);
  REQUIRE(connection);
  CHECK(connection->outcome);
  CHECK(answer_text(recording, kAskLater) == hex(from_hex("0007 0000 0005 05 11 02 41 ff")));
  CHECK(answer_text(recording, kAskLater) == "unknown");
  CHECK(answer_text(recording, kAskOther) == "unknown");
}

TEST_CASE("a request that was cut off is unknown, unless it was asked again", "[recording]") {
  Recording recording(Recording::Use::resume);
  recording.add(entry(Event::connected));
  recording.add(entry(Event::sent, kAsk));
  SECTION("cut off") {
    CHECK(answer_text(recording, kAsk) == "unknown");
  }
  SECTION("asked again after it was cut off") {
    recording.add(entry(Event::connected));
    recording.add(entry(Event::sent, kAsk));
    recording.add(entry(Event::received, kAnswer));
    CHECK(answer_text(recording, kAsk) == hex(from_hex(kAnswer)));
  }
}

TEST_CASE("a silence is remembered for each time that it was asked", "[recording]") {
  Recording recording(Recording::Use::resume);
  recording.add(entry(Event::connected));
  recording.add(entry(Event::sent, kAsk));
  recording.add(entry(Event::unanswered, {}, Errc::silent));
  recording.add(entry(Event::sent, kAskLater));
  recording.add(entry(Event::received, kAnswer));
  CHECK(answer_text(recording, kAsk) == "silent");
  CHECK(answer_text(recording, kAsk) == hex(from_hex(kAnswer)));
}

TEST_CASE("what answered nothing is no answer", "[recording]") {
  Recording recording(Recording::Use::resume);
  recording.add(entry(Event::sent, kAsk));
  auto stray = entry(Event::received, kAnswer);
  stray.stray = true;
  recording.add(stray);
  CHECK(answer_text(recording, kAsk) == "unknown");
}

TEST_CASE("a refused connection is remembered with its reason", "[recording]") {
  Recording recording(Recording::Use::resume);
  auto refused = entry(Event::refused, {}, Errc::refused);
  refused.meaning = "connection refused";
  recording.add(entry(Event::connect));
  recording.add(refused);
  const auto connection = recording.connection(kTarget, Wire::modbus_tcp);
  REQUIRE(connection);
  REQUIRE_FALSE(connection->outcome);
  CHECK(connection->outcome.error().code() == Errc::refused);
  CHECK(connection->outcome.error().message() == "connection refused");
  CHECK_FALSE(recording.connection(kTarget, Wire::enip_tcp));
}

TEST_CASE("who hung up in distress is not asked again", "[recording]") {
  Recording recording(Recording::Use::resume);
  recording.add(entry(Event::connected));
  recording.add(entry(Event::sent, kAsk));
  recording.add(entry(Event::received, kAnswer));
  recording.add(entry(Event::closed, {}, Errc::closed));
  CHECK(answer_text(recording, kAsk) == hex(from_hex(kAnswer)));
  CHECK(answer_text(recording, kAskOther) == "closed");
}

TEST_CASE("who hung up in distress does so in a replay", "[recording]") {
  Recording recording(Recording::Use::replay);
  recording.add(entry(Event::connected));
  recording.add(entry(Event::sent, kAsk));
  recording.add(entry(Event::received, kAnswer));
  recording.add(entry(Event::closed, {}, Errc::closed));
  CHECK(answer_text(recording, kAsk) == hex(from_hex(kAnswer)));
  CHECK(answer_text(recording, kAskOther) == "closed");
}

TEST_CASE("a conversation that was gone on with has one beginning", "[recording]") {
  Recording recording(Recording::Use::replay);
  const auto connects = [&recording] {
    const auto connection = recording.connection(kTarget, Wire::modbus_tcp);
    REQUIRE(connection);
    return connection->outcome.has_value();
  };
  recording.add(entry(Event::connect));
  recording.add(entry(Event::connected));
  recording.add(entry(Event::sent, kAsk));
  SECTION("cut off") {}
  SECTION("stopped by the user") {
    auto closed = entry(Event::closed);
    closed.meaning = std::string(kStopped);
    recording.add(closed);
  }
  recording.add(entry(Event::connect));
  recording.add(entry(Event::connected));
  recording.add(entry(Event::sent, kAskLater));
  recording.add(entry(Event::unanswered, {}, Errc::silent));
  recording.add(entry(Event::closed));
  recording.add(entry(Event::connect));
  recording.add(entry(Event::refused, {}, Errc::refused));
  CHECK(connects());
  CHECK_FALSE(connects());
}

TEST_CASE("datagrams from another port are another beginning", "[recording]") {
  Recording recording(Recording::Use::replay);
  const auto add = [&recording](Event event, std::optional<Errc> error = {}) {
    auto item = entry(event, event == Event::sent ? "800002000500000300010501 00" : "", error);
    item.wire = Wire::fins_udp;
    recording.add(item);
  };
  const auto connects = [&recording] {
    const auto connection = recording.connection(kTarget, Wire::fins_udp);
    REQUIRE(connection);
    return connection->outcome.has_value();
  };
  add(Event::connect);
  add(Event::connected);
  add(Event::sent);
  SECTION("cut off before its end was known") {
    add(Event::connect);
    add(Event::connected);
    add(Event::sent);
    add(Event::unanswered, Errc::silent);
    add(Event::closed);
  }
  SECTION("cut off behind its end") {
    add(Event::unanswered, Errc::silent);
  }
  add(Event::connect);
  add(Event::refused, Errc::io);
  CHECK(connects());
  CHECK_FALSE(connects());
}

TEST_CASE("who is gone when a conversation goes on has hung up", "[recording]") {
  Recording recording(Recording::Use::replay);
  recording.add(entry(Event::connect));
  recording.add(entry(Event::connected));
  recording.add(entry(Event::sent, kAsk));
  recording.add(entry(Event::received, kAnswer));
  recording.add(entry(Event::connect));
  recording.add(entry(Event::refused, {}, Errc::refused));
  const auto connection = recording.connection(kTarget, Wire::modbus_tcp);
  REQUIRE(connection);
  CHECK(connection->outcome);
  CHECK(answer_text(recording, kAsk) == hex(from_hex(kAnswer)));
  CHECK(answer_text(recording, kAskOther) == "refused");
}

TEST_CASE("a session that was cut off is opened anew, one that was over is not", "[recording]") {
  constexpr std::string_view kHandshake = "46494e53 0000000c 00000000 00000000 00000000";
  constexpr std::string_view kNodes = "46494e53 00000010 00000001 00000000 000000fb 000000c8";
  Recording recording(Recording::Use::resume);
  const auto add = [&](Event event, std::string_view bytes, std::string meaning = {}) {
    auto item = entry(event, bytes);
    item.wire = Wire::fins_tcp;
    item.meaning = std::move(meaning);
    recording.add(item);
  };
  add(Event::connected, {});
  add(Event::sent, kHandshake);
  add(Event::received, kNodes);
  const auto request = frame(kHandshake, Wire::fins_tcp);
  SECTION("cut off") {
    CHECK_FALSE(recording.answer(kTarget, request));
  }
  SECTION("stopped by the user") {
    add(Event::closed, {}, std::string(kStopped));
    CHECK_FALSE(recording.answer(kTarget, request));
  }
  SECTION("over") {
    add(Event::closed, {});
    const auto recalled = recording.answer(kTarget, request);
    REQUIRE(recalled);
    REQUIRE(recalled->outcome);
    CHECK(hex(*recalled->outcome) == hex(from_hex(kNodes)));
  }
}

TEST_CASE("a replay repeats what it has, and says what nobody asked", "[recording]") {
  Recording recording(Recording::Use::replay);
  recording.add(entry(Event::connected));
  recording.add(entry(Event::sent, kAsk));
  recording.add(entry(Event::received, kAnswer));
  recording.add(entry(Event::sent, "0003 0000 0006 05 03 0000 0001"));  // holding registers
  recording.add(entry(Event::received, "0003 0000 0005 05 03 02 1234"));
  CHECK(answer_text(recording, kAsk) == hex(from_hex(kAnswer)));
  CHECK(answer_text(recording, kAsk) == hex(from_hex(kAnswer)));
  const auto asked = recording.asked();
  REQUIRE(asked.size() == 2);
  CHECK(asked[0].used);
  CHECK_FALSE(asked[1].used);
  CHECK(asked[1].meaning.empty());
  CHECK(asked[1].answers.size() == 1);
}

TEST_CASE("what a walk did not come to when it was ended was cut off", "[recording]") {
  Recording recording(Recording::Use::finish);
  recording.add(entry(Event::connected));
  recording.add(entry(Event::sent, kAsk));
  recording.add(entry(Event::received, kAnswer));
  CHECK(answer_text(recording, kAsk) == hex(from_hex(kAnswer)));
  CHECK(answer_text(recording, kAskOther) == "cancelled");
  const auto connection = recording.connection("10.0.0.6:502", Wire::modbus_tcp);
  REQUIRE(connection);
  REQUIRE_FALSE(connection->outcome);
  CHECK(connection->outcome.error().code() == Errc::cancelled);
}

TEST_CASE("the answer to a lesser code stands for that to a greater one", "[recording]") {
  Recording recording(Recording::Use::replay);
  recording.add(entry(Event::sent, "0001 0000 0005 01 2b 0e 01 00"));
  recording.add(entry(Event::received, "0001 0000 000d 01 2b 0e 01 01 00 00 01 00 03 41 42 43"));
  const auto text = answer_text(recording, "0004 0000 0005 01 2b 0e 03 00");
  CHECK(text == hex(from_hex("0004 0000 000d 01 2b 0e 01 01 00 00 01 00 03 41 42 43")));
}
