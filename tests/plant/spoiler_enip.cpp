#include "base/bytes.hpp"
#include "tests/plant/spoiler.hpp"

namespace ot::plant {
namespace {

// CIP volume 2, 2-3.1: the encapsulation header.
constexpr std::size_t kHeader = 24;
constexpr std::size_t kLength = 2;
constexpr std::size_t kStatus = 8;
constexpr std::size_t kContext = 12;
constexpr char kListIdentity = 0x63;
constexpr char kUnregisterSession = 0x66;
constexpr char kSendRrData = 0x6F;

// Of a ListIdentity reply, and of a SendRRData reply to Get_Attributes_All.
constexpr std::size_t kListedNameLength = 62;
constexpr std::size_t kMessage = 40;
constexpr std::size_t kAttributes = kMessage + 4;
constexpr std::size_t kNameLength = kAttributes + 14;
constexpr std::size_t kChassisSlots = kAttributes + 16;
constexpr std::size_t kBackplaneReply = kAttributes + 18;

std::optional<std::string> foreign(std::string frame) {
  constexpr std::size_t kContextSize = 8;
  if (frame.size() < kHeader) {
    return std::nullopt;
  }
  for (std::size_t i = kContext; i < kContext + kContextSize; ++i) {
    frame[i] = static_cast<char>(frame[i] ^ 0x55);
  }
  if (frame[0] == kSendRrData) {
    shift_letters(frame, kAttributes);
  }
  return frame;
}

std::string huge_length(std::string frame) {
  put(frame, kLength, "\xFF\xFF");
  return frame;
}

std::string lying_count(std::string frame) {
  if (frame[0] == kListIdentity) {
    put(frame, kListedNameLength, "\xFF");
  } else if (frame[0] == kSendRrData && frame.size() == kBackplaneReply) {
    put(frame, kChassisSlots, "\xFF\xFF");
  } else if (frame[0] == kSendRrData) {
    put(frame, kNameLength, "\xFF");
  }
  return frame;
}

std::optional<Answer> busy(std::string_view request) {
  constexpr std::string_view kNoMemory("\x02\x00\x00\x00", 4);
  constexpr std::string_view kNoBody("\x00\x00", 2);
  const bool has_room =
      request.size() < kHeader || request[0] == kListIdentity || request[0] == kUnregisterSession;
  if (has_room) {
    return std::nullopt;
  }
  std::string refused(request.substr(0, kHeader));
  put(refused, kLength, kNoBody);
  put(refused, kStatus, kNoMemory);
  return Answer::of(std::move(refused));
}

}  // namespace

const Spoiler kEnipSpoiler{foreign, huge_length, lying_count, busy};

}  // namespace ot::plant
