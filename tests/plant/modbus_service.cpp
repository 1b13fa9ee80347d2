#include "tests/plant/modbus_service.hpp"

#include "base/bytes.hpp"
#include "tests/plant/modbus_unit.hpp"

namespace ot::plant {
namespace {

// Messaging on TCP/IP V1.0b, 3.1.3: transaction, protocol 0, length, unit.
constexpr std::size_t kHeaderSize = 7;
constexpr std::size_t kLengthEnd = 6;
constexpr std::uint8_t kDeviceItself = 255;

class TcpConversation final : public Conversation {
 public:
  explicit TcpConversation(const ModbusDevice& device) : device_(device) {}

  std::optional<std::size_t> frame_size(std::string_view received) const override {
    if (received.size() < kLengthEnd) {
      return std::nullopt;
    }
    return kLengthEnd + ByteReader(received.substr(4)).u16_be().value_or(0);
  }

  Answer answer(std::string_view request) override {
    constexpr std::size_t kMostSize = 260;
    const std::string_view protocol = request.substr(2, 2);
    if (request.size() <= kHeaderSize || request.size() > kMostSize ||
        protocol != std::string_view("\0\0", 2)) {
      return Answer{.closes = true, .forbidden = true};
    }
    const std::string_view pdu = request.substr(kHeaderSize);
    const auto unit = static_cast<std::uint8_t>(request[kLengthEnd]);
    Answer done = unit_answer(unit, pdu);
    done.forbidden = !modbus_is_harmless(pdu);
    for (std::string& frame : done.frames) {
      ByteWriter out;
      out.bytes(request.substr(0, 4)).u16_be(static_cast<std::uint16_t>(frame.size() + 1));
      frame = out.u8(unit).bytes(frame).take();
    }
    return done;
  }

 private:
  Answer unit_answer(std::uint8_t id, std::string_view pdu) const {
    const ModbusUnit* unit = unit_at(id);
    Answer done;
    if (unit != nullptr) {
      done.frames.push_back(modbus_reply(*unit, pdu));
    } else {
      done.delay = std::chrono::milliseconds(device_.missing_ms);
      done.frames.push_back(device_.missing != 0 ? modbus_exception(pdu, device_.missing)
                                                 : std::string());
    }
    std::erase(done.frames, std::string());
    return done;
  }

  const ModbusUnit* unit_at(std::uint8_t id) const {
    const auto found = device_.units.find(id);
    if (found != device_.units.end()) {
      return &found->second;
    }
    const bool is_own = device_.ignores_unit || id == kDeviceItself || id == 0;
    return is_own && device_.own ? &*device_.own : nullptr;
  }

  const ModbusDevice& device_;
};

class ModbusService final : public Service {
 public:
  explicit ModbusService(const ModbusDevice& device) : device_(device) {}

  std::unique_ptr<Conversation> connected() override {
    return std::make_unique<TcpConversation>(device_);
  }
  std::unique_ptr<Conversation> datagrams() override { return nullptr; }

 private:
  const ModbusDevice& device_;
};

class RtuConversation final : public Conversation {
 public:
  explicit RtuConversation(const std::map<std::uint8_t, ModbusUnit>& units) : units_(units) {}

  /// By the function's length; other requests end with the line's silence.
  std::optional<std::size_t> frame_size(std::string_view received) const override {
    constexpr std::size_t kReportServerIdFrame = 4;
    constexpr std::size_t kIdentificationFrame = 7;
    if (received.size() < 2) {
      return std::nullopt;
    }
    switch (received[1]) {
      case 0x11: return kReportServerIdFrame;
      case 0x2B: return kIdentificationFrame;
      default: return std::nullopt;
    }
  }

  Answer answer(std::string_view request) override {
    constexpr std::size_t kCrcSize = 2;
    constexpr std::size_t kLeast = 1 + 1 + kCrcSize;
    if (request.size() < kLeast) {
      return Answer{.forbidden = true};
    }
    const std::string_view body = request.substr(0, request.size() - kCrcSize);
    const auto crc = ByteReader(request.substr(body.size())).u16_le();
    if (*crc != modbus_crc(body)) {
      return Answer{.forbidden = true};
    }
    constexpr char kBroadcast = 0;
    Answer done{.forbidden = !modbus_is_harmless(body.substr(1)) || body[0] == kBroadcast};
    const auto unit = units_.find(static_cast<std::uint8_t>(body[0]));
    const std::string reply =
        unit != units_.end() ? modbus_reply(unit->second, body.substr(1)) : std::string();
    if (!reply.empty()) {
      const std::string frame = std::string(1, body[0]) + reply;
      done.frames.push_back(ByteWriter().bytes(frame).u16_le(modbus_crc(frame)).take());
    }
    return done;
  }

 private:
  const std::map<std::uint8_t, ModbusUnit>& units_;
};

class RtuService final : public Service {
 public:
  explicit RtuService(const SerialLine& line) : line_(line) {}

  std::unique_ptr<Conversation> connected() override {
    return std::make_unique<RtuConversation>(line_.units);
  }
  std::unique_ptr<Conversation> datagrams() override { return nullptr; }

 private:
  const SerialLine& line_;
};

}  // namespace

std::unique_ptr<Service> modbus_service(const ModbusDevice& device) {
  return std::make_unique<ModbusService>(device);
}

std::unique_ptr<Service> rtu_service(const SerialLine& line) {
  return std::make_unique<RtuService>(line);
}

std::uint16_t modbus_crc(std::string_view bytes) {
  constexpr unsigned kPolynomial = 0xA001;
  unsigned crc = 0xFFFF;
  for (const char byte : bytes) {
    crc ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 1u) != 0 ? crc >> 1u ^ kPolynomial : crc >> 1u;
    }
  }
  return static_cast<std::uint16_t>(crc);
}

}  // namespace ot::plant
