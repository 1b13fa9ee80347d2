#include "protocols/fins/codec.hpp"

#include <fmt/format.h>

#include "base/bytes.hpp"

namespace ot::protocols::fins {
namespace {

constexpr std::uint8_t kCommandWantsResponse = 0x80;  // ICF
constexpr std::uint8_t kIsResponse = 0x40;            // ICF
constexpr std::uint8_t kGatewayCount = 0x02;          // GCT: bridges that may be passed
constexpr std::uint8_t kLocalNetwork = 0x00;

constexpr std::string_view kMagic = "FINS";
constexpr std::uint32_t kTcpCommandAndError = 8;
constexpr std::size_t kTcpLengthEnd = 8;

/// The head of a response up to its end code.
struct Head {
  std::uint8_t icf = 0;
  std::uint8_t da1 = 0;
  std::uint8_t da2 = 0;
  std::uint8_t sa1 = 0;
  std::uint8_t sa2 = 0;
  std::uint8_t sid = 0;
  std::uint16_t command = 0;
  std::uint16_t end_code = 0;

  bool is_response() const { return (icf & kIsResponse) != 0; }
};
constexpr std::size_t kHeadSize = 14;

std::optional<Head> head_of(std::string_view frame) {
  if (frame.size() < kHeadSize) {
    return std::nullopt;
  }
  const auto u8 = [frame](std::size_t at) { return static_cast<std::uint8_t>(frame[at]); };
  const auto u16 = [u8](std::size_t at) {
    return static_cast<std::uint16_t>(u8(at) << 8 | u8(at + 1));
  };
  return Head{.icf = u8(0),
              .da1 = u8(4),
              .da2 = u8(5),
              .sa1 = u8(7),
              .sa2 = u8(8),
              .sid = u8(9),
              .command = u16(10),
              .end_code = u16(12)};
}

/// A node that was asked as 00 answers by its real number.
bool comes_from(const Question& question, std::uint8_t node, std::uint8_t unit) {
  return unit == question.unit && (question.node == kThisNode || node == question.node);
}

std::string tcp_frame(TcpCommand command, std::string_view body) {
  return ByteWriter()
      .bytes(kMagic)
      .u32_be(static_cast<std::uint32_t>(kTcpCommandAndError + body.size()))
      .u32_be(static_cast<std::uint32_t>(command))
      .u32_be(0)
      .bytes(body)
      .take();
}

bool is_node(std::uint32_t number) {
  return number >= kFirstNode && number <= kLastNode;
}

}  // namespace

std::string command_frame(const Question& question) {
  return ByteWriter()
      .u8(kCommandWantsResponse)
      .u8(0)
      .u8(kGatewayCount)
      .u8(kLocalNetwork)
      .u8(question.node)
      .u8(question.unit)
      .u8(kLocalNetwork)
      .u8(question.own_node)
      .u8(kCpu)
      .u8(question.service_id)
      .u16_be(static_cast<std::uint16_t>(question.command))
      .bytes(question.parameters)
      .take();
}

std::string in_tcp(std::string_view fins_frame) {
  return tcp_frame(TcpCommand::frame_send, fins_frame);
}

std::string node_address_request() {
  constexpr std::string_view kAllotAutomatically("\0\0\0\0", 4);
  return tcp_frame(TcpCommand::node_address_request, kAllotAutomatically);
}

bool is_answer(const Question& question, std::string_view fins_frame) {
  const auto head = head_of(fins_frame);
  if (!head || head->sid != question.service_id ||
      head->command != static_cast<std::uint16_t>(question.command)) {
    return false;
  }
  // Some devices send the head of the command back as it was.
  const bool is_copied = !head->is_response() && comes_from(question, head->da1, head->da2);
  return (is_copied || comes_from(question, head->sa1, head->sa2)) &&
         fins_frame != command_frame(question);
}

bool is_tcp_answer(const Question& question, std::string_view tcp_frame) {
  const auto frame = parse_tcp(tcp_frame);
  if (!frame) {
    return false;
  }
  return frame->command == TcpCommand::error_notification ||
         (frame->command == TcpCommand::frame_send && is_answer(question, frame->body));
}

bool is_node_address_answer(std::string_view tcp_frame) {
  const auto frame = parse_tcp(tcp_frame);
  return frame && (frame->command == TcpCommand::node_address ||
                   frame->command == TcpCommand::error_notification);
}

Result<TcpFrame> parse_tcp(std::string_view tcp_frame) {
  ByteReader reader(tcp_frame);
  const auto magic = reader.bytes(kMagic.size());
  const auto length = reader.u32_be();
  const auto command = reader.u32_be();
  const auto error = reader.u32_be();
  if (!error || *magic != kMagic || *length != tcp_frame.size() - kTcpLengthEnd) {
    return fail(Errc::malformed,
                fmt::format("{} bytes that are no FINS/TCP frame", tcp_frame.size()));
  }
  return TcpFrame{static_cast<TcpCommand>(*command), *error, tcp_frame.substr(reader.offset())};
}

Result<Nodes> parse_nodes(std::string_view body) {
  ByteReader reader(body);
  const auto client = reader.u32_be();
  const auto server = reader.u32_be();
  if (!client || !server || !is_node(*client) || !is_node(*server)) {
    return fail(Errc::malformed, "the FINS/TCP handshake allots no node addresses (1 to 254)");
  }
  return Nodes{static_cast<std::uint8_t>(*client), static_cast<std::uint8_t>(*server)};
}

Result<Reply> parse_reply(std::string_view fins_frame) {
  const auto head = head_of(fins_frame);
  if (!head) {
    return fail(Errc::malformed,
                fmt::format("the FINS response ends after {} bytes, before its end code",
                            fins_frame.size()));
  }
  Reply reply({head->end_code}, std::string(fins_frame.substr(kHeadSize)));
  if (head->is_response()) {
    reply.node = head->sa1;
  }
  constexpr std::size_t kRelaySize = 2;
  if (reply.end_code.is_relay_error() && reply.data.size() >= kRelaySize) {
    reply.relay =
        Relay{static_cast<std::uint8_t>(reply.data[0]), static_cast<std::uint8_t>(reply.data[1])};
    reply.data.erase(0, kRelaySize);
  }
  return reply;
}

std::string describe_failure(const Reply& reply) {
  const auto place =
      reply.relay ? fmt::format(": network {}, node {}", reply.relay->network, reply.relay->node)
                  : std::string();
  return describe(reply.end_code) + place;
}

}  // namespace ot::protocols::fins
