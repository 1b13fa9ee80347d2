#include "base/bytes.hpp"
#include "tests/plant/spoiler.hpp"

namespace ot::plant {
namespace {

// W421, 7-4-2: where things are in FINS/TCP, and in the FINS frame.
constexpr std::size_t kTcpHeader = 16;
constexpr std::size_t kLength = 4;
constexpr std::size_t kCommand = 8;
constexpr std::size_t kSid = 9;
constexpr std::size_t kFinsCommand = 10;
constexpr std::size_t kBody = 14;

constexpr std::string_view kFrameSend("\x00\x00\x00\x02", 4);
constexpr std::string_view kConnectionDataRead("\x05\x02", 2);

std::optional<std::string> foreign_at(std::string frame, std::size_t fins) {
  if (frame.size() <= fins + kSid) {
    return std::nullopt;
  }
  frame[fins + kSid] = static_cast<char>(frame[fins + kSid] ^ 0x55);
  shift_letters(frame, fins + kBody);
  return frame;
}

std::string lying_at(std::string frame, std::size_t fins) {
  constexpr std::string_view kMoreThanFit = "\xFF";  // 127 units, the last included
  if (std::string_view(frame).substr(fins).substr(kFinsCommand).starts_with(kConnectionDataRead)) {
    put(frame, fins + kBody, kMoreThanFit);
  }
  return frame;
}

std::optional<std::string> foreign_tcp(std::string frame) {
  const bool is_fins = frame.size() > kTcpHeader + kBody &&  //
                       std::string_view(frame).substr(kCommand).starts_with(kFrameSend);
  return is_fins ? foreign_at(std::move(frame), kTcpHeader) : std::nullopt;
}

std::string huge_tcp(std::string frame) {
  put(frame, kLength, "\x7F\xFF\xFF\xFF");
  return frame;
}

std::string lying_tcp(std::string frame) {
  return frame.size() > kTcpHeader + kBody ? lying_at(std::move(frame), kTcpHeader) : frame;
}

/// W421, 7-4-3: error 0x20 to the handshake; end code 2604 to what comes later.
std::optional<Answer> busy_tcp(std::string_view request) {
  if (request.size() >= kTcpHeader + kFinsCommand + 2) {
    std::string reply(request.substr(0, kTcpHeader + kFinsCommand + 2));
    reply += "\x26\x04";
    reply[kTcpHeader] = '\xC0';
    std::swap(reply[kTcpHeader + 4], reply[kTcpHeader + 7]);
    std::swap(reply[kTcpHeader + 5], reply[kTcpHeader + 8]);
    reply[kLength + 3] = static_cast<char>(reply.size() - kCommand);
    return Answer::of(std::move(reply));
  }
  constexpr std::uint32_t kServerNode = 1;
  constexpr std::uint32_t kAllConnectionsInUse = 0x20;
  constexpr std::uint32_t kLengthOfIt = 16;
  ByteWriter out;
  out.bytes("FINS").u32_be(kLengthOfIt).u32_be(kServerNode).u32_be(kAllConnectionsInUse).zeros(8);
  Answer refused = Answer::of(out.take());
  refused.closes = true;
  return refused;
}

std::optional<std::string> foreign_udp(std::string frame) {
  return foreign_at(std::move(frame), 0);
}

/// No length is in it: it is longer than FINS allows.
std::string huge_udp(std::string frame) {
  constexpr std::size_t kBeyondFins = 4000;
  frame.resize(kBeyondFins, 'A');
  return frame;
}

std::string lying_udp(std::string frame) {
  return frame.size() > kBody ? lying_at(std::move(frame), 0) : frame;
}

/// It takes no connection, so there is room.
std::optional<Answer> busy_udp(std::string_view) {
  return std::nullopt;
}

}  // namespace

const Spoiler kFinsTcpSpoiler{foreign_tcp, huge_tcp, lying_tcp, busy_tcp};
const Spoiler kFinsUdpSpoiler{foreign_udp, huge_udp, lying_udp, busy_udp};

}  // namespace ot::plant
