#pragma once

#include <memory>
#include <string>

#include "agent/config/config.hpp"
#include "agent/http/client.hpp"
#include "agent/uplink/outlet.hpp"

namespace ot::agent {

/// A server that takes records, and how we are known there: by a bearer token from a file, by a
/// login that gives one, or by our certificate alone.
class WebSink {
 public:
  static Result<std::unique_ptr<WebSink>> open(const asio::any_io_executor& executor,
                                               const SinkConfig& config);
  WebSink(const asio::any_io_executor& executor, const SinkConfig& config,
          http::ClientEndpoint endpoint);

  /// Posts JSON. Where the token is refused a new one is got, once.
  Task<http::Reply> post(std::string target, std::string body, bool gzipped);

  /// The head of such a request, for people: the token masked.
  std::string preview_of(const std::string& target, std::size_t length, bool gzipped) const;

  asio::awaitable<void> close() { return client_.close(); }
  void abort() { client_.abort(); }
  const http::Url& url() const { return client_.url(); }

 private:
  Task<void> have_token();
  Task<void> log_in();
  Task<http::Reply> attempt(std::string target, std::string body, bool gzipped);

  SinkConfig config_;
  http::Client client_;
  std::string token_;
  std::optional<Time> renew_at_;
};

/// What an answer means that is none of the sink's own: a limit, an error on the way, a refusal.
/// `host` is named in the reason.
Outcome outcome_of(const http::Reply& reply, const http::Url& url);

/// The same for a request that came to no answer.
Outcome outcome_of(const Error& error);

/// When a token's time is 7/8 over; three and a half hours where it doesn't say its own.
Time renewal_of(std::string_view token, Time now);

/// The token in an answer to a login: the text itself, or "access_token" or "token" of an object.
std::string token_in(std::string_view body);

}  // namespace ot::agent
