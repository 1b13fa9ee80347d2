#include <fmt/format.h>

#include "protocols/link/network.hpp"
#include "protocols/link/notes.hpp"
#include "protocols/link/remembered.hpp"

namespace ot::protocols::link {
namespace {

using Event = LedgerEntry::Event;

constexpr std::uint16_t kFinsPort = 9600;

class Conversation final : public Dialogue {
 public:
  Conversation(Network& network, Host& host, Endpoint target)
      : network_(network),
        host_(host),
        target_(std::move(target)),
        earlier_(network.recollection, host, target_.text()) {}
  ~Conversation() override { release(); }

  Result<Ipv4> own_address() override;
  Ipv4 target_address() const override { return target_.address; }
  Task<std::string> open(Request first) override;
  Task<std::string> ask(Request request) override;
  Task<void> tell(Frame frame) override;
  asio::awaitable<void> close() override;
  Error distress(std::string why) override;

 private:
  Result<void> may_send();
  Notes notes() const { return {network_.ledger, target_.text(), wire_}; }
  void release();

  std::optional<Result<std::string>> recall(const Request& request);

  Task<void> connect(Wire wire);
  Task<void> connect_once();
  Task<void> connect_now();
  Task<void> go_live();
  asio::awaitable<void> hang_up(std::string why, bool by_device = false);
  asio::awaitable<bool> wait_for_turn();
  Task<std::string> find_by_datagram(Request first);
  Task<std::string> first_datagram(Request first, std::uint16_t own_port);
  tl::unexpected<Error> unheard(const Error& why);

  asio::awaitable<void> keep_gap();
  Task<void> send(Frame frame);
  Task<std::string> await_answer(Request request, Carrier::Time limit);
  Task<std::string> attempt(Request request, Carrier::Time limit);
  Task<std::string> attempts(Request request);
  Task<std::string> silence(Request request);
  asio::awaitable<Error> broken(Error error);

