#include "agent/http/client_transport.hpp"

#include <algorithm>

#include <boost/asio/ssl/verify_context.hpp>

#include "agent/http/client_errors.hpp"
#include "agent/http/dial.hpp"
#include "agent/http/peer_check.hpp"
#include "agent/http/stream_transport.hpp"
#include "agent/http/tls_context.hpp"

namespace ot::agent::http {
namespace {

using boost::system::error_code;

/// What clients have in common, with TLS and without: they make their connection, and say
/// with whom something went wrong.
template <class Base>
class ClientTransport : public Base {
 public:
  void abort() override {
    is_aborted_ = true;
    dial_.stop();
    Base::abort();
  }

 protected:
  template <class... Arguments>
  ClientTransport(const asio::any_io_executor& executor, const ClientEndpoint& endpoint,
                  OpeningTimes times, Arguments&&... arguments)
      : Base(executor, std::forward<Arguments>(arguments)...),
        dial_(executor, endpoint.url, endpoint.proxy),
        times_(times),
        name_(endpoint.url.authority()) {}

  Task<void> connect(Clock::time_point limit) {
    const auto own_limit = std::min(limit, Clock::now() + times_.connect);
    auto connected = co_await dial_.run(lowest(this->stream_), own_limit);
    if (!connected) {
      co_return fail(named(std::move(connected).error()));
    }
    co_return Result<void>();
  }

  Clock::time_point handshake_limit(Clock::time_point limit) const {
    return std::min(limit, Clock::now() + times_.handshake);
  }

  Error named(Error error) const {
    if (is_aborted_) {
      error = Error(Errc::cancelled, "stopped");
    }
    return std::move(error).during(name_);
  }

  bool is_aborted() const { return is_aborted_; }

 private:
  Dial dial_;
  OpeningTimes times_;
  std::string name_;
  bool is_aborted_ = false;
};

class PlainClient final : public ClientTransport<PlainTransport> {
 public:
  PlainClient(const asio::any_io_executor& executor, const ClientEndpoint& endpoint,
              OpeningTimes times)
      : ClientTransport(executor, endpoint, times) {}

  Task<void> open(Clock::time_point limit) override { return connect(limit); }

 private:
  Error error_of(const error_code& code, std::string_view step) override {
    return named(step_error(code, step));
  }
};

class TlsClient final : public ClientTransport<TlsTransport> {
 public:
  TlsClient(const asio::any_io_executor& executor, const ClientEndpoint& endpoint,
            OpeningTimes times)
      : ClientTransport(executor, endpoint, times, endpoint.tls),
        check_(endpoint.url, endpoint.pins, now()) {}

  Task<void> open(Clock::time_point limit) override {
    if (auto prepared = prepare(); !prepared) {
      co_return fail(named(std::move(prepared).error()));
    }
    auto connected = co_await connect(limit);
    if (!connected) {
      co_return fail(std::move(connected).error());
    }
    lowest(stream_).expires_at(handshake_limit(limit));
    auto shaken = co_await stream_.async_handshake(TlsStream::client, no_throw);
    co_return judge(std::get<0>(shaken));
  }

 private:
  Result<void> prepare() {
    error_code failed;
    stream_.set_verify_mode(asio::ssl::verify_peer, failed);
    if (!failed) {
      stream_.set_verify_callback(
          [this](bool is_verified, asio::ssl::verify_context& at) {
            return check_.accepts(is_verified, at.native_handle());
          },
          failed);
    }
    return failed ? fail(step_error(failed, "TLS")) : check_.prepare(stream_.native_handle());
  }

  Result<void> judge(const error_code& failed) {
    if (check_.objection() && !is_aborted()) {
      return fail(named(*check_.objection()));
    }
    if (failed || is_aborted()) {
      return fail(error_of(failed, "TLS handshake"));
    }
    if (!check_.has_accepted()) {
      return fail(named(Error(Errc::forbidden, "it showed no certificate")));
    }
    is_open_ = true;
    return {};
  }

  Error error_of(const error_code& code, std::string_view step) override {
    return named(tls_error(code, step, stream_.native_handle()));
  }

  PeerCheck check_;
};

}  // namespace

std::unique_ptr<Transport> make_client(const asio::any_io_executor& executor,
                                       ClientEndpoint endpoint, OpeningTimes times) {
  if (!endpoint.url.is_tls()) {
    return std::make_unique<PlainClient>(executor, endpoint, times);
  }
  if (!endpoint.tls) {
    endpoint.tls = make_context(Side::client);
  }
  return std::make_unique<TlsClient>(executor, endpoint, times);
}

}  // namespace ot::agent::http
