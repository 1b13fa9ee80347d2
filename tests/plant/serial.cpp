#include "tests/plant/serial.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <termios.h>
#include <boost/asio/write.hpp>

namespace ot::plant {
namespace {

using Descriptor = asio::posix::stream_descriptor;
using Code = boost::system::error_code;

/// Over Serial Line V1.02, 2.5.1.1, asks for 3.5 characters; a terminal hands over
/// what was written at once, so that this much surely is the end of a frame.
constexpr std::chrono::milliseconds kFrameEnd(20);

Result<Descriptor> open_terminal(asio::io_context& io, const char* path) {
  const int file = ::open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (file < 0) {
    return fail(system_error(errno, std::string("open ") + path));
  }
  termios settings{};
  ::tcgetattr(file, &settings);
  ::cfmakeraw(&settings);
  ::tcsetattr(file, TCSANOW, &settings);
  return Descriptor(io, file);
}

Result<void> make_link(const std::string& terminal, const std::string& link) {
  std::error_code code;
  if (std::filesystem::is_symlink(link, code)) {
    std::filesystem::remove(link, code);
  }
  std::filesystem::create_symlink(terminal, link, code);
  if (code) {
    return fail(system_error(code.value(), "link " + link));
  }
  return {};
}

/// More bytes at the end of `received`; false at an error.
asio::awaitable<bool> receive(Descriptor& line, std::string& received) {
  auto [waited] = co_await line.async_wait(Descriptor::wait_read, no_throw);
  if (waited) {
    co_return false;
  }
  char bytes[512];
  Code code;
  const std::size_t size = line.read_some(asio::buffer(bytes), code);
  received.append(bytes, size);
  co_return !code || code == asio::error::would_block;
}

asio::awaitable<void> send(Descriptor& line, Delivery delivery) {
  constexpr std::chrono::milliseconds kGap(1);
  constexpr int kEndless = 1000;
  if (delivery.delay.count() > 0) {
    co_await pause(delivery.delay);
  }
  if (delivery.endless && !delivery.frames.empty()) {
    delivery.frames.resize(kEndless, std::string(delivery.frames.back()));
  }
  for (const std::string& frame : delivery.frames) {
    const std::size_t step = delivery.bytewise ? 1 : frame.size();
    for (std::size_t at = 0; at < frame.size(); at += step) {
      const auto run = asio::buffer(frame.data() + at, step);
      co_await asio::async_write(line, run, no_throw);
      co_await pause(kGap);
    }
  }
}

/// The next frame: as long as its function says, else up to the line's silence.
asio::awaitable<std::string> next_frame(Descriptor& line, Conversation& talk,
                                        std::string& received) {
  while (true) {
    const auto size = talk.frame_size(received);
    if (size && *size <= received.size()) {
      const std::string frame = received.substr(0, *size);
      received.erase(0, *size);
      co_return frame;
    }
    if (received.empty()) {
      if (!co_await receive(line, received)) {
        co_return std::string();
      }
    } else if (!co_await within(receive(line, received), kFrameEnd)) {
      co_return std::exchange(received, std::string());
    }
  }
}

}  // namespace

Result<SerialPort> SerialPort::open(asio::io_context& io, const std::string& link) {
  const int file = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (file < 0) {
    return fail(system_error(errno, "make a pseudo-terminal"));
  }
  Descriptor master(io, file);
  if (::grantpt(file) != 0 || ::unlockpt(file) != 0) {
    return fail(system_error(errno, "unlock a pseudo-terminal"));
  }
  const std::string terminal = ::ptsname(file);
  auto slave = open_terminal(io, terminal.c_str());
  if (!slave) {
    return fail(std::move(slave).error());
  }
  Code ignored;
  master.non_blocking(true, ignored);
  if (!link.empty()) {
    if (auto linked = make_link(terminal, link); !linked) {
      return fail(std::move(linked).error());
    }
  }
  SerialPort port(std::move(master), std::move(*slave), terminal);
  port.link_ = link;
  return port;
}

SerialPort::SerialPort(SerialPort&& other) noexcept
    : master_(std::move(other.master_)),
      slave_(std::move(other.slave_)),
      terminal_(std::exchange(other.terminal_, std::string())),
      link_(std::exchange(other.link_, std::string())) {}

SerialPort::~SerialPort() {
  if (!link_.empty()) {
    std::error_code ignored;
    std::filesystem::remove(link_, ignored);
  }
}

asio::awaitable<void> serve_line(SerialPort port, Place& place) {
  const auto talk = place.service->connected();
  std::string received;
  while (true) {
    const std::string request = co_await next_frame(port.units(), *talk, received);
    if (request.empty()) {
      co_return;
    }
    Answer answer = talk->answer(request);
    place.log->request(place.origin("serial"), port.device(), request, answer.forbidden);
    auto delivery = place.faults.deliver(Wire::modbus_rtu, request, std::move(answer));
    co_await send(port.units(), std::move(delivery));
  }
}

}  // namespace ot::plant
