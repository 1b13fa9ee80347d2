#include "tests/agent/http/client.hpp"

#include <array>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/number.hpp"
#include "base/text.hpp"

namespace ot::tests {
namespace {

constexpr std::chrono::milliseconds kDeadline{20'000};

bool comes(int socket, short event, std::chrono::milliseconds time) {
  pollfd one{.fd = socket, .events = event, .revents = 0};
  return ::poll(&one, 1, static_cast<int>(time.count())) == 1;
}

void await(int socket, short event) {
  if (!comes(socket, event, kDeadline)) {
    throw std::runtime_error("the server did nothing in time");
  }
}

}  // namespace

std::string Reply::header(const std::string& name) const {
  const auto at = headers.find(name);
  return at == headers.end() ? std::string() : at->second;
}

Client::Client(std::uint16_t port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (receive_buffer > 0) {
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    throw std::runtime_error("the server takes no connection");
  }
}

Client::Client(Client&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}

Client::~Client() {
  if (socket_ >= 0) {
    ::close(socket_);
  }
}

bool Client::try_send(std::string_view bytes) const {
  while (!bytes.empty()) {
    await(socket_, POLLOUT);
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN) {
      return false;
    }
    bytes.remove_prefix(sent < 0 ? 0 : static_cast<std::size_t>(sent));
  }
  return true;
}

void Client::send(std::string_view bytes) const {
  if (!try_send(bytes)) {
    throw std::runtime_error("the server ended the connection");
  }
}

void Client::end_sending() const {
  ::shutdown(socket_, SHUT_WR);
}

/// Whether more came.
bool Client::receive() {
  std::array<char, 65536> chunk;
  await(socket_, POLLIN);
  const auto size = ::recv(socket_, chunk.data(), chunk.size(), 0);
  received_.append(chunk.data(), size < 0 ? 0 : static_cast<std::size_t>(size));
  return size > 0;
}

std::string Client::rest() {
  while (receive()) {
  }
  return std::exchange(received_, {});
}

bool Client::is_quiet(std::chrono::milliseconds time) const {
  return !comes(socket_, POLLIN, time);
}

bool Client::is_ended() {
  return received_.empty() && !receive();
}

Reply Client::reply(bool head_only) {
  auto end = received_.find("\r\n\r\n");
  while (end == std::string::npos) {
    if (!receive()) {
      throw std::runtime_error("the connection ended: \"" + received_ + "\"");
    }
    end = received_.find("\r\n\r\n");
  }
  Reply reply;
  std::string_view head = std::string_view(received_).substr(0, end + 2);
  reply.status = whole_number<int>(head.substr(9, 3)).value_or(0);
  for (head.remove_prefix(head.find("\r\n") + 2); !head.empty();) {
    const auto line = head.substr(0, head.find("\r\n"));
    const auto colon = line.find(':');
    reply.headers[to_lower_ascii(line.substr(0, colon))] = trim(line.substr(colon + 1));
    head.remove_prefix(line.size() + 2);
  }
  received_.erase(0, end + 4);
  const auto size = whole_number<std::size_t>(reply.header("content-length")).value_or(0);
  while (!head_only && received_.size() < size && receive()) {
  }
  reply.body = received_.substr(0, head_only ? 0 : size);
  received_.erase(0, reply.body.size());
  return reply;
}

std::string get(std::string_view path, std::string_view more_fields) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n", path, more_fields);
}

Reply ask(std::uint16_t port, std::string_view request) {
  Client client(port);
  client.send(request);
  return client.reply();
}

}  // namespace ot::tests
