#include <array>
#include <cerrno>
#include <memory>
#include <vector>

#include <modbus/modbus.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "protocols/link/carrier.hpp"
#include "protocols/link/frame.hpp"

namespace ot::protocols::link {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct Closer {
  void operator()(modbus_t* line) const {
    modbus_close(line);
    modbus_free(line);
  }
};
using Line = std::unique_ptr<modbus_t, Closer>;

constexpr std::size_t kCrcSize = 2;
constexpr std::size_t kLeastFrame = 4;   // address, function, CRC
constexpr std::size_t kMostFrame = 256;  // Modbus over Serial Line V1.02, 2.5.1

Error line_error(std::string_view action) {
  const int number = errno;
  return {Errc::io, fmt::format("{}: {}", action, modbus_strerror(number))};
}

/// Modbus over Serial Line V1.02, 6.2.2: polynomial A001, low byte first on the line.
std::uint16_t crc_of(std::string_view bytes) {
  std::uint32_t crc = 0xFFFF;
  for (const char byte : bytes) {
    crc ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 1u) != 0 ? crc >> 1 ^ 0xA001u : crc >> 1;
    }
  }
  return static_cast<std::uint16_t>(crc);
}

std::string with_crc(std::string frame) {
  const auto crc = crc_of(frame);
  frame += static_cast<char>(crc & 0xFFu);
  frame += static_cast<char>(crc >> 8);
  return frame;
}

bool is_whole(std::string_view bytes) {
  // The CRC over a frame and its own CRC is zero.
  return bytes.size() >= kLeastFrame && crc_of(bytes) == 0;
}

/// libmodbus opens and drives the line; the end of an answer is found by silence
/// and CRC, because it does not know the length of a function 2B.
class SerialCarrier final : public Carrier {
 public:
  SerialCarrier(asio::thread_pool& pool, Wire wire, Endpoint target)
      : pool_(pool), wire_(wire), target_(std::move(target)) {}

  Task<void> connect(Time limit) override;
  Task<void> send(std::string frame) override;
  Task<std::string> receive(Time limit) override;
  asio::awaitable<void> close(Time limit) override;
  std::string take_rest() override { return std::exchange(dropped_, {}); }
  std::string on_wire(std::string frame) const override { return with_crc(std::move(frame)); }

 private:
  Result<void> open_line();
  Result<void> write_frame(std::string_view frame);
  Result<std::string> read_frame(Time limit);
  Result<std::size_t> read_some(milliseconds limit, std::string& into) const;

  asio::thread_pool& pool_;
  Wire wire_;
  Endpoint target_;
  Line line_;
  std::string asked_;    ///< as sent: a half-duplex adapter may echo it
  std::string dropped_;  ///< what came and was no answer
};

Result<void> SerialCarrier::open_line() {
  const SerialSettings& serial = target_.serial;
  line_.reset(modbus_new_rtu(target_.device.c_str(), serial.baud, serial.parity, serial.data_bits,
                             serial.stop_bits));
  if (!line_) {
    return fail(line_error("open the line"));
  }
  if (modbus_connect(line_.get()) != 0) {
    auto error = line_error("open the line");
    line_.reset();
    return fail(std::move(error));
  }
  // Nobody else may open the line while it is asked.
  static_cast<void>(::ioctl(modbus_get_socket(line_.get()), TIOCEXCL));
  return {};
}

Task<void> SerialCarrier::connect(Time) {
  auto work = [this] { return open_line(); };
  auto opened = co_await offload(pool_, std::move(work));
  co_return opened;
}

Result<void> SerialCarrier::write_frame(std::string_view frame) {
  if (auto check = allowed(wire_, frame); !check) {
    return fail(check.error());
  }
  // Late answers to what was asked before.
  for (auto late = read_some(milliseconds(0), dropped_); late && *late > 0;) {
    late = read_some(milliseconds(0), dropped_);
  }
  // libmodbus adds the CRC; it takes its bytes as non-const but does not write.
  std::vector<std::uint8_t> raw(frame.begin(), frame.end());
  if (modbus_send_raw_request(line_.get(), raw.data(), static_cast<int>(raw.size())) < 0) {
    return fail(line_error("send"));
  }
  asked_ = with_crc(std::string(frame));
  return {};
}

Task<void> SerialCarrier::send(std::string frame) {
  auto work = [this, bytes = std::move(frame)] { return write_frame(bytes); };
  auto sent = co_await offload(pool_, std::move(work));
  co_return sent;
}

/// Waits for bytes and takes those that are there; 0 when none came in time.
Result<std::size_t> SerialCarrier::read_some(milliseconds limit, std::string& into) const {
  pollfd waiting{modbus_get_socket(line_.get()), POLLIN, 0};
  const int ready = ::poll(&waiting, 1, static_cast<int>(std::max(limit, milliseconds(0)).count()));
  if (ready == 0 || (ready < 0 && errno == EINTR)) {
    return 0;
  }
  std::array<char, kMostFrame> bytes;
  const auto count = ready < 0 ? -1 : ::read(waiting.fd, bytes.data(), bytes.size());
  if (count <= 0) {
    return fail(count == 0 ? Error(Errc::closed, "the line is gone") : line_error("receive"));
  }
  into.append(bytes.data(), static_cast<std::size_t>(count));
  return static_cast<std::size_t>(count);
}

Result<std::string> SerialCarrier::read_frame(Time limit) {
  // An adapter hands bytes on in lumps, up to 16 ms apart: longer than the 3.5
  // characters that end a frame on the line.
  constexpr milliseconds kQuiet{40};
  const auto end = Clock::now() + limit;
  std::string bytes;
  while (Clock::now() < end) {
    const auto left = std::chrono::ceil<milliseconds>(end - Clock::now());
    const auto got = read_some(bytes.empty() ? left : std::min(left, kQuiet), bytes);
    if (!got) {
      return fail(got.error());
    }
    if (bytes.starts_with(asked_)) {
      bytes.erase(0, asked_.size());
    }
    if (*got == 0 && is_whole(bytes)) {
      return bytes.substr(0, bytes.size() - kCrcSize);
    }
    if (bytes.size() > kMostFrame) {
      dropped_ += bytes;
      return fail(Errc::malformed, fmt::format("{} bytes without a pause", bytes.size()));
    }
  }
  if (is_whole(bytes)) {
    return bytes.substr(0, bytes.size() - kCrcSize);
  }
  dropped_ += bytes;
  return fail(Errc::silent, bytes.empty()
                                ? std::string("no answer")
                                : fmt::format("{} bytes whose CRC is wrong", bytes.size()));
}

Task<std::string> SerialCarrier::receive(Time limit) {
  auto work = [this, limit] { return read_frame(limit); };
  auto frame = co_await offload(pool_, std::move(work));
  co_return frame;
}

asio::awaitable<void> SerialCarrier::close(Time) {
  // Closing a line may wait until it is drained.
  auto work = [this] {
    line_.reset();
    return true;
  };
  co_await offload(pool_, std::move(work));
}

}  // namespace

std::unique_ptr<Carrier> make_serial(asio::thread_pool& pool, Wire wire, Endpoint target) {
  return std::make_unique<SerialCarrier>(pool, wire, std::move(target));
}

}  // namespace ot::protocols::link
