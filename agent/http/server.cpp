#include "agent/http/server.hpp"

#include <exception>
#include <list>
#include <utility>

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "agent/http/connection.hpp"
#include "base/async.hpp"
#include "base/log.hpp"

namespace ot::agent::http {
namespace {

using asio::ip::tcp;
using boost::system::error_code;

/// So many are told at once that all places are taken; further ones are just closed.
constexpr std::size_t kMostTurnedAway = 16;

/// A coroutine's end. It keeps nothing: what it ran on is gone.
void log_exception(std::string_view what, const std::exception_ptr& error) {
  if (!error) {
    return;
  }
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& caught) {
    log::error(fmt::format("{}: {}", what, caught.what()));
  }
}

Service service_of(const ServerOptions& options, Credentials credentials, Site site,
                   bool checks_host) {
  FrontRules rules{.is_open = std::move(site.is_open),
                   .most_body = std::move(site.most_body),
                   .checks_host = checks_host,
                   .names = options.names};
  return {.front = Front(std::move(rules), std::move(credentials)),
          .handler = std::move(site.answer),
          .limits = options.limits,
          .counters = {},
          .stopping = false};
}

bool is_loopback(const std::string& address) {
  error_code failed;
  const auto parsed = asio::ip::make_address(address, failed);
  return !failed && parsed.is_loopback();
}

Error system_words(const error_code& code, const std::string& address, std::uint16_t port) {
  Error error(Errc::io, fmt::format("listen on {} port {}: {}", address, port, code.message()));
  if (code == asio::error::address_in_use) {
    return std::move(error).hint("another program has this port: ss -tlnp shows which");
  }
  if (code == asio::error::access_denied) {
    return std::move(error).hint("ports below 1024 take CAP_NET_BIND_SERVICE");
  }
  return error;
}

/// The kernel, too, gives up a client that takes nothing: it keeps what is sent after
/// the connection is closed here.
void set_options(tcp::socket& socket, const Limits& limits) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  const auto most = static_cast<unsigned>((limits.write + limits.goodbye).count());
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &most, sizeof most);
}

std::string name_of(const tcp::socket& socket) {
  error_code failed;
  const auto peer = socket.remote_endpoint(failed);
  return failed ? std::string("?") : peer.address().to_string();
}

}  // namespace

/// Lives as long as any of its coroutines.
struct Server::State : std::enable_shared_from_this<Server::State> {
  using Connections = std::list<Connection>;

  State(const asio::any_io_executor& executor, ServerOptions chosen, Credentials credentials,
        Site site)
      : options(std::move(chosen)),
        service(service_of(options, std::move(credentials), std::move(site),
                           !options.certificates && is_loopback(options.address))),
        acceptor(executor),
        all_ended(executor) {}

  Result<tcp::endpoint> endpoint() const;
  Result<void> load();
  Result<void> listen();
  void close();
  void admit(tcp::socket socket);
  bool make_room();
  void take(tcp::socket socket);
  void turn_away(tcp::socket socket);
  std::unique_ptr<Transport> transport(tcp::socket socket) const;
  void spawn(asio::awaitable<void> task, Connections& from, Connections::iterator place);
  void ended(Connections& from, Connections::iterator place);

  /// Coroutines. Each holds the state.
  static asio::awaitable<void> accept_all(std::shared_ptr<State> state);
  static asio::awaitable<std::size_t> stop(std::shared_ptr<State> state,
                                           std::chrono::milliseconds limit);

  ServerOptions options;
  Service service;
  TlsContext tls;
  tcp::acceptor acceptor;
  std::uint16_t port = 0;
  Connections connections;
  Connections turned_away;
  asio::steady_timer all_ended;
};

Result<tcp::endpoint> Server::State::endpoint() const {
  error_code failed;
  const auto address = asio::ip::make_address(options.address, failed);
  if (failed) {
    return fail(Error(Errc::wrong_use, fmt::format("\"{}\" is no IP address", options.address))
                    .hint("127.0.0.1 and ::1 are this machine alone, 0.0.0.0 is every network"));
  }
  if (!address.is_loopback() && !options.certificates) {
    return fail(
        Error(Errc::forbidden,
              fmt::format("{} can be reached from other machines, and there is no certificate: "
                          "the token would cross the network in the clear",
                          options.address))
            .hint("configure certificate and key, or a loopback address"));
  }
  return tcp::endpoint(address, options.port);
}

Result<void> Server::State::load() {
  auto loaded = load_certificates(*options.certificates, now());
  if (!loaded) {
    return fail(std::move(loaded).error());
  }
  for (const auto& warning : loaded->warnings) {
    log::warning(warning);
  }
  tls = std::move(loaded->context);
  return {};
}

Result<void> Server::State::listen() {
  const auto at = endpoint();
  if (!at) {
    return fail(at.error());
  }
  if (options.certificates) {
    if (auto loaded = load(); !loaded) {
      return loaded;
    }
  }
  error_code failed;
  acceptor.open(at->protocol(), failed);
  if (!failed) {
    acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
    acceptor.bind(*at, failed);
  }
  if (!failed) {
    acceptor.listen(tcp::acceptor::max_listen_connections, failed);
  }
  if (failed) {
    close();
    return fail(system_words(failed, options.address, options.port));
  }
  port = acceptor.local_endpoint(failed).port();
  return {};
}

