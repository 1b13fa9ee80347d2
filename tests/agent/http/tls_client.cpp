#include "tests/agent/http/tls_client.hpp"

#include <array>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace ot::tests {

struct TlsClient::State {
  SSL_CTX* context = ::SSL_CTX_new(::TLS_client_method());
  SSL* ssl = nullptr;
  int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool open = false;
};

TlsClient::TlsClient(std::uint16_t port, int version) : state_(std::make_unique<State>()) {
  constexpr timeval kDeadline{.tv_sec = 20, .tv_usec = 0};
  ::setsockopt(state_->socket, SOL_SOCKET, SO_RCVTIMEO, &kDeadline, sizeof kDeadline);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::SSL_CTX_set_security_level(state_->context, 0);  // else TLS 1.1 would end on our side
  ::SSL_CTX_set_min_proto_version(state_->context, version);
  ::SSL_CTX_set_max_proto_version(state_->context, version);
  state_->ssl = ::SSL_new(state_->context);
  ::SSL_set_fd(state_->ssl, state_->socket);
  const auto* raw = reinterpret_cast<const sockaddr*>(&address);
  state_->open =
      ::connect(state_->socket, raw, sizeof address) == 0 && ::SSL_connect(state_->ssl) == 1;
}

TlsClient::~TlsClient() {
  ::SSL_free(state_->ssl);
  ::SSL_CTX_free(state_->context);
  ::close(state_->socket);
}

bool TlsClient::is_open() const {
  return state_->open;
}

std::string TlsClient::subject() const {
  std::array<char, 64> name{};
  const auto* certificate = ::SSL_get0_peer_certificate(state_->ssl);
  if (certificate == nullptr) {
    return {};
  }
  ::X509_NAME_get_text_by_NID(::X509_get_subject_name(certificate), NID_commonName, name.data(),
                              static_cast<int>(name.size()));
  return name.data();
}

std::string TlsClient::ask(std::string_view request) {
  std::array<char, 4096> answer;
  ::SSL_write(state_->ssl, request.data(), static_cast<int>(request.size()));
  const int size = ::SSL_read(state_->ssl, answer.data(), static_cast<int>(answer.size()));
  return {answer.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

bool TlsClient::ended_cleanly() {
  char byte = 0;
  const int size = ::SSL_read(state_->ssl, &byte, 1);
  const bool clean = ::SSL_get_error(state_->ssl, size) == SSL_ERROR_ZERO_RETURN;
  ::SSL_shutdown(state_->ssl);
  ::shutdown(state_->socket, SHUT_WR);
  return clean;
}

}  // namespace ot::tests
