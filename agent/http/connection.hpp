#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "agent/http/counters.hpp"
#include "agent/http/front.hpp"
#include "agent/http/limits.hpp"
#include "agent/http/message.hpp"
#include "agent/http/transport.hpp"

namespace ot::agent::http {

using Handler = std::function<asio::awaitable<Response>(Request)>;

/// What the connections of one server share.
struct Service {
  Front front;
  Handler handler;
  Limits limits;
  Counters counters;
  std::uint64_t bodies = 0;  ///< bytes that may come of bodies which are being taken
  bool stopping = false;
};

/// One client's requests, one after the other.
class Connection {
 public:
  /// The service outlives the connection.
  Connection(std::unique_ptr<Transport> transport, std::string peer, Service& service)
      : transport_(std::move(transport)), peer_(std::move(peer)), service_(service) {}

  asio::awaitable<void> run();

  /// Says that all places are taken, in the place of run().
  asio::awaitable<void> turn_away();

  /// Since when the client keeps us waiting, if it does.
  std::optional<Clock::time_point> waiting_since() const {
    return waiting_since_ ? waiting_since_ : writing_since_;
  }

  /// Ends a wait for the client; what is being answered is answered.
  void wind_up();
  void abort();

 private:
  /// The request for the handler, or our own answer to it.
  using Decision = std::variant<Request, Response>;

  asio::awaitable<bool> open();
  asio::awaitable<bool> read(std::chrono::milliseconds time, Clock::time_point since);
  asio::awaitable<bool> wait_for_request();
  asio::awaitable<bool> read_upto(RequestReader& reader, RequestReader::Lacks wanted);
  asio::awaitable<bool> refuse(Response refusal);
  asio::awaitable<bool> continue_body(const RequestReader& reader);
  asio::awaitable<bool> read_body(RequestReader& reader, std::uint64_t most);
  asio::awaitable<bool> exchange_body(RequestReader& reader, Decision& decision);
  asio::awaitable<Response> answered(RequestReader& reader, Decision decision);
  asio::awaitable<Response> handled(Request request);
  asio::awaitable<bool> compress(std::string& body);
  asio::awaitable<bool> exchange();
  asio::awaitable<bool> send(std::string bytes);
  asio::awaitable<bool> reply(RequestReader& reader, Decision decision);
  asio::awaitable<bool> deliver(Response response, Delivery delivery);

  std::unique_ptr<Transport> transport_;
  std::string peer_;
  Service& service_;
  std::string received_;
  std::uint32_t requests_ = 0;
  std::chrono::milliseconds body_time_{0};          ///< for the body that is being read
  std::uint64_t share_ = 0;                         ///< of service_.bodies
  std::optional<Clock::time_point> waiting_since_;  ///< for what it says
  std::optional<Clock::time_point> writing_since_;  ///< an answer, which it has to read
};

}  // namespace ot::agent::http
