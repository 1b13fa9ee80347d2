#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace ot::tests {

struct Reply {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;

  std::string header(const std::string& name) const;
};

/// A client that says exactly what a test wants, byte by byte. Everything has a
/// deadline; when it passes, std::runtime_error is thrown.
class Client {
 public:
  /// `receive_buffer`: what the kernel keeps for us of what we do not read; 0: its own choice.
  explicit Client(std::uint16_t port, int receive_buffer = 0);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  Client(Client&& other) noexcept;
  ~Client();

  void send(std::string_view bytes) const;
  /// False when the server has ended the connection.
  bool try_send(std::string_view bytes) const;
  void end_sending() const;

  /// The next answer; `head_only` for that of a HEAD request.
  Reply reply(bool head_only = false);

  /// All that comes up to the end of the connection.
  std::string rest();

  /// Whether nothing comes for so long, neither bytes nor the connection's end.
  bool is_quiet(std::chrono::milliseconds time) const;

  /// Whether the server ends the connection without another byte.
  bool is_ended();

 private:
  bool receive();

  int socket_ = -1;
  std::string received_;
};

/// "GET /path HTTP/1.1" with a host, and a token when there is one.
std::string get(std::string_view path, std::string_view more_fields = {});

/// One request on a connection of its own.
Reply ask(std::uint16_t port, std::string_view request);

}  // namespace ot::tests
