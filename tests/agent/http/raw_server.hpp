#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace ot::tests {

/// One connection, on the server's side. Everything has a deadline; when it passes, or
/// the client is gone, the scene ends.
class Peer {
 public:
  explicit Peer(int socket) : socket_(socket) {}

  /// The next request, whole.
  std::string request();
  void send(std::string_view bytes) const;

  /// Lets so much time pass, or less if the client says or ends something.
  void rest(std::chrono::milliseconds time) const;
  void wait_for_end();
  void reset();  ///< ends the connection, and what was sent may be lost

  /// Passes on all that is said, both ways, to a server of this machine.
  void relay(std::uint16_t port) const;

  /// All that were requested.
  std::vector<std::string> take_requests() { return std::move(requests_); }

 private:
  bool receive();

  int socket_;
  std::string received_;
  std::vector<std::string> requests_;
};

using Scene = std::function<void(Peer&)>;

/// A server that plays a scene with each connection, then the next.
class RawServer {
 public:
  explicit RawServer(std::vector<Scene> scenes);
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  ~RawServer();

  std::uint16_t port() const { return port_; }

  /// Waits until all is played, and tells what was requested.
  std::vector<std::string> requests();

 private:
  void play(const std::vector<Scene>& scenes);

  int socket_ = -1;
  std::uint16_t port_ = 0;
  std::vector<std::string> requests_;
  std::thread thread_;
};

/// Answers the next request with the text.
Scene answers(std::string text);

/// A port of this machine where nobody listens.
std::uint16_t closed_port();

}  // namespace ot::tests
