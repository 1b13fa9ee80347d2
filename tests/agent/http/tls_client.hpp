#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace ot::tests {

/// OpenSSL's own client, which takes any certificate.
class TlsClient {
 public:
  static constexpr int kTls11 = 0x0302;
  static constexpr int kTls12 = 0x0303;
  static constexpr int kTls13 = 0x0304;

  explicit TlsClient(std::uint16_t port, int version = kTls13);
  ~TlsClient();

  bool is_open() const;
  std::string subject() const;  ///< the name of the server's certificate

  /// The first part of what is answered; empty when the connection ended.
  std::string ask(std::string_view request);

  /// Whether the server ends the connection as TLS has it. Answers in the same way.
  bool ended_cleanly();

 private:
  struct State;

  std::unique_ptr<State> state_;
};

}  // namespace ot::tests
