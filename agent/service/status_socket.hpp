#pragma once

#include <functional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "base/async.hpp"

namespace ot::agent {

/// Where a service that runs with this store tells its status: a socket beside
/// the store, for the store's owner (and root) alone. Who connects says what he
/// wants, in a line of a few words, and gets JSON; without a word it is the status.
std::string status_socket_of(const std::string& store_path);

class StatusSocket {
 public:
  using Tell = std::function<asio::awaitable<std::string>(std::string request)>;

  StatusSocket(const asio::any_io_executor& executor, std::string path, Tell tell);
  StatusSocket(const StatusSocket&) = delete;
  StatusSocket& operator=(const StatusSocket&) = delete;
  ~StatusSocket();

  /// The store must be locked: a socket that is there already is nobody's.
  Result<void> start();
  void stop();

 private:
  asio::awaitable<void> serve();

  asio::local::stream_protocol::acceptor acceptor_;
  std::string path_;
  Tell tell_;
};

/// Asks the service that runs with this store. Errors: not_found where none does.
Result<std::string> ask_service(const std::string& store_path, const std::string& request = {});

}  // namespace ot::agent
