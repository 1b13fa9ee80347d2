#include "agent/service/status_socket.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "agent/service/failures.hpp"

namespace ot::agent {
namespace {

using Local = asio::local::stream_protocol;

constexpr std::chrono::seconds kPatience{5};
/// Where something is to be written: the store may be busy with a long import.
constexpr std::chrono::seconds kLongPatience{60};
constexpr std::chrono::seconds kListening{1};
constexpr std::chrono::milliseconds kRest{100};
/// A path that a socket can have (sockaddr_un).
constexpr std::size_t kLongestPath = 107;

Result<void> check_length(const std::string& path) {
  if (path.size() <= kLongestPath) {
    return {};
  }
  return fail(Error(Errc::too_large, fmt::format("status socket \"{}\": its path is longer than {} "
                                                 "bytes",
                                                 path, kLongestPath))
                  .hint("put the store into a folder with a shorter path"));
}

asio::awaitable<std::size_t> write_all(Local::socket& socket, const std::string& text) {
  const auto written = co_await asio::async_write(socket, asio::buffer(text), no_throw);
  co_return std::get<1>(written);
}

/// Until the other side has said all, or a while.
asio::awaitable<std::string> read_request(Local::socket& socket) {
  constexpr std::size_t kLongest = 1024;
  std::string text;
  auto buffer = asio::dynamic_buffer(text, kLongest);
  const auto read = co_await asio::async_read(socket, buffer, no_throw);
  static_cast<void>(read);  // its end is the end of the request
  co_return text;
}

asio::awaitable<void> read_all(Local::socket& socket, const std::string& path,
                               const std::string& request, Result<std::string>& answer) {
  const Local::endpoint endpoint(path);
  const auto connected = co_await socket.async_connect(endpoint, no_throw);
  if (std::get<0>(connected)) {
    answer = fail(Errc::not_found, "no service runs with this store");
    co_return;
  }
  co_await write_all(socket, request);
  boost::system::error_code ignored;
  socket.shutdown(Local::socket::shutdown_send, ignored);
  std::string text;
  auto buffer = asio::dynamic_buffer(text, std::size_t{64} << 20);
  const auto read = co_await asio::async_read(socket, buffer, no_throw);
  static_cast<void>(read);  // its end is the end of the connection
  answer = std::move(text);
}

}  // namespace

std::string status_socket_of(const std::string& store_path) {
  return store_path + ".status";
}

StatusSocket::StatusSocket(const asio::any_io_executor& executor, std::string path, Tell tell)
    : acceptor_(executor), path_(std::move(path)), tell_(std::move(tell)) {}

StatusSocket::~StatusSocket() {
  if (acceptor_.is_open()) {
    ::unlink(path_.c_str());
  }
}

Result<void> StatusSocket::start() {
  if (auto fits = check_length(path_); !fits) {
    return fits;
  }
  ::unlink(path_.c_str());
  boost::system::error_code failed;
  acceptor_.open(Local(), failed);
  if (!failed) {
    const auto before = ::umask(0177);
    acceptor_.bind(Local::endpoint(path_), failed);
    ::umask(before);
  }
  if (!failed) {
    acceptor_.listen(asio::socket_base::max_listen_connections, failed);
  }
  if (failed) {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    return fail(system_error(failed.value(), fmt::format("status socket \"{}\"", path_)));
  }
  asio::co_spawn(acceptor_.get_executor(), serve(), failed_by("telling the status"));
  return {};
}

void StatusSocket::stop() {
  if (acceptor_.is_open()) {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    ::unlink(path_.c_str());
  }
}

/// One after the other: it is for people and for monitoring, every few seconds.
asio::awaitable<void> StatusSocket::serve() {
  while (acceptor_.is_open()) {
    auto accepted = co_await acceptor_.async_accept(no_throw);
    if (std::get<0>(accepted)) {
      co_await pause(kRest);  // too many files are open, say: that passes
      continue;
    }
    auto socket = std::move(std::get<1>(accepted));
    auto reading = read_request(socket);
    auto request = co_await within(std::move(reading), kListening);
    if (!request) {
      continue;
    }
    const std::string text = co_await tell_(std::move(*request));
    auto writing = write_all(socket, text);
    co_await within(std::move(writing), kPatience);
  }
}

Result<std::string> ask_service(const std::string& store_path, const std::string& request) {
  const auto path = status_socket_of(store_path);
  if (auto fits = check_length(path); !fits) {
    return fail(fits.error());
  }
  asio::io_context io;
  Local::socket socket(io);
  auto answer = Result<std::string>(fail(Errc::silent, "the service does not tell its status"));
  asio::co_spawn(io, read_all(socket, path, request, answer), failed_by("asking for the status"));
  io.run_for(request.empty() ? kPatience : kLongPatience);
  return answer;
}

}  // namespace ot::agent
