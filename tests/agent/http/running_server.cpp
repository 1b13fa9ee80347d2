#include "tests/agent/http/running_server.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include "base/async.hpp"

namespace ot::tests {

namespace http = agent::http;

http::ServerOptions any_port() {
  http::ServerOptions options;
  options.port = 0;
  return options;
}

RunningServer::RunningServer(http::ServerOptions options)
    : work_(boost::asio::make_work_guard(io_)),
      held_(io_, std::chrono::steady_clock::time_point::max()) {
  http::Site site;
  site.answer = [this](http::Request request) { return answer(std::move(request)); };
  site.is_open = [](std::string_view path) { return path.substr(0, 5) == "/open"; };
  http::Credentials credentials{.token = http::Token(kToken), .jwt = std::nullopt};
  server_ = std::make_unique<http::Server>(io_.get_executor(), std::move(options),
                                           std::move(credentials), std::move(site));
  if (auto started = server_->start(); !started) {
    throw std::runtime_error(started.error().text());
  }
  port_ = server_->port();
  thread_ = std::thread([this] { io_.run(); });
}

RunningServer::~RunningServer() {
  run([this] {
    held_.cancel();
    server_.reset();
    work_.reset();
  });
  thread_.join();
}

boost::asio::awaitable<http::Response> RunningServer::answer(http::Request request) {
  http::Response response;
  if (request.path == "/held") {
    is_held_.set_value();
    co_await held_.async_wait(no_throw);
  }
  if (request.path == "/throws") {
    throw std::runtime_error("on purpose");
  }
  if (request.path == "/large" || request.path == "/open/large") {
    response.body.assign(1 << 20, 'a');
    co_return response;
  }
  response.body = request.path;
  for (const auto& [name, value] : request.parameters) {
    response.body += fmt::format(" {}={}", name, value);
  }
  response.headers.emplace_back("count", "17");
  co_return response;
}

http::Counters RunningServer::counters() {
  return run([this] { return server_->counters(); });
}

void RunningServer::wait_until_open(std::uint64_t connections) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (counters().open != connections) {
    if (std::chrono::steady_clock::now() > until) {
      throw std::runtime_error("the server keeps its connections");
    }
  }
}

Result<void> RunningServer::reload() {
  return run([this] { return server_->reload(); });
}

void RunningServer::wait_until_held() {
  is_held_.get_future().wait();
}

void RunningServer::release() {
  run([this] { held_.cancel(); });
}

std::future<std::size_t> RunningServer::stop(std::chrono::milliseconds limit) {
  return boost::asio::co_spawn(io_, server_->stop(limit), boost::asio::use_future);
}

}  // namespace ot::tests
