#include "tests/plant/serve.hpp"

#include <array>
#include <cstdio>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>

namespace ot::plant {
namespace {

using Code = boost::system::error_code;

constexpr std::size_t kChunk = 65536;

/// Shared by all: it is used between two waits alone.
std::array<char, kChunk>& scratch() {
  static std::array<char, kChunk> bytes;
  return bytes;
}

template <class Endpoint>
std::string text_of(const Endpoint& endpoint) {
  return endpoint.address().to_string() + ":" + std::to_string(endpoint.port());
}

/// One connection: who it is, and what was received and not answered yet.
struct Connection {
  Connection(Tcp::socket the_socket, Place& the_place)
      : socket(std::move(the_socket)), place(the_place), talk(place.service->connected()) {
    Code code;
    const auto remote = socket.remote_endpoint(code);
    peer = code ? std::string() : text_of(remote);
  }

  Tcp::socket socket;
  Place& place;
  std::unique_ptr<Conversation> talk;
  std::string peer;
  std::string received;
  unsigned served = 0;

  void log(std::string_view event) const { place.log->event(place.origin("tcp"), peer, event); }
  void log_request(std::string_view bytes, bool forbidden) const {
    place.log->request(place.origin("tcp"), peer, bytes, forbidden);
  }
};

/// RST instead of FIN.
void reset(Tcp::socket& socket) {
  Code ignored;
  socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

asio::awaitable<bool> send(Tcp::socket& socket, std::string frame) {
  auto [code, size] = co_await asio::async_write(socket, asio::buffer(frame), no_throw);
  co_return !code;
}

asio::awaitable<bool> send_bytewise(Tcp::socket& socket, std::string frame) {
  constexpr std::chrono::milliseconds kGap(1);
  for (const char byte : frame) {
    std::string one(1, byte);
    if (!co_await send(socket, std::move(one))) {
      co_return false;
    }
    co_await pause(kGap);
  }
  co_return true;
}

/// Sends the frame until the peer goes.
asio::awaitable<void> send_endlessly(Tcp::socket& socket, std::string frame) {
  constexpr std::chrono::milliseconds kGap(1);
  while (co_await send(socket, frame)) {
    co_await pause(kGap);
  }
}

/// False when the connection has ended.
asio::awaitable<bool> deliver(Connection& connection, Delivery delivery) {
  if (delivery.delay.count() > 0) {
    co_await pause(delivery.delay);
  }
  for (const std::string& frame : delivery.frames) {
    auto sending = delivery.bytewise ? send_bytewise(connection.socket, frame)
                                     : send(connection.socket, frame);
    if (!co_await std::move(sending)) {
      co_return false;
    }
  }
  if (delivery.endless && !delivery.frames.empty()) {
    co_await send_endlessly(connection.socket, delivery.frames.back());
    co_return false;
  }
  if (delivery.end == Delivery::End::reset) {
    reset(connection.socket);
  }
  co_return delivery.end == Delivery::End::keep;
}

/// Answers the first frame of what was received, if it is whole; false at the end.
asio::awaitable<bool> answer_frame(Connection& connection, std::size_t size) {
  const std::string request = connection.received.substr(0, size);
  connection.received.erase(0, size);
  Answer answer = connection.talk->answer(request);
  connection.log_request(request, answer.forbidden);
  ++connection.served;
  auto delivery =
      connection.place.faults.deliver(*connection.place.tcp, request, std::move(answer));
  if (!co_await deliver(connection, std::move(delivery))) {
    co_return false;
  }
  co_return !connection.place.faults.ends_connection(connection.served);
}

/// Waits for more; what happened else it returns as an event of the log.
asio::awaitable<std::string_view> receive(Connection& connection) {
  auto [waited] = co_await connection.socket.async_wait(Tcp::socket::wait_read, no_throw);
  Code code = waited;
  const std::size_t size = code ? 0 : connection.socket.read_some(asio::buffer(scratch()), code);
  if (code == asio::error::would_block) {
    co_return std::string_view();
  }
  if (code) {
    co_return code == asio::error::eof ? "close" : "reset";
  }
  connection.received.append(scratch().data(), size);
  co_return std::string_view();
}

asio::awaitable<void> serve_connection(Tcp::socket socket, Place& place) {
  Connection connection(std::move(socket), place);
  connection.log("open");
  std::string_view end;
  if (place.faults.ends_connection(0)) {
    end = "end";
  }
  while (end.empty()) {
    const auto size = connection.talk->frame_size(connection.received);
    if (!size || *size > connection.received.size()) {
      end = co_await receive(connection);
    } else if (!co_await answer_frame(connection, *size)) {
      end = "end";
    }
  }
  if (!connection.received.empty()) {
    connection.log_request(connection.received, true);  // a frame that never became whole
  }
  connection.log(end);
}

asio::awaitable<void> accept_all(asio::io_context& io, Tcp::acceptor acceptor, Place& place) {
  while (true) {
    Tcp::socket socket(io);
    auto [code] = co_await acceptor.async_accept(socket, no_throw);
    if (code) {
      constexpr std::chrono::milliseconds kUntilFilesAreFree(50);
      co_await pause(kUntilFilesAreFree);
      continue;
    }
    Code ignored;
    socket.non_blocking(true, ignored);
    socket.set_option(Tcp::no_delay(true), ignored);
    asio::co_spawn(io, serve_connection(std::move(socket), place), report);
  }
}

asio::awaitable<void> send_datagrams(Udp::socket& socket, Udp::endpoint to, Delivery delivery) {
  constexpr int kEndless = 1000;
  constexpr std::chrono::milliseconds kGap(1);
  if (delivery.delay.count() > 0) {
    co_await pause(delivery.delay);
  }
  Code ignored;
  for (const std::string& frame : delivery.frames) {
    socket.send_to(asio::buffer(frame), to, 0, ignored);
  }
  for (int i = 0; delivery.endless && !delivery.frames.empty() && i < kEndless; ++i) {
    socket.send_to(asio::buffer(delivery.frames.back()), to, 0, ignored);
    co_await pause(kGap);
  }
}

/// Answers what lies there; an empty datagram says nothing.
asio::awaitable<void> answer_datagram(Udp::socket& socket, Conversation& talk, Place& place) {
  Udp::endpoint peer;
  Code code;
  const std::size_t size = socket.receive_from(asio::buffer(scratch()), peer, 0, code);
  if (code) {
    co_return;
  }
  const std::string request(scratch().data(), size);
  Answer answer = size > 0 ? talk.answer(request) : Answer();
  place.log->request(place.origin("udp"), text_of(peer), request, answer.forbidden || size == 0);
  if (place.reply_port != 0) {
    peer.port(place.reply_port);
  }
  auto delivery = place.faults.deliver(*place.udp, request, std::move(answer));
  co_await send_datagrams(socket, peer, std::move(delivery));
}

asio::awaitable<void> serve_datagrams(Udp::socket socket, Place& place) {
  const auto talk = place.service->datagrams();
  while (true) {
    auto [code] = co_await socket.async_wait(Udp::socket::wait_read, no_throw);
    if (!code) {
      co_await answer_datagram(socket, *talk, place);
    }
  }
}

}  // namespace

void report(const std::exception_ptr& exception) {
  try {
    if (exception) {
      std::rethrow_exception(exception);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "plantsim: %s\n", error.what());
  }
}

void serve_all(asio::io_context& io, std::vector<Bound> bound) {
  for (Bound& one : bound) {
    if (one.acceptor) {
      asio::co_spawn(io, accept_all(io, std::move(*one.acceptor), *one.place), report);
    }
    if (one.datagrams) {
      asio::co_spawn(io, serve_datagrams(std::move(*one.datagrams), *one.place), report);
    }
    if (one.serial) {
      asio::co_spawn(io, serve_line(std::move(*one.serial), *one.place), report);
    }
  }
}

}  // namespace ot::plant
