#include <boost/asio/co_spawn.hpp>

#include "base/hash.hpp"
#include "protocols/link/network.hpp"
#include "tests/catch.hpp"
#include "tests/protocols/peer.hpp"
#include "tests/protocols/scripted.hpp"

using namespace ot;
using namespace ot::protocols::link;
using namespace std::chrono_literals;
using tests::from_hex;
using tests::Peer;

namespace {

constexpr std::string_view kServerId = "0001 0000 0002 05 11";
constexpr std::string_view kAnswer = "0001 0000 0005 05 11 02 41 ff";
constexpr std::string_view kOther = "0002 0000 0002 06 11";
constexpr std::string_view kLate = "0009 0000 0005 05 11 02 41 ff";

Request request(std::string_view hex, Subject subject = Subject::target) {
  auto frame = Frame::build(Wire::modbus_tcp, from_hex(hex));
  REQUIRE(frame);
  const std::string transaction = from_hex(hex).substr(0, 2);
  auto accepts = [transaction](std::string_view received) {
    return received.starts_with(transaction);
  };
  return {std::move(*frame), std::move(accepts), subject};
}

class Notes final : public Ledger {
 public:
  void note(const LedgerEntry& entry) override { entries.push_back(entry); }

  std::string bytes(LedgerEntry::Event event) const {
    std::string all;
    for (const auto& entry : entries) {
      all += entry.event == event ? entry.bytes : std::string();
    }
    return all;
  }
  std::string events() const {
    std::string all;
    for (const auto& entry : entries) {
      all += (all.empty() ? "" : " ") + std::string(to_string(entry.event));
    }
    return all;
  }

  std::vector<LedgerEntry> entries;
};

Rules quick_rules() {
  Rules rules;
  rules.gap = 20ms;
  rules.deadline = 40ms;
  rules.first_connect = 300ms;
  rules.goodbye = 200ms;
  return rules;
}

/// One or two conversations with a peer, in one thread.
struct Scene {
  explicit Scene(Rules rules = quick_rules(), Exclusions exclusions = {})
      : network(io.get_executor(), rules, std::move(exclusions)), peer(io) {
    network.ledger = &notes;
  }

  Endpoint target() const {
    Endpoint endpoint;
    endpoint.address = *parse_ipv4("127.0.0.1");
    endpoint.port = peer.port();
    return endpoint;
  }

  /// Runs the task, then stops the peer.
  void run(asio::awaitable<void> task) {
    peer.start();
    asio::co_spawn(io, std::move(task), [this](std::exception_ptr) { peer.stop(); });
    io.run();
  }

  asio::io_context io;
  Network network;
  Notes notes;
  Peer peer;
  Host host;
};

/// Asks one request after the other, and keeps how each ended.
asio::awaitable<void> ask_all(Scene& scene, std::vector<Request> requests,
                              std::vector<std::string>& ends) {
  auto dialogue = converse(scene.network, scene.host, scene.target());
  bool first = true;
  for (auto& item : requests) {
    auto task = first ? dialogue->open(item) : dialogue->ask(item);
    first = false;
    auto answer = co_await std::move(task);
    ends.push_back(answer ? hex(*answer) : answer.error().message());
  }
  co_await dialogue->close();
}

std::vector<std::string> ends_of(Scene& scene, std::vector<Request> requests) {
  std::vector<std::string> ends;
  scene.run(ask_all(scene, std::move(requests), ends));
  return ends;
}

std::string plain(std::string_view hex_with_blanks) {
  return hex(from_hex(hex_with_blanks));
}

}  // namespace

TEST_CASE("a request is answered, and the connection ended by a FIN", "[link]") {
  Scene scene;
  scene.peer.replies(kAnswer);
  CHECK(ends_of(scene, {request(kServerId)}) == std::vector{plain(kAnswer)});
  CHECK(scene.peer.connections() == 1);
  CHECK(scene.peer.ends() == 1);
  CHECK(scene.notes.events() == "connect connected sent received closed");
  CHECK(hex(scene.notes.bytes(LedgerEntry::Event::sent)) == plain(kServerId));
  CHECK(hex(scene.notes.bytes(LedgerEntry::Event::received)) == plain(kAnswer));
}

