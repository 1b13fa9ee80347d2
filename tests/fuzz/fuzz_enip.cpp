#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "protocols/enip/cip.hpp"
#include "protocols/enip/encapsulation.hpp"
#include "protocols/enip/slot_answer.hpp"
#include "protocols/probe.hpp"

namespace ot::protocols::enip {
extern const Probe module;
}

namespace {

namespace enip = ot::protocols::enip;
namespace link = ot::protocols::link;

using link::Wire;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

// --- the list of what may be sent, told once more from fixed offsets ---

unsigned u8_at(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0x100;
}
unsigned u16_at(std::string_view bytes, std::size_t at) {
  return u8_at(bytes, at) | u8_at(bytes, at + 1) << 8;
}

/// 01 or 0E on class 01 or 66, and not a byte more.
bool is_read(std::string_view message) {
  const bool single = u8_at(message, 0) == 0x0E;
  const std::size_t words = single ? 3 : 2;
  const auto object_class = u8_at(message, 3);
  return (single || u8_at(message, 0) == 0x01) && u8_at(message, 1) == words &&
         message.size() == 2 + 2 * words && u8_at(message, 2) == 0x20 &&
         (object_class == 0x01 || object_class == 0x66) && u8_at(message, 4) == 0x24 &&
         (!single || u8_at(message, 6) == 0x30);
}

/// 52 on class 06 with a read in it, to port 1 and a slot.
bool is_read_in_slot(std::string_view message) {
  const std::size_t size = u16_at(message, 8);
  const std::size_t route = 10 + size + size % 2;
  return u8_at(message, 0) == 0x52 && u8_at(message, 1) == 2 && u8_at(message, 2) == 0x20 &&
         u8_at(message, 3) == 0x06 && u8_at(message, 4) == 0x24 && message.size() == route + 4 &&
         is_read(message.substr(10, size)) && u8_at(message, route) == 1 &&
         u8_at(message, route + 1) == 0 && u8_at(message, route + 2) == 1;
}

bool is_harmless(Wire wire, std::string_view frame) {
  const auto command = u16_at(frame, 0);
  if (frame.size() < 24 || u16_at(frame, 2) != frame.size() - 24 ||
      frame.substr(8, 4) != std::string_view("\0\0\0\0", 4)) {
    return false;
  }
  if (command == 0x0063 || wire == Wire::enip_udp) {
    return command == 0x0063 && frame.size() == 24;
  }
  if (command == 0x0065) {
    return frame.substr(12) == std::string_view("\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0", 16);
  }
  if (command == 0x0066) {
    return frame.size() == 24;
  }
  const auto message = frame.size() < 40 ? std::string_view() : frame.substr(40);
  return command == 0x006F && u16_at(frame, 30) == 2 && u16_at(frame, 36) == 0x00B2 &&
         u16_at(frame, 38) == message.size() && (is_read(message) || is_read_in_slot(message));
}

void check_allowed(std::string_view bytes) {
  for (const auto wire : {Wire::enip_tcp, Wire::enip_udp}) {
    require(!link::allowed(wire, bytes) || is_harmless(wire, bytes));
    // The same with a header that fits, so that what is behind it is reached.
    auto framed = enip::send_rr_data(7, 9, bytes.substr(0, 0xFF00));
    require(!link::allowed(wire, framed) || is_harmless(wire, framed));
  }
}

void check_built(std::string_view bytes) {
  const std::uint32_t session = u16_at(bytes, 0) * 0x10001U;
  const auto slot = static_cast<std::uint8_t>(u8_at(bytes, 2));
  for (const auto& message :
       {enip::get_identity(), enip::get_backplane(), enip::get_identity_of(slot)}) {
    const auto frame = enip::send_rr_data(session, session + 1, message);
    require(link::allowed(Wire::enip_tcp, frame) && is_harmless(Wire::enip_tcp, frame));
  }
  require(link::allowed(Wire::enip_tcp, enip::unregister_session(session)).has_value());
  require(link::allowed(Wire::enip_tcp, enip::register_session()).has_value());
  require(link::allowed(Wire::enip_tcp, enip::list_identity()).has_value());
  require(link::allowed(Wire::enip_udp, enip::list_identity_over_udp()).has_value());
}

void check_parsed(std::string_view bytes) {
  ot::ByteReader reader(bytes);
  const auto identity = enip::read_identity(reader);
  require(!identity || identity->product_name.size() <= 3 * 255);
  (void)enip::parse_backplane(bytes);
  (void)enip::parse_list_identity(bytes);
  (void)enip::parse_rr_data(bytes);
  (void)enip::is_answer(bytes, enip::list_identity());
  const auto cip = enip::parse_cip_reply(bytes);
  require(!cip || (!cip->status_words().empty() && cip->data.size() <= bytes.size()));
  if (cip) {
    (void)enip::slot_answer(*cip);
  }
  const auto reply = enip::parse_encapsulation(bytes);
  require(!reply || reply->body.size() + 24 <= bytes.size());
}

// --- a device that answers what the fuzzer likes ---

class Device final : public link::Dialogue {
 public:
  explicit Device(std::string_view bytes) : bytes_(bytes) {}

