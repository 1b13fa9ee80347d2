#include "agent/bundle/transplant.hpp"

#include <cstdint>

#include "protocols/link/wire.hpp"

namespace ot::agent::bundle {
namespace {

using protocols::link::Frame;
using protocols::link::Wire;

/// Copies bytes from the request, where both are long enough.
void take_over(const std::string& request, std::size_t from, std::size_t count, std::string& answer,
               std::size_t at) {
  if (from + count <= request.size() && at + count <= answer.size()) {
    answer.replace(at, count, request, from, count);
  }
}

/// ICF RSV GCT DNA DA1 DA2 SNA SA1 SA2 SID: the source of the request is where the answer goes.
/// The answer's own source stays: it tells which node the device has.
void address_fins(const std::string& request, std::size_t header, std::string& answer) {
  constexpr std::size_t kDestination = 3;
  constexpr std::size_t kSource = 6;
  constexpr std::size_t kAddress = 3;
  constexpr std::size_t kServiceId = 9;
  take_over(request, header + kSource, kAddress, answer, header + kDestination);
  take_over(request, header + kServiceId, 1, answer, header + kServiceId);
}

void address_fins_tcp(const std::string& request, std::string& answer) {
  constexpr std::size_t kCommandEnd = 11;
  constexpr std::size_t kTcpHeader = 16;
  constexpr char kFrameSend = 2;
  if (answer.size() > kTcpHeader && answer[kCommandEnd] == kFrameSend) {
    address_fins(request, kTcpHeader, answer);
  }
}

void address_enip(const Frame& request, std::string& answer) {
  constexpr std::size_t kSession = 4;
  constexpr std::size_t kContext = 12;
  if (!opens_session(request)) {
    take_over(request.bytes(), kSession, 4, answer, kSession);
  }
  take_over(request.bytes(), kContext, 8, answer, kContext);
}

}  // namespace

std::string transplanted(const Frame& request, std::string answer) {
  switch (request.wire()) {
    case Wire::fins_tcp: address_fins_tcp(request.bytes(), answer); break;
    case Wire::fins_udp: address_fins(request.bytes(), 0, answer); break;
    case Wire::enip_tcp:
    case Wire::enip_udp: address_enip(request, answer); break;
    case Wire::modbus_tcp: take_over(request.bytes(), 0, 2, answer, 0); break;
    case Wire::modbus_rtu: break;
  }
  return answer;
}

std::string lesser_meaning(const Frame& request) {
  // Function, MEI type and code stand behind the unit; over TCP it is the seventh byte.
  constexpr std::size_t kUnitTcp = 6;
  const auto code_at = (request.wire() == Wire::modbus_tcp ? kUnitTcp : 0) + 3;
  const bool is_modbus = request.wire() == Wire::modbus_tcp || request.wire() == Wire::modbus_rtu;
  constexpr char kEncapsulatedInterface = 0x2B;
  auto bytes = request.bytes();
  if (!is_modbus || bytes.size() <= code_at || bytes[code_at - 2] != kEncapsulatedInterface ||
      bytes[code_at] < 2 || bytes[code_at] > 3) {
    return {};
  }
  bytes[code_at] = 1;
  return protocols::link::allowed(request.wire(), bytes).value_or(std::string());
}

}  // namespace ot::agent::bundle