TEST_CASE("a connection with unread bytes is ended by a FIN, too", "[link]") {
  Scene scene;
  // The second frame comes when nobody asks any more.
  scene.peer.replies(std::string(kAnswer) + std::string(kLate));
  CHECK(ends_of(scene, {request(kServerId)}) == std::vector{plain(kAnswer)});
  CHECK(scene.peer.ends() == 1);
  CHECK(scene.peer.resets() == 0);
}

TEST_CASE("a late answer to something else is passed over, and written down", "[link]") {
  Scene scene;
  scene.peer.replies(std::string(kLate) + std::string(kAnswer));
  CHECK(ends_of(scene, {request(kServerId)}) == std::vector{plain(kAnswer)});
  CHECK(hex(scene.notes.bytes(LedgerEntry::Event::received)) ==
        plain(std::string(kLate) + std::string(kAnswer)));
}

TEST_CASE("a request without an answer is repeated once, with the gap between", "[link]") {
  Scene scene;
  scene.peer.stays_silent().replies(kAnswer).replies(kOther);
  CHECK(ends_of(scene, {request(kServerId), request(kOther)}) ==
        std::vector{plain(kAnswer), plain(kOther)});
  const auto& received = scene.peer.received();
  REQUIRE(received.size() == 3);
  CHECK(received[0].bytes == received[1].bytes);
  CHECK(received[2].at - received[1].at >= 20ms);
  CHECK(scene.host.requests == 3);
}

TEST_CASE("three silences end a target", "[link]") {
  Scene scene;
  const auto ends = ends_of(
      scene, {request(kServerId), request(kServerId), request(kServerId), request(kServerId)});
  const std::string left = "left alone after 3 requests without an answer";
  CHECK(ends == std::vector<std::string>{"no answer", "no answer", left, left});
  CHECK(scene.peer.received().size() == 6);  // each of the three and its retry
  CHECK(scene.peer.ends() == 1);
}

TEST_CASE("the silence of a part counts only when the target is silent, too", "[link]") {
  Scene scene;
  scene.peer.replies(kAnswer).stays_silent().stays_silent().replies(kAnswer);
  const auto ends = ends_of(scene, {request(kServerId), request(kOther, Subject::part)});
  CHECK(ends.back() == "no answer, while the device answers others");
  const auto& received = scene.peer.received();
  REQUIRE(received.size() == 4);
  CHECK(hex(received[3].bytes) == plain(kServerId));
  CHECK_FALSE(scene.host.count_silence(2));  // it was none
}

TEST_CASE("a function without an answer may be unknown, and counts for nobody", "[link]") {
  Scene scene;
  scene.peer.replies(kAnswer);
  const auto ends = ends_of(scene, {request(kServerId), request(kOther, Subject::function)});
  CHECK(ends.back() == "no answer");
  CHECK(scene.peer.received().size() == 3);  // asked twice, and nothing else with it
  CHECK_FALSE(scene.host.count_silence(2));
}

TEST_CASE("a target that ends the connection after it answered is left alone", "[link]") {
  Scene scene;
  scene.peer.replies(kAnswer).hangs_up();
  const auto ends = ends_of(scene, {request(kServerId), request(kOther)});
  CHECK(ends.back() == "it ended the connection after it had answered");
  CHECK(scene.host.ended() == ends.back());
}

TEST_CASE("a target that ends the connection at once is no distress", "[link]") {
  Scene scene;
  scene.peer.hangs_up();
  const auto ends = ends_of(scene, {request(kServerId)});
  CHECK(ends.back() == "receive: the device ended the connection");
  CHECK(scene.host.ended().empty());
}

TEST_CASE("an excluded target is not even connected to", "[link]") {
  Exclusions exclusions;
  REQUIRE(exclusions.add("127.0.0.0/8"));
  Scene scene(quick_rules(), exclusions);
  CHECK(ends_of(scene, {request(kServerId)}) == std::vector<std::string>{"excluded"});
  CHECK(scene.peer.connections() == 0);
  CHECK(scene.notes.entries.empty());
}