  ot::Result<ot::Ipv4> own_address() override { return ot::Ipv4(); }
  ot::Ipv4 target_address() const override { return {}; }
  ot::Task<std::string> open(link::Request first) override {
    is_open_ = true;
    co_return answer(first);
  }
  ot::Task<std::string> ask(link::Request request) override {
    require(is_open_);
    co_return answer(request);
  }
  ot::Task<void> tell(link::Frame frame) override {
    require(is_open_ && !is_distressed_ && !frame.bytes().empty());
    co_return ot::Result<void>();
  }
  ot::asio::awaitable<void> close() override {
    is_open_ = false;
    co_return;
  }
  ot::Error distress(std::string why) override {
    is_distressed_ = true;
    return {ot::Errc::ended, std::move(why)};
  }

  bool is_left() const { return !is_open_ && asked_ <= 40; }

 private:
  /// A byte of what to do, one of a length, and so many of body behind the
  /// request's own header.
  ot::Result<std::string> answer(const link::Request& request) {
    ++asked_;
    require(!is_distressed_);
    const auto what = u8_at(bytes_, 0);
    const auto body =
        bytes_.substr(std::min<std::size_t>(2, bytes_.size()), u8_at(bytes_, 1) & 0xFF);
    bytes_.remove_prefix(std::min(bytes_.size(), 2 + body.size()));
    if (what < 8) {
      return ot::fail(static_cast<ot::Errc>(what + 9), "as the fuzzer says");
    }
    std::string frame = request.frame().bytes().substr(0, 24).append(body);
    frame[2] = static_cast<char>(body.size());
    frame[3] = 0;
    frame[4] = what < 0x80 ? frame[4] : static_cast<char>(7);
    frame[8] = what < 0xF0 ? '\0' : static_cast<char>(what & 0xF);
    return request.accepts(frame) ? ot::Result<std::string>(frame)
                                  : ot::fail(ot::Errc::silent, "no answer");
  }

  std::string_view bytes_;
  unsigned asked_ = 0;
  bool is_open_ = false;
  bool is_distressed_ = false;
};

void check_conversation(std::string_view bytes) {
  ot::asio::io_context io;
  Device device(bytes);
  bool came_back = false;
  ot::asio::co_spawn(io, enip::module.run(device, {}),
                     [&came_back](const std::exception_ptr& failure, const auto& found) {
                       came_back = !failure && (found || !found.error().message().empty());
                     });
  io.run();
  require(came_back && device.is_left());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_allowed(bytes);
  check_built(bytes);
  check_parsed(bytes);
  check_conversation(bytes);
  return 0;
}
