#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "agent/http/certificates.hpp"
#include "agent/http/counters.hpp"
#include "agent/http/gate.hpp"
#include "agent/http/limits.hpp"
#include "agent/http/request.hpp"
#include "agent/http/response.hpp"
#include "base/async_task.hpp"

namespace ot::agent::http {

struct ServerOptions {
  std::string address = "127.0.0.1";  ///< another than a loopback address needs certificates
  std::uint16_t port = 8640;          ///< 0: any free one
  std::optional<CertificateFiles> certificates;  ///< TLS, when there are some
  std::vector<std::string> names;  ///< by which it may be asked for without TLS, beside its address
  Limits limits;
};

/// What is served.
struct Site {
  /// Bounds its own time. It is called on the server's thread, and must outlive every answer
  /// that it began.
  std::function<asio::awaitable<Response>(Request)> answer;
  /// Whether a path needs no token.
  std::function<bool(std::string_view path)> is_open;
  /// How long the body of a POST to a path may be; 0, or none: nothing is posted there.
  std::function<std::uint64_t(std::string_view path)> most_body = nullptr;
};

/// HTTP/1.1 for one address and port, with TLS or without. It runs on the executor's one
/// thread, from which alone it may be called.
class Server {
 public:
  Server(const asio::any_io_executor& executor, ServerOptions options, Credentials credentials,
         Site site);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// Without stop(), it cuts every connection.
  ~Server();

  /// Reads the certificates and listens.
  Result<void> start();

  std::uint16_t port() const;

  /// Takes no more connections, ends those that keep us waiting, and waits so long for those
  /// that are being answered; then cuts them. How many were cut: their handlers may still run.
  asio::awaitable<std::size_t> stop(std::chrono::milliseconds limit);

  /// Reads the certificates again. New connections get the new ones; when they are
  /// unsound, everything stays as it was.
  Result<void> reload();

  /// From now on, on connections that are open, too.
  void accept(Credentials credentials);

  Counters counters() const;

 private:
  struct State;

  std::shared_ptr<State> state_;
};

}  // namespace ot::agent::http
