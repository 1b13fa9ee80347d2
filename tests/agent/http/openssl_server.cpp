#include "tests/agent/http/openssl_server.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/number.hpp"
#include "tests/execute.hpp"

namespace ot::tests {
namespace {

constexpr int kDeadline = 20'000;

}  // namespace

OpensslServer::OpensslServer(const std::string& certificate,
                             const std::vector<std::string>& options) {
  std::vector<std::string> command{"/usr/bin/openssl",
                                   "s_server",
                                   "-accept",
                                   "127.0.0.1:0",
                                   "-naccept",
                                   "1",
                                   "-cert",
                                   certificate + ".crt",
                                   "-key",
                                   certificate + ".key"};
  command.insert(command.end(), options.begin(), options.end());
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipe");
  }
  child_ = ::fork();
  if (child_ == 0) {
    ::dup2(in[0], STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(out[1], STDERR_FILENO);
    execute(command);
  }
  ::close(in[0]);
  ::close(out[1]);
  to_child_ = in[1];
  from_child_ = out[0];
  const std::string announced = "ACCEPT 127.0.0.1:";
  auto at = output_.npos;
  while (at == output_.npos || output_.find('\n', at) == output_.npos) {
    if (!receive()) {
      throw std::runtime_error("openssl s_server: " + output_);
    }
    at = output_.find(announced);
  }
  at += announced.size();
  port_ = whole_number<std::uint16_t>(output_.substr(at, output_.find('\n', at) - at)).value_or(0);
}

OpensslServer::~OpensslServer() {
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
  ::close(to_child_);
  ::close(from_child_);
}

void OpensslServer::say(const std::string& text) const {
  if (::write(to_child_, text.data(), text.size()) < 0) {
    throw std::runtime_error("openssl s_server takes nothing");
  }
}

/// Whether there was more.
bool OpensslServer::receive() {
  std::array<char, 4096> chunk;
  pollfd one{.fd = from_child_, .events = POLLIN, .revents = 0};
  if (::poll(&one, 1, kDeadline) != 1) {
    throw std::runtime_error("openssl s_server did nothing in time: " + output_);
  }
  const auto size = ::read(from_child_, chunk.data(), chunk.size());
  output_.append(chunk.data(), size < 0 ? 0 : static_cast<std::size_t>(size));
  return size > 0;
}

std::string OpensslServer::output() {
  while (receive()) {
  }
  return output_;
}

}  // namespace ot::tests
