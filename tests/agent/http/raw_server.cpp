#include "tests/agent/http/raw_server.hpp"

#include <array>
#include <stdexcept>
#include <utility>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/number.hpp"
#include "base/text.hpp"

namespace ot::tests {
namespace {

constexpr std::chrono::milliseconds kDeadline{20'000};
constexpr std::string_view kLength = "content-length: ";

/// The scene can't go on.
struct SceneEnded : std::runtime_error {
  using runtime_error::runtime_error;
};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int listen_anywhere(std::uint16_t& port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket, raw, size) != 0 || ::listen(socket, 16) != 0 ||
      ::getsockname(socket, raw, &size) != 0) {
    throw std::runtime_error("no server socket");
  }
  port = ntohs(address.sin_port);
  return socket;
}

bool comes(int socket, std::chrono::milliseconds time) {
  pollfd one{.fd = socket, .events = POLLIN, .revents = 0};
  return ::poll(&one, 1, static_cast<int>(time.count())) == 1;
}

/// Whether there was more to pass on.
bool pass_on(int from, int to) {
  std::array<char, 16384> chunk;
  const auto size = ::recv(from, chunk.data(), chunk.size(), 0);
  return size > 0 && ::send(to, chunk.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) == size;
}

}  // namespace

bool Peer::receive() {
  std::array<char, 65536> chunk;
  if (!comes(socket_, kDeadline)) {
    throw SceneEnded("the client did nothing in time");
  }
  const auto size = ::recv(socket_, chunk.data(), chunk.size(), 0);
  received_.append(chunk.data(), size < 0 ? 0 : static_cast<std::size_t>(size));
  return size > 0;
}

std::string Peer::request() {
  for (;;) {
    const auto end = received_.find("\r\n\r\n");
    const auto head = to_lower_ascii(received_.substr(0, end));
    const auto at = head.find(kLength);
    const auto value = at == head.npos ? "0" : head.substr(at + kLength.size());
    const auto body = whole_number<std::size_t>(value.substr(0, value.find('\r'))).value_or(0);
    if (end != received_.npos && received_.size() >= end + 4 + body) {
      auto request = received_.substr(0, end + 4 + body);
      received_.erase(0, request.size());
      requests_.push_back(request);
      return request;
    }
    if (!receive()) {
      throw SceneEnded("the client ended the connection");
    }
  }
}

void Peer::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      throw SceneEnded("the client is gone");
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Peer::rest(std::chrono::milliseconds time) const {
  comes(socket_, time);
}

void Peer::wait_for_end() {
  while (receive()) {
  }
}

void Peer::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void Peer::relay(std::uint16_t port) const {
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(port);
  ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  std::array<pollfd, 2> both{pollfd{.fd = socket_, .events = POLLIN, .revents = 0},
                             pollfd{.fd = server, .events = POLLIN, .revents = 0}};
  bool goes_on = true;
  while (goes_on && ::poll(both.data(), both.size(), static_cast<int>(kDeadline.count())) > 0) {
    goes_on = (both[0].revents == 0 || pass_on(socket_, server)) &&
              (both[1].revents == 0 || pass_on(server, socket_));
  }
  ::close(server);
}

RawServer::RawServer(std::vector<Scene> scenes) {
  socket_ = listen_anywhere(port_);
  thread_ = std::thread([this, scenes = std::move(scenes)] { play(scenes); });
}

RawServer::~RawServer() {
  ::shutdown(socket_, SHUT_RDWR);
  if (thread_.joinable()) {
    thread_.join();
  }
  ::close(socket_);
}

void RawServer::play(const std::vector<Scene>& scenes) {
  for (const auto& scene : scenes) {
    const int client = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) {
      return;
    }
    Peer peer(client);
    try {
      scene(peer);
    } catch (const SceneEnded&) {
    }
    for (auto& request : peer.take_requests()) {
      requests_.push_back(std::move(request));
    }
    ::close(client);
  }
}

std::vector<std::string> RawServer::requests() {
  if (thread_.joinable()) {
    thread_.join();
  }
  return requests_;
}

Scene answers(std::string text) {
  return [text = std::move(text)](Peer& peer) {
    peer.request();
    peer.send(text);
  };
}

std::uint16_t closed_port() {
  std::uint16_t port = 0;
  ::close(listen_anywhere(port));
  return port;
}

}  // namespace ot::tests