TEST_CASE("sending ends within one request of the order to stop", "[link]") {
  Scene scene;
  scene.peer.replies(kAnswer).replies(kOther);
  scene.network.stop = [&scene] { return scene.host.requests >= 1; };
  const auto ends = ends_of(scene, {request(kServerId), request(kOther)});
  CHECK(ends.back() == "stopped");
  CHECK(scene.peer.received().size() == 1);
  CHECK(scene.peer.ends() == 1);
}

TEST_CASE("what is no frame ends the connection, not the run", "[link]") {
  Scene scene;
  scene.peer.replies("48545450 2f312e31 20343030");
  const auto ends = ends_of(scene, {request(kServerId)});
  CHECK(ends.back().starts_with("Modbus/TCP protocol identifier"));
  CHECK(scene.host.ended().empty());
}

TEST_CASE("endless frames that answer nothing are not read for ever", "[link]") {
  Scene scene;
  std::string flood;
  for (int i = 0; i < 200; ++i) {
    flood += kLate;
  }
  scene.peer.replies(flood);
  const auto ends = ends_of(scene, {request(kServerId)});
  CHECK(ends.back() == "64 frames, none of which is the answer");
  CHECK(scene.peer.ends() == 1);
  CHECK(scene.peer.resets() == 0);
}

TEST_CASE("what opens a session is said once", "[link]") {
  Scene scene;
  auto frame =
      Frame::build(Wire::fins_tcp, from_hex("46494e53 0000000c 00000000 00000000 00000000"));
  REQUIRE(frame);
  Request handshake(std::move(*frame), [](std::string_view) { return true; });
  CHECK(ends_of(scene, {handshake}) == std::vector<std::string>{"no answer"});
  CHECK(scene.peer.received().size() == 1);
}

TEST_CASE("who finds no free conversation hangs up and comes back", "[link]") {
  auto rules = quick_rules();
  rules.conversations = 1;
  Scene scene(rules);
  scene.peer.replies(kAnswer).replies(kAnswer);
  Host second_host;
  std::vector<std::string> ends;
  auto ask_second = [](Scene& in, Host& host,
                       std::vector<std::string>& out) -> asio::awaitable<void> {
    auto dialogue = converse(in.network, host, in.target());
    auto answer = co_await dialogue->open(request(kServerId));
    out.push_back(answer ? hex(*answer) : answer.error().message());
    co_await dialogue->close();
  };
  asio::co_spawn(scene.io, ask_second(scene, second_host, ends), [](std::exception_ptr) {});
  scene.run(ask_all(scene, {request(kServerId)}, ends));
  CHECK(ends == std::vector{plain(kAnswer), plain(kAnswer)});
  CHECK(scene.peer.ends() == scene.peer.connections());
  CHECK(scene.peer.received().size() == 2);
}

TEST_CASE("a target has one connection at a time", "[link]") {
  Scene scene;
  scene.peer.replies(kAnswer);
  std::string refusal;
  auto both = [](Scene& in, std::string& out) -> asio::awaitable<void> {
    auto first = converse(in.network, in.host, in.target());
    auto second = converse(in.network, in.host, in.target());
    auto opened = co_await first->open(request(kServerId));
    auto again = co_await second->open(request(kServerId));
    out = again ? "connected" : again.error().message();
    co_await first->close();
  };
  scene.run(both(scene, refusal));
  CHECK(refusal == "another connection to this target is open");
  CHECK(scene.peer.connections() == 1);
}

TEST_CASE("a closed port is refused, and asked once", "[link]") {
  Scene scene;
  auto endpoint = scene.target();
  scene.peer.stop();
  std::vector<std::string> ends;
  auto ask = [](Scene& in, Endpoint to, std::vector<std::string>& out) -> asio::awaitable<void> {
    auto dialogue = converse(in.network, in.host, to);
    auto answer = co_await dialogue->open(request(kServerId));
    out.push_back(std::string(answer ? "answer" : answer.error().text()));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code() == Errc::refused);
  };
  asio::co_spawn(scene.io, ask(scene, endpoint, ends), [](std::exception_ptr) {});
  scene.io.run();
  CHECK(ends.size() == 1);
  CHECK(scene.notes.events() == "connect refused");
}

