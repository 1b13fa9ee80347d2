#include "tests/plant/recorded_service.hpp"

#include <algorithm>
#include <span>
#include <unordered_map>

#include "base/bytes.hpp"
#include "tests/plant/enip_cip.hpp"
#include "tests/plant/fins_rack.hpp"
#include "tests/plant/modbus_unit.hpp"

namespace ot::plant {
namespace {

// W421, 7-4-2: the header of FINS/TCP; W342, 3-1: that of FINS.
constexpr std::size_t kFinsTcpHeader = 16;
constexpr std::size_t kFinsLengthEnd = 8;
constexpr std::uint32_t kFinsFrameSend = 2;
constexpr char kFinsResponse = 0x40;
constexpr std::size_t kFinsAnswers = 3;  ///< DNA, DA1, DA2
constexpr std::size_t kFinsAsks = 6;     ///< SNA, SA1, SA2
constexpr std::size_t kFinsAddress = 3;
constexpr std::size_t kFinsServiceId = 9;

// CIP volume 2, 2-3.
constexpr std::size_t kEnipHeader = 24;
constexpr std::size_t kEnipSession = 4;
constexpr std::size_t kEnipSessionSize = 4;
constexpr std::size_t kEnipContext = 12;
constexpr std::size_t kEnipContextSize = 8;
constexpr std::uint16_t kListIdentity = 0x0063;
constexpr std::uint16_t kRegisterSession = 0x0065;
constexpr std::uint16_t kUnregisterSession = 0x0066;
constexpr std::uint16_t kSendRrData = 0x006F;

// Messaging on TCP/IP V1.0b, 3.1.3.
constexpr std::size_t kModbusTransaction = 2;
constexpr std::size_t kModbusLengthEnd = 6;
constexpr std::size_t kModbusHeader = 7;

/// Bytes of a frame that only name its conversation.
struct Mark {
  std::size_t at;
  std::size_t size;
};

std::uint16_t enip_command(std::string_view frame) {
  return ByteReader(frame).u16_le().value_or(0);
}

/// Where the FINS frame begins; nothing where there is none.
std::optional<std::size_t> fins_at(Wire wire, std::string_view frame) {
  if (wire == Wire::fins_udp) {
    return 0;
  }
  const auto command = ByteReader(frame.substr(std::min<std::size_t>(8, frame.size()))).u32_be();
  const bool has_frame = command && *command == kFinsFrameSend && frame.size() > kFinsTcpHeader;
  return has_frame ? std::optional(kFinsTcpHeader) : std::nullopt;
}

/// The marks of a request.
std::vector<Mark> marks_of(Wire wire, std::string_view request) {
  switch (wire) {
    case Wire::fins_tcp:
    case Wire::fins_udp: {
      const auto at = fins_at(wire, request);
      constexpr std::size_t kDa1 = 4;
      return at ? std::vector<Mark>{{*at + kDa1, 1},
                                    {*at + kFinsAsks, kFinsAddress},
                                    {*at + kFinsServiceId, 1}}
                : std::vector<Mark>();
    }
    case Wire::enip_tcp:
    case Wire::enip_udp:
      return {{kEnipSession, kEnipSessionSize}, {kEnipContext, kEnipContextSize}};
    case Wire::modbus_tcp: return {{0, kModbusTransaction}};
    case Wire::modbus_rtu: break;
  }
  return {};
}

std::string masked(Wire wire, std::string frame) {
  for (const Mark& mark : marks_of(wire, frame)) {
    for (std::size_t i = mark.at; i < std::min(mark.at + mark.size, frame.size()); ++i) {
      frame[i] = 0;
    }
  }
  return frame;
}

/// Copies bytes of the request to the answer, where all of them are there.
void copy(std::string_view request, std::size_t from, std::string& answer, std::size_t to,
          std::size_t size) {
  if (from + size <= request.size() && to + size <= answer.size()) {
    answer.replace(to, size, request.substr(from, size));
  }
}

/// The same where the recorded answer had it from the recorded request: one that was somebody
/// else's stays so.
void copy_mark(const RecordedExchange& recorded, std::string_view request, std::string& answer,
               Mark mark) {
  const bool was_same =
      mark.at < answer.size() && mark.at < recorded.request.size() &&
      answer.substr(mark.at, mark.size) == recorded.request.substr(mark.at, mark.size);
  if (was_same) {
    copy(request, mark.at, answer, mark.at, mark.size);
  }
}

void address_fins(Wire wire, const RecordedExchange& recorded, std::string_view request,
                  std::string& answer) {
  const auto asked = fins_at(wire, request);
  const auto answered = fins_at(wire, answer);
  if (!asked || !answered || *answered >= answer.size()) {
    return;
  }
  copy_mark(recorded, request, answer, {*answered + kFinsServiceId, 1});
  // Some devices send the head of the command back as it was.
  const bool is_response = (answer[*answered] & kFinsResponse) != 0;
  const std::size_t place = is_response ? kFinsAnswers : kFinsAsks;
  copy(request, *asked + kFinsAsks, answer, *answered + place, kFinsAddress);
}

/// The recorded answer, to this request.
std::string addressed(Wire wire, const RecordedExchange& recorded, std::string_view request,
                      std::string answer) {
  switch (wire) {
    case Wire::fins_tcp:
    case Wire::fins_udp: address_fins(wire, recorded, request, answer); break;
    case Wire::enip_tcp:
    case Wire::enip_udp:
      copy_mark(recorded, request, answer, {kEnipContext, kEnipContextSize});
      if (enip_command(answer) != kRegisterSession) {
        copy_mark(recorded, request, answer, {kEnipSession, kEnipSessionSize});
      }
      break;
    case Wire::modbus_tcp: copy_mark(recorded, request, answer, {0, kModbusTransaction}); break;
    case Wire::modbus_rtu: break;
  }
  return answer;
}

bool fins_is_allowed(Wire wire, std::string_view request) {
  const auto at = fins_at(wire, request);
  const auto command =
      ByteReader(request.substr(std::min<std::size_t>(8, request.size()))).u32_be();
  const bool is_handshake = wire == Wire::fins_tcp && command && *command == 0;
  return is_handshake || (at && fins_is_harmless(request.substr(*at)));
}

bool enip_is_allowed(std::string_view request) {
  constexpr std::size_t kMessageAt = kEnipHeader + 16;
  switch (enip_command(request)) {
    case kListIdentity:
    case kRegisterSession:
    case kUnregisterSession: return true;
    case kSendRrData:
      return request.size() > kMessageAt && cip_is_harmless(request.substr(kMessageAt));
    default: return false;
  }
}

bool is_allowed(Wire wire, std::string_view request) {
  constexpr std::size_t kCrc = 2;
  switch (wire) {
    case Wire::fins_tcp:
    case Wire::fins_udp: return fins_is_allowed(wire, request);
    case Wire::enip_tcp:
    case Wire::enip_udp: return enip_is_allowed(request);
    case Wire::modbus_tcp:
      return request.size() > kModbusHeader && modbus_is_harmless(request.substr(kModbusHeader));
    case Wire::modbus_rtu: break;
  }
  return request.size() > 1 + kCrc &&
         modbus_is_harmless(request.substr(1, request.size() - 1 - kCrc));
}

std::optional<std::size_t> rtu_size(std::string_view received) {
  constexpr std::size_t kReportServerId = 4;
  constexpr std::size_t kIdentification = 7;
  if (received.size() < 2) {
    return std::nullopt;
  }
  switch (received[1]) {
    case 0x11: return kReportServerId;
    case 0x2B: return kIdentification;
    default: return std::nullopt;
  }
}

/// How long the frame is that begins here; nothing while that is not known.
std::optional<std::size_t> size_of(Wire wire, std::string_view received) {
  switch (wire) {
    case Wire::fins_tcp:
      if (received.size() < kFinsLengthEnd) {
        return std::nullopt;
      }
      return kFinsLengthEnd + ByteReader(received.substr(4)).u32_be().value_or(0);
    case Wire::enip_tcp:
      if (received.size() < kEnipHeader) {
        return std::nullopt;
      }
      return kEnipHeader + ByteReader(received.substr(2)).u16_le().value_or(0);
    case Wire::modbus_tcp:
      if (received.size() < kModbusLengthEnd) {
        return std::nullopt;
      }
      return kModbusLengthEnd + ByteReader(received.substr(4)).u16_be().value_or(0);
    case Wire::modbus_rtu: return rtu_size(received);
    case Wire::fins_udp:
    case Wire::enip_udp: break;
  }
  return received.size();
}

/// What a port answers, over all its connections.
class Memory {
 public:
  Memory(Wire wire, std::span<const RecordedExchange> exchanges) : wire_(wire) {
    for (const RecordedExchange& exchange : exchanges) {
      known_[masked(wire, exchange.request)].ways.push_back(&exchange);
    }
  }

