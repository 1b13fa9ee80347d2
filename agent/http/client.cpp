#include "agent/http/client.hpp"

#include <utility>

#include "base/async.hpp"

namespace ot::agent::http {
namespace {

/// Whether a kept connection had ended by itself. RFC 9110, 15.5.9: a server that tires of
/// waiting may say so with a 408, which then answers nothing of ours.
bool had_ended(const Result<Reply>& reply, bool has_begun) {
  constexpr unsigned kRequestTimeout = 408;
  return reply ? reply->status == kRequestTimeout
               : reply.error().code() == Errc::closed && !has_begun;
}

}  // namespace

Client::Client(const asio::any_io_executor& executor, ClientEndpoint endpoint, ClientLimits limits)
    : executor_(executor), endpoint_(std::move(endpoint)), limits_(limits) {}

Client::~Client() = default;

Error Client::named(Error error) const {
  return std::move(error).during(endpoint_.url.authority());
}

void Client::drop() {
  is_fit_ = false;
  if (transport_) {
    transport_->abort();
    transport_.reset();
  }
}

Task<void> Client::open() {
  drop();
  if (is_aborted_) {
    co_return fail(named(Error(Errc::cancelled, "stopped")));
  }
  OpeningTimes times;
  times.connect = limits_.connect;
  times.handshake = limits_.handshake;
  transport_ = make_client(executor_, endpoint_, times);
  co_return co_await transport_->open(Clock::now() + limits_.connect + limits_.handshake);
}

Task<void> Client::send(const std::string& text) {
  const std::chrono::seconds by_size(text.size() / limits_.slowest_write);
  co_return co_await transport_->write(text, Clock::now() + limits_.write + by_size);
}

/// What it means that nothing more comes.
Result<void> Client::received_end(ReplyReader& reader, const std::string& rest, Error error) const {
  if (error.code() == Errc::silent && reader.has_head()) {
    return fail(named(Error(Errc::silent, "the reply did not come whole in time")));
  }
  if (error.code() != Errc::closed) {
    return fail(std::move(error));
  }
  if (!transport_->ended_in_order()) {
    return fail(named(reader.cut_short(rest)));
  }
  auto ended = reader.end(rest);
  if (!ended) {
    return fail(named(std::move(ended).error()));
  }
  return {};
}

Task<void> Client::receive(ReplyReader& reader, bool& has_begun) {
  std::string received;
  auto limit = Clock::now() + limits_.reply;
  for (bool has_head = false;;) {
    auto came = co_await transport_->read(received, limit);
    if (!came) {
      co_return received_end(reader, received, std::move(came).error());
    }
    has_begun = true;
    const auto lacks = reader.take(received);
    if (!lacks) {
      co_return fail(named(lacks.error()));
    }
    if (*lacks == ReplyReader::Lacks::nothing) {
      is_fit_ = reader.keeps_alive() && received.empty();
      co_return Result<void>();
    }
    if (*lacks == ReplyReader::Lacks::body && !std::exchange(has_head, true)) {
      limit = Clock::now() + limits_.body;
    }
  }
}

/// Once, on the kept connection or on a new one.
Task<Reply> Client::attempt(const std::string& text, bool& has_begun) {
  if (!std::exchange(is_fit_, false)) {
    auto opened = co_await open();
    if (!opened) {
      co_return fail(std::move(opened).error());
    }
  }
  auto sent = co_await send(text);
  if (!sent && sent.error().code() != Errc::closed) {
    co_return fail(std::move(sent).error());
  }
  // A server that refuses a body may answer, and end the connection, before it took all.
  ReplyReader reader(limits_.most_reply);
  auto received = co_await receive(reader, has_begun);
  if (!received) {
    co_return fail(std::move(received).error());
  }
  is_fit_ = is_fit_ && sent;
  co_return reader.take_reply();
}

Task<Reply> Client::exchange(OutgoingRequest request) {
  const auto text = request_text(std::move(request), endpoint_.url);
  if (!text) {
    co_return fail(named(text.error()));
  }
  is_aborted_ = false;
  const bool was_kept = is_fit_;
  bool has_begun = false;
  auto reply = co_await attempt(*text, has_begun);
  if (was_kept && had_ended(reply, has_begun)) {
    drop();
    reply = co_await attempt(*text, has_begun);
  }
  if (!is_fit_) {
    drop();
  }
  co_return reply;
}

asio::awaitable<void> Client::close() {
  if (std::exchange(is_fit_, false)) {
    co_await transport_->close(Clock::now() + limits_.goodbye);
  }
  drop();
}

void Client::abort() {
  is_aborted_ = true;
  is_fit_ = false;
  if (transport_) {
    transport_->abort();
  }
}

}  // namespace ot::agent::http