  Network& network_;
  Host& host_;
  Endpoint target_;
  Remembered earlier_;
  Wire wire_ = Wire::fins_tcp;
  std::unique_ptr<Carrier> carrier_;
  Permit turn_;
  std::optional<Request> answered_;  ///< the last one, over this connection
  bool live_ = false;                ///< there is a connection, and not only the memory of one
  bool stopped_ = false;             ///< by the user, and not by its end
};

Result<Ipv4> Conversation::own_address() {
  if (target_.is_serial()) {
    return Ipv4{};
  }
  if (earlier_.is_all()) {
    // Any neighbour whose last number is a FINS node, and not the target's.
    return Ipv4{(target_.address.number & ~0xFFU) | (target_.address.last_octet() == 1 ? 2U : 1U)};
  }
  return own_address_towards(network_.executor, target_.address);
}

/// Asked before each connection and each frame: exclusions win over everything.
Result<void> Conversation::may_send() {
  if (network_.exclusions.holds(target_.address, target_.device)) {
    return fail(Errc::forbidden, "excluded");
  }
  if (!host_.ended().empty()) {
    return fail(Errc::ended, host_.ended());
  }
  stopped_ = network_.stop && network_.stop();
  if (stopped_) {
    return fail(Errc::cancelled, "stopped");
  }
  return {};
}

void Conversation::release() {
  live_ = false;
  carrier_.reset();
  answered_.reset();
  turn_.give_back();
  if (host_.connection == this) {
    host_.connection = nullptr;
  }
}

Task<void> Conversation::connect_once() {
  if (auto may = may_send(); !may) {
    co_return may;
  }
  if (host_.connection != nullptr && host_.connection != this) {
    co_return fail(Errc::forbidden, "another connection to this target is open");
  }
  host_.connection = this;
  auto connected = earlier_.connection(wire_);
  if (!connected) {
    connected = co_await connect_now();
  }
  if (*connected) {
    host_.connections += is_datagram(wire_) || target_.is_serial() ? 0 : 1;
  } else {
    host_.refused |= connected->error().code() == Errc::refused;
  }
  co_return std::move(*connected);
}

Task<void> Conversation::connect_now() {
  notes().write(Event::connect);
  auto connected = co_await carrier_->connect(network_.rules.first_connect);
  live_ = connected.has_value();
  if (live_) {
    notes().write(Event::connected);
  } else {
    notes().failure(Event::refused, connected.error());
  }
  co_return connected;
}

/// What an earlier run heard ends here: from now on the device itself is asked.
Task<void> Conversation::go_live() {
  if (!turn_) {
    turn_ = co_await network_.conversations.take();
  }
  if (auto may = may_send(); !may) {
    co_return may;
  }
  auto connected = co_await connect_now();
  co_return connected;
}

/// The ledger has every byte that came, also those that were no frame.
asio::awaitable<void> Conversation::hang_up(std::string why, bool by_device) {
  if (!live_) {
    co_return;
  }
  live_ = false;
  co_await carrier_->close(network_.rules.goodbye);
  auto rest = carrier_->take_rest();
  if (!rest.empty()) {
    notes().rest(std::move(rest));
  }
  by_device ? notes().failure(Event::closed, Error(Errc::closed, std::move(why)))
            : notes().write(Event::closed, std::move(why));
}

/// Conversations are few at once. Who has to wait for one hangs up meanwhile (then
/// this is true): a controller has few connections to give.
asio::awaitable<bool> Conversation::wait_for_turn() {
  if (!live_ || turn_) {
    co_return false;
  }
  turn_ = network_.conversations.try_take();
  if (turn_) {
    co_return false;
  }
  std::string why(kUntilItsTurn);
  co_await hang_up(std::move(why));
  turn_ = co_await network_.conversations.take();
  co_return true;
}

Task<void> Conversation::connect(Wire wire) {
  wire_ = wire;
  if (wire == Wire::modbus_rtu) {
    carrier_ = make_serial(network_.serial_pool, wire, target_);
    turn_ = co_await network_.conversations.take();
    auto opened = co_await connect_once();
    co_return opened;
  }
  carrier_ = make_tcp(network_.executor, wire, target_);
  Permit permit = co_await network_.first_connects.take();
  auto connected = co_await connect_once();
  permit.give_back();
  if (!connected) {
    co_return connected;
  }
  const bool hung_up = co_await wait_for_turn();
  if (hung_up) {
    connected = co_await connect_once();
  }
  co_return connected;
}

Task<std::string> Conversation::first_datagram(Request first, std::uint16_t own_port) {
  carrier_ = make_udp(network_.executor, wire_, target_, own_port);
  auto opened = co_await connect_once();
  if (!opened) {
    co_return fail(std::move(opened).error());
  }
  auto answer = co_await attempt(std::move(first), network_.rules.first_connect);
  co_return answer;
}

/// The silence stays what it is, but somebody may have spoken.
tl::unexpected<Error> Conversation::unheard(const Error& why) {
  ++host_.unheard;
  return fail(
      Errc::silent,
      fmt::format("no answer; {}, so a device that answers to that port only can't be heard",
                  why.message()));
}

/// A FINS unit with a fixed address table answers to port 9600 of its peer only
/// (W421, 7-3-1): from there goes the one retry. Among the addresses of a range it
/// goes to those that showed life, not to the many where nobody is.
Task<std::string> Conversation::find_by_datagram(Request first) {
  Permit permit = co_await network_.first_connects.take();
  Request again = first;
  auto answer = co_await first_datagram(std::move(first), 0);
  const bool retry = !answer && answer.error().code() == Errc::silent && wire_ == Wire::fins_udp &&
                     (host_.shows_life() || target_.named);
  if (retry) {
    std::string why = "asked again from port 9600";
    co_await hang_up(std::move(why));
    auto from_fins_port = co_await first_datagram(std::move(again), kFinsPort);
    const bool has_port = from_fins_port || from_fins_port.error().code() != Errc::io;
    answer = has_port ? std::move(from_fins_port) : unheard(from_fins_port.error());
  }
  permit.give_back();
  if (!answer) {
    co_await close();
    co_return answer;
  }
  const bool hung_up = co_await wait_for_turn();
  if (hung_up) {
    auto opened = co_await connect_once();
    if (!opened) {
      release();
      co_return fail(std::move(opened).error());
    }
  }
  co_return answer;
}

Task<std::string> Conversation::open(Request first) {
  co_await close();
  if (auto may = may_send(); !may) {
    co_return fail(std::move(may).error());
  }
  wire_ = first.frame().wire();
  if (is_datagram(wire_)) {
    auto found = co_await find_by_datagram(std::move(first));
    co_return found;
  }
  auto connected = co_await connect(wire_);
  if (!connected) {
    release();
    co_return fail(std::move(connected).error());
  }
  auto answer = co_await ask(std::move(first));
  co_return answer;
}

asio::awaitable<void> Conversation::keep_gap() {
  const auto last = host_.last();
  const auto since = last ? Host::Clock::now() - *last : network_.rules.gap;
  if (since < network_.rules.gap) {
    co_await pause(network_.rules.gap - since);
  }
}

Task<void> Conversation::send(Frame frame) {
  if (auto may = may_send(); !may) {
    co_return may;
  }
  if (carrier_->has_ended()) {
    co_return fail(Errc::closed, "send: the device ended the connection");
  }
  notes().write(Event::sent, frame.meaning(), carrier_->on_wire(frame.bytes()));
  if (network_.ledger != nullptr && network_.ledger->failed()) {
    co_return fail(Errc::cancelled, "the ledger can't be written");
  }
  host_.touch();
  ++host_.requests;
  auto sent = co_await carrier_->send(frame.bytes());
  if (!sent) {
    notes().failure(Event::unanswered, sent.error());
  }
  co_return sent;
}

/// The first frame that the request accepts; what else comes is written down and dropped.
Task<std::string> Conversation::await_answer(Request request, Carrier::Time limit) {
  constexpr int kMostFrames = 64;
  const auto end = Host::Clock::now() + limit;
  for (int frames = 0; frames < kMostFrames; ++frames) {
    auto frame = co_await carrier_->receive(end - Host::Clock::now());
    if (!frame) {
      co_return frame;
    }
    host_.touch();
    host_.heard = now();
    ++host_.frames;
    const bool is_answer = request.accepts(*frame);
    notes().received(carrier_->on_wire(*frame), *frame, !is_answer);
    if (is_answer) {
      answered_ = std::move(request);
      co_return frame;
    }
  }
  co_return fail(Errc::malformed,
                 fmt::format("{} frames, none of which is the answer", kMostFrames));
}

/// How the request ended in an earlier run.
std::optional<Result<std::string>> Conversation::recall(const Request& request) {
  auto known = earlier_.answer(request);
  if (known) {
    if (auto may = may_send(); !may) {
      return fail(std::move(may).error());
    }
  }
  if (known && *known) {
    answered_ = request;
  }
  return known;
}

Task<std::string> Conversation::attempt(Request request, Carrier::Time limit) {
  if (auto recalled = recall(request)) {
    co_return std::move(*recalled);
  }
  if (!live_) {
    auto live = co_await go_live();
    if (!live) {
      auto left = earlier_.what_is_left(request, live.error());
      answered_ = left ? std::optional(std::move(request)) : std::move(answered_);
      co_return left;
    }
  }
  co_await keep_gap();
  auto sent = co_await send(request.frame());
  if (!sent) {
    co_return fail(std::move(sent).error());
  }
  auto answer = co_await await_answer(std::move(request), limit);
  if (!answer) {
    notes().failure(Event::unanswered, answer.error());
  }
  co_return answer;
}

Task<std::string> Conversation::attempts(Request request) {
  Request again = request;
  auto answer = co_await attempt(std::move(request), network_.rules.deadline);
  const bool silent = !answer && answer.error().code() == Errc::silent && !earlier_.knew_nothing();
  if (silent && !opens_session(again.frame())) {
    answer = co_await attempt(std::move(again), network_.rules.deadline);
  }
  co_return answer;
}

/// A part that gives no answer may be empty: the last thing that answered tells
/// whether the target itself is still there.
Task<std::string> Conversation::silence(Request request) {
  if (earlier_.knew_nothing()) {
    co_return fail(Errc::silent, "not in the recording");
  }
  if (request.subject() == Subject::part && answered_ && !opens_session(answered_->frame())) {
    Request known = *answered_;
    auto there = co_await attempts(std::move(known));
    if (there) {
      co_return fail(Errc::silent, "no answer, while the device answers others");
    }
    if (there.error().code() != Errc::silent) {
      co_return there;
    }
  }
  if (request.subject() == Subject::function) {
    co_return fail(Errc::silent, "no answer");
  }
  // On a serial line nobody may have answered yet, and nobody is to be spared.
  if (target_.is_serial() && !answered_) {
    co_return fail(Errc::silent, "no answer");
  }
  if (host_.count_silence(network_.rules.silences)) {
    host_.end(
        fmt::format("left alone after {} requests without an answer", network_.rules.silences));
    co_return fail(Errc::ended, host_.ended());
  }
  co_return fail(Errc::silent, "no answer");
}

/// The connection is of no use any more.
asio::awaitable<Error> Conversation::broken(Error error) {
  const bool had_answered = answered_.has_value();
  const bool over_stream = !is_datagram(wire_);
  if (error.code() != Errc::closed) {
    co_await close();
    co_return error;
  }
  const bool in_distress = had_answered && over_stream;
  std::string why = in_distress ? "it ended the connection after it had answered" : error.message();
  co_await hang_up(why, true);
  release();
  if (in_distress) {
    error = distress(std::move(why));
  }
  co_return error;
}

Task<std::string> Conversation::ask(Request request) {
  if (!carrier_) {
    co_return fail(Errc::closed, "there is no connection");
  }
  Request kept = request;
  auto answer = co_await attempts(std::move(request));
  if (!answer && answer.error().code() == Errc::silent) {
    answer = co_await silence(std::move(kept));
  }
  if (answer) {
    co_return answer;
  }
  const auto code = answer.error().code();
  if (code == Errc::closed || code == Errc::malformed || code == Errc::refused ||
      code == Errc::io) {
    Error error = answer.error();
    auto told = co_await broken(std::move(error));
    co_return fail(std::move(told));
  }
  co_return answer;
}

Task<void> Conversation::tell(Frame frame) {
  if (!carrier_) {
    co_return fail(Errc::closed, "there is no connection");
  }
  if (!live_) {
    earlier_.told(frame);
    co_return Result<void>{};
  }
  co_await keep_gap();
  auto sent = co_await send(std::move(frame));
  co_return sent;
}

asio::awaitable<void> Conversation::close() {
  if (carrier_) {
    std::string why(stopped_ ? kStopped : std::string_view());
    co_await hang_up(std::move(why));
  }
  release();
}

Error Conversation::distress(std::string why) {
  host_.end(why);
  return {Errc::ended, std::move(why)};
}

}  // namespace

std::unique_ptr<Dialogue> converse(Network& network, Host& host, Endpoint target) {
  return std::make_unique<Conversation>(network, host, std::move(target));
}

}  // namespace ot::protocols::link
