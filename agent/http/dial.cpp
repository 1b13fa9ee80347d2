#include "agent/http/dial.hpp"

#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>

#include "agent/http/client_errors.hpp"
#include "agent/http/tunnel.hpp"
#include "base/async.hpp"

namespace ot::agent::http {

using asio::ip::tcp;
using boost::beast::tcp_stream;
using boost::system::error_code;

/// The system's resolver can't be interrupted: it is left alone when the time is up, and
/// what it says later is dropped.
struct Dial::Lookup {
  explicit Lookup(const asio::any_io_executor& executor) : resolver(executor), done(executor) {}

  static void ask(const std::shared_ptr<Lookup>& lookup, const std::string& host);

  tcp::resolver resolver;
  asio::steady_timer done;
  error_code failed = boost::beast::error::timeout;
  Addresses addresses;
};

void Dial::Lookup::ask(const std::shared_ptr<Lookup>& lookup, const std::string& host) {
  using Results = tcp::resolver::results_type;
  lookup->resolver.async_resolve(host, std::string(),
                                 [lookup](const error_code& code, const Results& results) {
                                   lookup->failed = code;
                                   for (const auto& result : results) {
                                     lookup->addresses.push_back(result.endpoint().address());
                                   }
                                   lookup->done.cancel();
                                 });
}

Dial::Dial(const asio::any_io_executor& executor, Url url, std::optional<Proxy> proxy)
    : executor_(executor), url_(std::move(url)), proxy_(std::move(proxy)) {}

void Dial::stop() {
  is_stopped_ = true;
  if (lookup_) {
    lookup_->failed = asio::error::operation_aborted;
    lookup_->done.cancel();
  }
}

Task<Dial::Addresses> Dial::look_up(Url url, Clock::time_point limit) {
  error_code no_address;
  const auto address = asio::ip::make_address(url.host, no_address);
  if (!no_address) {
    Addresses one(1, address);
    co_return one;
  }
  lookup_ = std::make_shared<Lookup>(executor_);
  Lookup::ask(lookup_, url.host);
  lookup_->done.expires_at(limit);
  co_await lookup_->done.async_wait(no_throw);
  if (is_stopped_ || lookup_->failed) {
    co_return fail(lookup_error(lookup_->failed, url));
  }
  co_return lookup_->addresses;
}

/// Each address gets its share of the time that is left.
Task<void> Dial::reach(tcp_stream& stream, Url url, Clock::time_point limit) {
  auto addresses = co_await look_up(url, limit);
  if (!addresses) {
    co_return fail(std::move(addresses).error());
  }
  error_code failed = asio::error::host_not_found;
  asio::ip::address last;
  auto left = static_cast<int>(addresses->size());
  for (const auto& address : *addresses) {
    const auto begin = Clock::now();
    const tcp::endpoint endpoint(address, url.port);
    stream.expires_at(begin + (limit - begin) / left--);
    auto connected = co_await stream.async_connect(endpoint, no_throw);
    failed = is_stopped_ ? asio::error::operation_aborted : std::get<0>(connected);
    if (!failed) {
      stream.socket().set_option(tcp::no_delay(true), failed);
      co_return Result<void>();
    }
    stream.close();
    last = address;
    if (is_stopped_) {
      break;
    }
  }
  co_return fail(connect_error(failed, url, last));
}

Task<void> Dial::tunnel(tcp_stream& stream, Clock::time_point limit) {
  const auto request = tunnel_request(url_, *proxy_);
  if (!request) {
    co_return fail(request.error());
  }
  stream.expires_at(limit);
  auto written = co_await asio::async_write(stream, asio::buffer(*request), no_throw);
  if (const auto& failed = std::get<0>(written); failed) {
    co_return fail(step_error(failed, "write"));
  }
  constexpr std::size_t kChunk = 1024;
  std::array<char, kChunk> chunk;
  std::string received;
  ReplyReader reader(0, ReplyReader::To::connect);
  for (;;) {
    const auto lacks = reader.take(received);
    if (!lacks) {
      co_return fail(lacks.error());
    }
    if (*lacks == ReplyReader::Lacks::nothing) {
      co_return judge_tunnel(reader.reply(), received.empty(), url_, *proxy_);
    }
    auto read = co_await stream.async_read_some(asio::buffer(chunk), no_throw);
    if (const auto& failed = std::get<0>(read); failed) {
      co_return fail(step_error(failed, "read"));
    }
    received.append(chunk.data(), std::get<1>(read));
  }
}

Task<void> Dial::run(tcp_stream& stream, Clock::time_point limit) {
  if (!proxy_) {
    co_return co_await reach(stream, url_, limit);
  }
  auto done = co_await reach(stream, proxy_->url, limit);
  if (done) {
    done = co_await tunnel(stream, limit);
  }
  if (!done) {
    co_return fail(
        std::move(done).error().during(fmt::format("proxy {}", proxy_->url.authority())));
  }
  co_return Result<void>();
}

}  // namespace ot::agent::http
