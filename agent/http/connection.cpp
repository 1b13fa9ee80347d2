#include "agent/http/connection.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>

#include "agent/http/accept_encoding.hpp"
#include "agent/http/gzip.hpp"
#include "agent/http/message.hpp"
#include "base/async.hpp"
#include "base/log.hpp"

namespace ot::agent::http {
namespace {

constexpr std::size_t kWorthCompressing = 1024;

/// Where nothing of ours is on its way.
constexpr std::chrono::milliseconds kShortGoodbye{100};

Response no_room() {
  auto response = refusal(Status::unavailable, "BUSY", "too much is being taken at once");
  response.retry_after = std::chrono::seconds(1);
  return response;
}

bool worth_compressing(const Response& response, const RequestHead& head) {
  return response.body.size() >= kWorthCompressing && accepts_gzip(head.accept_encoding);
}

}  // namespace

void Connection::wind_up() {
  if (waiting_since_) {
    transport_->cancel();
  }
}

void Connection::abort() {
  waiting_since_.reset();
  writing_since_.reset();
  transport_->abort();
}

asio::awaitable<bool> Connection::open() {
  waiting_since_ = Clock::now();
  auto opened = co_await transport_->open(*waiting_since_ + service_.limits.handshake);
  waiting_since_.reset();
  if (!opened) {
    ++service_.counters.handshakes_failed;
    log::debug(fmt::format("{}: {}", peer_, opened.error().text()));
  }
  co_return opened.has_value();
}

asio::awaitable<bool> Connection::read(std::chrono::milliseconds time, Clock::time_point since) {
  waiting_since_ = since;
  const auto before = received_.size();
  auto came = co_await transport_->read(received_, since + time);
  waiting_since_.reset();
  service_.counters.bytes_in += received_.size() - before;
  if (!came && came.error().code() == Errc::silent) {
    ++service_.counters.timed_out;
  }
  co_return came.has_value();
}

/// A fresh connection speaks first; one that was answered may rest.
asio::awaitable<bool> Connection::wait_for_request() {
  if (!received_.empty()) {
    co_return true;
  }
  const auto time = requests_ == 0 ? service_.limits.head : service_.limits.idle;
  co_return co_await read(time, Clock::now());
}

asio::awaitable<bool> Connection::refuse(Response refusal) {
  const Delivery delivery;
  co_await deliver(std::move(refusal), delivery);
  co_return false;
}

asio::awaitable<bool> Connection::continue_body(const RequestReader& reader) {
  if (!reader.wants_continue() || !received_.empty()) {
    co_return true;
  }
  std::string text = "HTTP/1.1 100 Continue\r\n\r\n";
  co_return co_await send(std::move(text));
}

/// Whether the head, or the whole request, is there. A refusal is sent already.
asio::awaitable<bool> Connection::read_upto(RequestReader& reader, RequestReader::Lacks wanted) {
  const auto begin = Clock::now();
  const bool is_head = wanted == RequestReader::Lacks::body;
  for (;;) {
    const auto lacks = is_head ? reader.take_head(received_) : reader.take(received_);
    if (lacks == RequestReader::Lacks::reason) {
      co_return co_await refuse(reader.refusal());
    }
    if (lacks == RequestReader::Lacks::nothing || lacks == wanted) {
      co_return true;
    }
    const auto time = is_head ? service_.limits.head : body_time_;
    if (!co_await read(time, begin)) {
      co_return false;
    }
  }
}

asio::awaitable<bool> Connection::read_body(RequestReader& reader, std::uint64_t most) {
  const auto lacks = reader.limit_body(most);
  if (lacks == RequestReader::Lacks::reason) {
    co_return co_await refuse(reader.refusal());
  }
  if (lacks == RequestReader::Lacks::nothing) {
    co_return true;
  }
  if (!co_await continue_body(reader)) {
    co_return false;
  }
  co_return co_await read_upto(reader, RequestReader::Lacks::nothing);
}

asio::awaitable<Response> Connection::handled(Request request) {
  try {
    co_return co_await service_.handler(std::move(request));
  } catch (const std::exception& error) {
    log::error(fmt::format("an answer failed: {}", error.what()));
  }
  co_return refusal(Status::internal_error, "INTERNAL_ERROR", "the answer failed; see the log");
}

asio::awaitable<Response> Connection::answered(RequestReader& reader, Decision decision) {
  if (auto* ours = std::get_if<Response>(&decision)) {
    co_return std::move(*ours);
  }
  auto request = std::get<Request>(std::move(decision));
  if (request.is_post) {
    request.body = reader.take_body();
  }
  auto task = handled(std::move(request));
  co_return co_await std::move(task);
}

/// In slices, between which others get their turn. Leaves the body when it fails.
asio::awaitable<bool> Connection::compress(std::string& body) {
  constexpr std::size_t kSlice = 128 * 1024;
  Gzip gzip;
  for (std::string_view rest = body; !rest.empty();) {
    const auto slice = rest.substr(0, kSlice);
    gzip.add(slice);
    rest.remove_prefix(slice.size());
    if (!rest.empty()) {
      co_await asio::post(asio::use_awaitable);
    }
  }
  auto compressed = gzip.finish();
  if (compressed.empty()) {
    co_return false;
  }
  body = std::move(compressed);
  co_return true;
}

asio::awaitable<bool> Connection::send(std::string bytes) {
  const auto begin = Clock::now();
  const std::chrono::seconds by_size(bytes.size() / service_.limits.slowest_write);
  writing_since_ = begin;
  auto sent = co_await transport_->write(bytes, begin + service_.limits.write + by_size);
  writing_since_.reset();
  if (sent) {
    service_.counters.bytes_out += bytes.size();
  } else if (sent.error().code() == Errc::silent) {
    ++service_.counters.timed_out;
  }
  co_return sent.has_value();
}

asio::awaitable<bool> Connection::deliver(Response response, Delivery delivery) {
  const auto digit = static_cast<unsigned>(response.status) / 100;
  ++service_.counters.answers.at(digit);
  delivery.now = now();
  auto text = message_text(response, delivery);
  co_return co_await send(std::move(text));
}

asio::awaitable<bool> Connection::reply(RequestReader& reader, Decision decision) {
  const auto& head = reader.head();
  auto response = co_await answered(reader, std::move(decision));
  Delivery delivery;
  delivery.http_1_0 = head.http_1_0;
  delivery.head_only = head.method == "HEAD";
  if (worth_compressing(response, head)) {
    delivery.gzipped = co_await compress(response.body);
  }
  delivery.keeps_alive =
      head.keeps_alive && !service_.stopping && requests_ < service_.limits.requests;
  const bool sent = co_await deliver(std::move(response), delivery);
  co_return sent&& delivery.keeps_alive;
}

/// The body of a request that is answered is taken as far as there is room for all of them; of
/// one that is refused, what is short, for the connection to go on.
asio::awaitable<bool> Connection::exchange_body(RequestReader& reader, Decision& decision) {
  const auto length = reader.head().content_length;
  auto* request = std::get_if<Request>(&decision);
  if (request == nullptr || !request->is_post) {
    body_time_ = service_.limits.body;
    const bool leaves_it = request == nullptr && (reader.wants_continue() || !length ||
                                                  *length > RequestReader::kBodyLimit);
    if (leaves_it) {
      co_return co_await refuse(std::get<Response>(decision));
    }
    co_return co_await read_body(reader, RequestReader::kBodyLimit);
  }
  const auto most = service_.front.most_body(*request);
  share_ = length.value_or(most);
  service_.bodies += share_;
  if (service_.bodies > service_.limits.bodies) {
    co_return co_await refuse(no_room());
  }
  body_time_ = service_.limits.long_body;
  co_return co_await read_body(reader, most);
}

/// One request and its answer; whether a further one may come.
asio::awaitable<bool> Connection::exchange() {
  RequestReader reader;
  if (!co_await read_upto(reader, RequestReader::Lacks::body)) {
    co_return false;
  }
  ++requests_;
  const Moment moment{Clock::now(), now()};
  auto decision = service_.front.decide(reader.head(), peer_, moment);
  if (!co_await exchange_body(reader, decision)) {
    co_return false;
  }
  co_return co_await reply(reader, std::move(decision));
}

asio::awaitable<void> Connection::run() {
  bool goes_on = co_await open();
  auto goodbye = service_.limits.goodbye;
  while (goes_on && !service_.stopping) {
    goes_on = co_await wait_for_request();
    if (goes_on) {
      goes_on = co_await exchange();
      service_.bodies -= std::exchange(share_, 0);
    } else {
      goodbye = std::min(goodbye, kShortGoodbye);
    }
  }
  co_await transport_->close(Clock::now() + goodbye);
}

asio::awaitable<void> Connection::turn_away() {
  auto response = refusal(Status::unavailable, "BUSY", "all connections are taken");
  response.retry_after = std::chrono::seconds(1);
  const Delivery delivery;
  const bool sent = co_await deliver(std::move(response), delivery);
  if (sent) {
    co_await transport_->close(Clock::now() + service_.limits.goodbye);
  }
}

}  // namespace ot::agent::http
