#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace ot::tests {

/// `openssl s_server`, for one connection. What the client says comes in its output.
class OpensslServer {
 public:
  /// Its certificate is CERTIFICATE.crt with CERTIFICATE.key.
  explicit OpensslServer(const std::string& certificate,
                         const std::vector<std::string>& options = {});
  OpensslServer(const OpensslServer&) = delete;
  OpensslServer& operator=(const OpensslServer&) = delete;
  ~OpensslServer();

  std::uint16_t port() const { return port_; }

  /// Goes to the client.
  void say(const std::string& text) const;

  /// All that it printed, once the connection has ended.
  std::string output();

 private:
  bool receive();

  pid_t child_ = -1;
  int to_child_ = -1;
  int from_child_ = -1;
  std::uint16_t port_ = 0;
  std::string output_;
};

}  // namespace ot::tests