TEST_CASE("exclusions are ranges and devices, from a file, too", "[link]") {
  Exclusions exclusions;
  REQUIRE(exclusions.add_lines("# safety\n10.0.0.5\n\n 10.0.1.0/24  # hall 2\n/dev/ttyUSB0"));
  CHECK(exclusions.holds(*parse_ipv4("10.0.0.5")));
  CHECK(exclusions.holds(*parse_ipv4("10.0.1.77")));
  CHECK_FALSE(exclusions.holds(*parse_ipv4("10.0.0.6")));
  CHECK(exclusions.holds("/dev/ttyUSB0"));
  CHECK(exclusions.holds("//dev/./ttyUSB0"));
  const auto wrong = exclusions.add_lines("10.0.0.1\n10.0.0.\n");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().position() == Position::line(2));
}

TEST_CASE("serial settings are baud rate and frame", "[link]") {
  const auto settings = parse_serial_settings("9600,7O2");
  REQUIRE(settings);
  CHECK(settings->baud == 9600);
  CHECK(settings->data_bits == 7);
  CHECK(settings->parity == 'O');
  CHECK(settings->stop_bits == 2);
  for (const auto* text :
       {"", "9600", "9600,", "9600,8X1", "9600,9N1", "12,8N1", "9600,8N", "fast"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_serial_settings(text));
  }
}

namespace {

/// Knows that the connection came about, and one answer.
class Memory final : public Recollection {
 public:
  explicit Memory(bool alone) : alone_(alone) {}

  bool only() const override { return alone_; }
  std::optional<Recalled<void>> connection(const std::string& /*target*/, Wire /*wire*/) override {
    return Recalled<void>{.outcome = {}, .at = heard};
  }
  std::optional<Recalled<std::string>> answer(const std::string& /*target*/,
                                              const Frame& frame) override {
    if (frame.bytes() != from_hex(kServerId)) {
      return std::nullopt;
    }
    return Recalled<std::string>{.outcome = from_hex(kAnswer), .at = heard};
  }

  void lose(const std::string& /*target*/, Wire /*wire*/, const Error& /*why*/) override {}

  Time heard = *parse_iso8601("2026-11-02T08:00:00Z");

 private:
  bool alone_;
};

}  // namespace

TEST_CASE("what is remembered is neither sent nor written down again", "[link]") {
  Scene scene;
  Memory memory(false);
  scene.network.recollection = &memory;
  CHECK(ends_of(scene, {request(kServerId)}) == std::vector{plain(kAnswer)});
  CHECK(scene.peer.received().empty());
  CHECK(scene.notes.events().empty());
  CHECK(scene.host.heard == memory.heard);
  CHECK(scene.host.requests == 1);
}

TEST_CASE("behind what is remembered the device itself is asked", "[link]") {
  Scene scene;
  Memory memory(false);
  scene.network.recollection = &memory;
  scene.peer.replies("0002 0000 0005 06 11 02 41 ff");
  const auto ends = ends_of(scene, {request(kServerId), request(kOther)});
  CHECK(ends == std::vector{plain(kAnswer), plain("0002 0000 0005 06 11 02 41 ff")});
  REQUIRE(scene.peer.received().size() == 1);
  CHECK(hex(scene.notes.bytes(LedgerEntry::Event::sent)) == plain(kOther));
  CHECK(scene.notes.events() == "connect connected sent received closed");
  CHECK(scene.host.heard > memory.heard);
}

TEST_CASE("where nothing but memory may be used, nothing is sent", "[link]") {
  Scene scene;
  Memory memory(true);
  scene.network.recollection = &memory;
  const auto ends = ends_of(scene, {request(kServerId), request(kOther, Subject::part)});
  CHECK(ends == std::vector{plain(kAnswer), std::string("not in the recording")});
  CHECK(scene.peer.received().empty());
  CHECK(scene.notes.events().empty());
  CHECK(scene.host.ended().empty());
}