  Wire wire() const { return wire_; }

  Answer answer(std::string_view request) {
    Answer done{.forbidden = !is_allowed(wire_, request)};
    const auto found = known_.find(masked(wire_, std::string(request)));
    if (found == known_.end()) {
      const bool is_enip = wire_ == Wire::enip_tcp;
      done.closes = is_enip && enip_command(request) == kUnregisterSession;
      return done;
    }
    auto& [ways, next] = found->second;
    const RecordedExchange& exchange = *ways[next];
    next = (next + 1) % ways.size();
    for (const std::string& recorded : exchange.answers) {
      done.frames.push_back(addressed(wire_, exchange, request, recorded));
    }
    done.closes = exchange.closes;
    return done;
  }

 private:
  /// How a request was answered, and how it is next.
  struct Known {
    std::vector<const RecordedExchange*> ways;
    std::size_t next = 0;
  };

  Wire wire_;
  std::unordered_map<std::string, Known> known_;
};

class RecordedConversation final : public Conversation {
 public:
  explicit RecordedConversation(Memory& memory) : memory_(memory) {}

  std::optional<std::size_t> frame_size(std::string_view received) const override {
    return size_of(memory_.wire(), received);
  }
  Answer answer(std::string_view request) override { return memory_.answer(request); }

 private:
  Memory& memory_;
};

class RecordedService final : public Service {
 public:
  void add(Wire wire, std::span<const RecordedExchange> exchanges) {
    const bool is_udp = wire == Wire::fins_udp || wire == Wire::enip_udp;
    (is_udp ? datagrams_ : stream_).emplace(wire, exchanges);
  }

  std::unique_ptr<Conversation> connected() override { return conversation(stream_); }
  std::unique_ptr<Conversation> datagrams() override { return conversation(datagrams_); }

 private:
  static std::unique_ptr<Conversation> conversation(std::optional<Memory>& memory) {
    return memory ? std::make_unique<RecordedConversation>(*memory) : nullptr;
  }

  std::optional<Memory> stream_;
  std::optional<Memory> datagrams_;
};

}  // namespace

std::unique_ptr<Service> recorded_service(const Host& host, const RecordedPort& port) {
  auto service = std::make_unique<RecordedService>();
  for (const RecordedPort& one : host.recorded) {
    if (one.protocol == port.protocol && one.port == port.port) {
      service->add(one.wire, one.exchanges);
    }
  }
  return service;
}

std::unique_ptr<Service> recorded_service(const SerialLine& line) {
  auto service = std::make_unique<RecordedService>();
  service->add(Wire::modbus_rtu, line.exchanges);
  return service;
}

}  // namespace ot::plant
