#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "protocols/fins/codes.hpp"

namespace ot::protocols::fins {

// Frames of FINS (W342, section 5) and of FINS/TCP (W420, 7-4), all big endian.
// Over UDP a FINS frame is the datagram; over TCP it goes behind a header.

/// MRC and SRC. 05 01 is CPU UNIT DATA READ to a CPU, CONTROLLER DATA READ to others.
enum class Command : std::uint16_t {
  controller_data_read = 0x0501,
  connection_data_read = 0x0502,
};

/// Unit addresses (DA2): the CPU, and the CPU bus units 0 to 15.
constexpr std::uint8_t kCpu = 0x00;
constexpr std::uint8_t kFirstBusUnit = 0x10;
constexpr std::uint8_t kLastBusUnit = 0x1F;

/// Node addresses: 00 is the unit that has got the frame; FF would be everyone.
constexpr std::uint8_t kThisNode = 0x00;
constexpr std::uint8_t kFirstNode = 1;
constexpr std::uint8_t kLastNode = 254;

/// A command to one unit of one node, and what its answer is known by.
struct Question {
  Command command = Command::controller_data_read;
  std::uint8_t unit = kCpu;       ///< DA2
  std::uint8_t node = kThisNode;  ///< DA1
  std::uint8_t own_node = 0;      ///< SA1
  std::uint8_t service_id = 0;    ///< SID
  std::string parameters;
};

std::string command_frame(const Question& question);

/// FINS FRAME SEND: the frame behind a FINS/TCP header.
std::string in_tcp(std::string_view fins_frame);

/// FINS NODE ADDRESS DATA SEND, client to server: asks for any free node.
std::string node_address_request();

/// Whether a FINS frame answers the question.
bool is_answer(const Question& question, std::string_view fins_frame);

/// Whether a FINS/TCP frame does, or tells why there will be no answer.
bool is_tcp_answer(const Question& question, std::string_view tcp_frame);
bool is_node_address_answer(std::string_view tcp_frame);

enum class TcpCommand : std::uint32_t {
  node_address_request = 0,
  node_address = 1,
  frame_send = 2,
  error_notification = 3,
  connection_confirmation = 6,
};

struct TcpFrame {
  TcpCommand command = TcpCommand::frame_send;
  std::uint32_t error = 0;
  std::string_view body;
};
Result<TcpFrame> parse_tcp(std::string_view tcp_frame);

/// Who is who on a FINS/TCP connection.
struct Nodes {
  std::uint8_t client = 0;
  std::uint8_t server = 0;
};
Result<Nodes> parse_nodes(std::string_view body);

/// The network and node of the relay that gave up.
struct Relay {
  std::uint8_t network = 0;
  std::uint8_t node = 0;
};

/// What came back. Has a constructor since it crosses co_awaits.
class Reply {
 public:
  Reply(EndCode judgement, std::string rest) : end_code(judgement), data(std::move(rest)) {}

  EndCode end_code;
  std::string data;                  ///< behind the end code
  std::optional<std::uint8_t> node;  ///< SA1, the real node of who answers
  std::optional<Relay> relay;
};
Result<Reply> parse_reply(std::string_view fins_frame);

/// "end code 8501 (destination not in ...), said by a relay on the way: network 2, node 7".
std::string describe_failure(const Reply& reply);

}  // namespace ot::protocols::fins