void Server::State::close() {
  error_code ignored;
  acceptor.close(ignored);
}

/// Ends the connection that has kept us waiting longest, if that is long enough: a
/// client that sends its head byte by byte, or rests, can't keep others out.
bool Server::State::make_room() {
  Connection* slowest = nullptr;
  for (auto& connection : connections) {
    const auto since = connection.waiting_since();
    if (since && (slowest == nullptr || *since < *slowest->waiting_since())) {
      slowest = &connection;
    }
  }
  if (slowest == nullptr || Clock::now() - *slowest->waiting_since() < service.limits.patience) {
    return false;
  }
  slowest->abort();
  ++service.counters.made_room;
  return true;
}

std::unique_ptr<Transport> Server::State::transport(tcp::socket socket) const {
  return tls ? make_tls(std::move(socket), tls) : make_plain(std::move(socket));
}

void Server::State::ended(Connections& from, Connections::iterator place) {
  from.erase(place);
  service.counters.open = connections.size();
  if (connections.empty()) {
    all_ended.cancel();
  }
}

void Server::State::spawn(asio::awaitable<void> task, Connections& from,
                          Connections::iterator place) {
  auto done = [state = shared_from_this(), &from, place](const std::exception_ptr& error) {
    log_exception("connection", error);
    state->ended(from, place);
  };
  asio::co_spawn(acceptor.get_executor(), std::move(task), std::move(done));
}

void Server::State::admit(tcp::socket socket) {
  set_options(socket, service.limits);
  ++service.counters.accepted;
  if (connections.size() < service.limits.connections || make_room()) {
    take(std::move(socket));
  } else {
    turn_away(std::move(socket));
  }
}

void Server::State::take(tcp::socket socket) {
  auto peer = name_of(socket);
  connections.emplace_front(transport(std::move(socket)), std::move(peer), service);
  service.counters.open = connections.size();
  spawn(connections.front().run(), connections, connections.begin());
}

void Server::State::turn_away(tcp::socket socket) {
  ++service.counters.turned_away;
  if (tls || turned_away.size() == kMostTurnedAway) {
    return;
  }
  auto peer = name_of(socket);
  turned_away.emplace_front(transport(std::move(socket)), std::move(peer), service);
  spawn(turned_away.front().turn_away(), turned_away, turned_away.begin());
}

/// A failure is most often a lack of descriptors, and lasts: it is told once.
asio::awaitable<void> Server::State::accept_all(std::shared_ptr<State> state) {
  constexpr std::chrono::milliseconds kRest{100};
  bool told = false;
  while (state->acceptor.is_open()) {
    tcp::socket socket(state->acceptor.get_executor());
    auto accepted = co_await state->acceptor.async_accept(socket, no_throw);
    if (auto& [code] = accepted; code) {
      if (state->acceptor.is_open()) {
        if (!std::exchange(told, true)) {
          log::warning("no connection is taken: " + code.message());
        }
        co_await pause(kRest);
      }
      continue;
    }
    told = false;
    state->admit(std::move(socket));
  }
}

asio::awaitable<std::size_t> Server::State::stop(std::shared_ptr<State> state,
                                                 std::chrono::milliseconds limit) {
  state->service.stopping = true;
  state->close();
  for (auto& connection : state->connections) {
    connection.wind_up();
  }
  if (!state->connections.empty()) {
    state->all_ended.expires_after(limit);
    co_await state->all_ended.async_wait(no_throw);
  }
  for (auto& connection : state->connections) {
    connection.abort();
  }
  co_return state->connections.size();
}

Server::Server(const asio::any_io_executor& executor, ServerOptions options,
               Credentials credentials, Site site)
    : state_(std::make_shared<State>(executor, std::move(options), std::move(credentials),
                                     std::move(site))) {}

Server::~Server() {
  state_->service.stopping = true;
  state_->close();
  for (auto* all : {&state_->connections, &state_->turned_away}) {
    for (auto& connection : *all) {
      connection.abort();
    }
  }
}

Result<void> Server::start() {
  if (auto listening = state_->listen(); !listening) {
    return fail(std::move(listening).error().during("API"));
  }
  asio::co_spawn(state_->acceptor.get_executor(), State::accept_all(state_),
                 [](const std::exception_ptr& error) { log_exception("accept", error); });
  return {};
}

std::uint16_t Server::port() const {
  return state_->port;
}

asio::awaitable<std::size_t> Server::stop(std::chrono::milliseconds limit) {
  return State::stop(state_, limit);
}

Result<void> Server::reload() {
  if (!state_->options.certificates) {
    return {};
  }
  auto loaded = state_->load();
  return loaded ? loaded : fail(std::move(loaded).error().during("certificates stay as they were"));
}

void Server::accept(Credentials credentials) {
  state_->service.front.accept(std::move(credentials));
}

Counters Server::counters() const {
  auto counters = state_->service.counters;
  counters.wrong_tokens = state_->service.front.wrong_tokens();
  counters.waits = state_->service.front.waits();
  return counters;
}

}  // namespace ot::agent::http
