#include "protocols/enip/status.hpp"

#include <array>

#include <fmt/format.h>

#include "protocols/enip/code_name.hpp"

namespace ot::protocols::enip {
namespace {

/// CIP volume 1, appendix B.
constexpr std::array<CodeName, 45> kGeneralStatus = {{
    {0x00, "Success"},
    {0x01, "Connection failure"},
    {0x02, "Resource unavailable"},
    {0x03, "Invalid parameter value"},
    {0x04, "Path segment error"},
    {0x05, "Path destination unknown"},
    {0x06, "Partial transfer"},
    {0x07, "Connection lost"},
    {0x08, "Service not supported"},
    {0x09, "Invalid attribute value"},
    {0x0A, "Attribute list error"},
    {0x0B, "Already in requested mode/state"},
    {0x0C, "Object state conflict"},
    {0x0D, "Object already exists"},
    {0x0E, "Attribute not settable"},
    {0x0F, "Privilege violation"},
    {0x10, "Device state conflict"},
    {0x11, "Reply data too large"},
    {0x12, "Fragmentation of a primitive value"},
    {0x13, "Not enough data"},
    {0x14, "Attribute not supported"},
    {0x15, "Too much data"},
    {0x16, "Object does not exist"},
    {0x17, "Service fragmentation sequence not in progress"},
    {0x18, "No stored attribute data"},
    {0x19, "Store operation failure"},
    {0x1A, "Routing failure, request packet too large"},
    {0x1B, "Routing failure, response packet too large"},
    {0x1C, "Missing attribute list entry data"},
    {0x1D, "Invalid attribute value list"},
    {0x1E, "Embedded service error"},
    {0x1F, "Vendor specific error"},
    {0x20, "Invalid parameter"},
    {0x21, "Write-once value or medium already written"},
    {0x22, "Invalid reply received"},
    {0x23, "Buffer overflow"},
    {0x24, "Invalid message format"},
    {0x25, "Key failure in path"},
    {0x26, "Path size invalid"},
    {0x27, "Unexpected attribute in list"},
    {0x28, "Invalid Member ID"},
    {0x29, "Member not settable"},
    {0x2A, "Group 2 only server general failure"},
    {0x2B, "Unknown Modbus error"},
    {0x2C, "Attribute not gettable"},
}};
static_assert(std::ranges::is_sorted(kGeneralStatus, {}, &CodeName::code));

/// Of the Connection Manager; CIP volume 1, table 3-5.29.
constexpr std::array<CodeName, 86> kExtendedStatus = {{
    {0x0100, "Connection in use or duplicate Forward Open"},
    {0x0103, "Transport class and trigger combination not supported"},
    {0x0106, "Ownership conflict"},
    {0x0107, "Target connection not found"},
    {0x0108, "Invalid network connection parameter"},
    {0x0109, "Invalid connection size"},
    {0x0110, "Target for connection not configured"},
    {0x0111, "RPI not supported"},
    {0x0112, "RPI value(s) not acceptable"},
    {0x0113, "Out of connections"},
    {0x0114, "Vendor ID or product code mismatch"},
    {0x0115, "Device type mismatch"},
    {0x0116, "Revision mismatch"},
    {0x0117, "Invalid produced or consumed application path"},
    {0x0118, "Invalid or inconsistent configuration application path"},
    {0x0119, "Non-listen only connection not opened"},
    {0x011A, "Target object out of connections"},
    {0x011B, "RPI is smaller than the production inhibit time"},
    {0x011C, "Transport class not supported"},
    {0x011D, "Production trigger not supported"},
    {0x011E, "Direction not supported"},
    {0x011F, "Invalid O->T Fixed/Variable"},
    {0x0120, "Invalid T->O Fixed/Variable"},
    {0x0121, "Invalid O->T Priority"},
    {0x0122, "Invalid T->O Priority"},
    {0x0123, "Invalid O->T connection type"},
    {0x0124, "Invalid T->O connection type"},
    {0x0125, "Invalid O->T redundant owner"},
    {0x0126, "Invalid configuration size"},
    {0x0127, "Invalid O->T size"},
    {0x0128, "Invalid T->O size"},
    {0x0129, "Invalid configuration application path"},
    {0x012A, "Invalid consuming application path"},
    {0x012B, "Invalid producing application path"},
    {0x012C, "Configuration symbol does not exist"},
    {0x012D, "Consuming symbol does not exist"},
    {0x012E, "Producing symbol does not exist"},
    {0x012F, "Inconsistent application path combination"},
    {0x0130, "Inconsistent consume data format"},
    {0x0131, "Inconsistent produce data format"},
    {0x0132, "NULL ForwardOpen not supported"},
    {0x0203, "Connection timed out"},
    {0x0204, "Unconnected request timed out"},
    {0x0205, "Parameter error in unconnected request"},
    {0x0206, "Message too large for UnconnectedSend"},
    {0x0207, "Unconnected acknowledged without reply"},
    {0x0301, "No buffer memory available"},
    {0x0302, "Network bandwidth not available for data"},
    {0x0303, "No consumed connection ID filter available"},
    {0x0304, "Not configured to send scheduled priority data"},
    {0x0305, "Schedule signature mismatch"},
    {0x0306, "Schedule signature validation not possible"},
    {0x0311, "Port not available"},
    {0x0312, "Link address not valid"},
    {0x0315, "Invalid segment in connection path"},
    {0x0316, "ForwardClose connection path mismatch"},
    {0x0317, "Scheduling not specified"},
    {0x0318, "Link address to self invalid"},
    {0x0319, "Secondary resources unavailable"},
    {0x031A, "Rack connection already established"},
    {0x031B, "Module connection already established"},
    {0x031C, "Miscellaneous"},
    {0x031D, "Redundant connection mismatch"},
    {0x031E, "No more user configurable link consumer resources available in the producing module"},
    {0x031F,
     "No more user configurable link consumer resources configured in the producing module"},
    {0x0800, "Network link offline"},
    {0x0801, "Incompatible Multicast RPI"},
    {0x0802, "Invalid Safety Connection Size"},
    {0x0803, "Invalid Safety Connection Format"},
    {0x0804, "Invalid Time Correction Connection Parameters"},
    {0x0805, "Invalid Ping Interval EPI Multiplier"},
    {0x0806, "Time Coordination Msg Min Multiplier"},
    {0x0807, "Network Time Expectation Multiplier"},
    {0x0808, "Timeout Multiplier"},
    {0x0809, "Invalid Max Consumer Number"},
    {0x080A, "Invalid CPCRC"},
    {0x080B, "Time Correction Connection ID Invalid"},
    {0x080C, "SCID Mismatch"},
    {0x080D, "TUNID not set"},
    {0x080E, "TUNID Mismatch"},
    {0x080F, "Configuration operation not allowed"},
    {0x0810, "No target application data available"},
    {0x0811, "No originator application data available"},
    {0x0812, "Node address has changed since the network was scheduled"},
    {0x0813, "Not configured for off-subnet multicast"},
    {0x0814, "Invalid produce/consume data format"},
}};
static_assert(std::ranges::is_sorted(kExtendedStatus, {}, &CodeName::code));

/// CIP volume 2, table 2-3.3; the other numbers are devices' own.
constexpr std::array<CodeName, 8> kEncapsulationStatus = {{
    {0x00, "success"},
    {0x01, "invalid or unsupported command"},
    {0x02, "out of memory"},
    {0x03, "incorrect data"},
    {0x64, "invalid session handle"},
    {0x65, "invalid length"},
    {0x69, "unsupported protocol revision"},
    {0x6A, "CIP service not allowed on this port"},
}};
static_assert(std::ranges::is_sorted(kEncapsulationStatus, {}, &CodeName::code));

/// CIP volume 1, table 5A-2.3: the faults among the bits of the Identity's status.
constexpr std::array<CodeName, 4> kFaults = {{
    {0x0100, "minor recoverable fault"},
    {0x0200, "minor unrecoverable fault"},
    {0x0400, "major recoverable fault"},
    {0x0800, "major unrecoverable fault"},
}};

std::string numbered(std::string number, std::string_view name) {
  return name.empty() ? std::move(number) : fmt::format("{} {}", number, name);
}

}  // namespace

std::string status_text(std::uint8_t general, const std::uint16_t* extended) {
  auto text = numbered(fmt::format("{:02X}", general), find_name(kGeneralStatus, general));
  if (extended == nullptr) {
    return text;
  }
  // Only behind a connection failure are the extended words the Connection Manager's.
  constexpr std::uint8_t kConnectionFailure = 0x01;
  const auto name =
      general == kConnectionFailure ? find_name(kExtendedStatus, *extended) : std::string_view();
  return text + ", " + numbered(fmt::format("{:04X}", *extended), name);
}

std::string encapsulation_status_text(std::uint32_t status) {
  const auto known = status <= 0xFFFF
                         ? find_name(kEncapsulationStatus, static_cast<std::uint16_t>(status))
                         : std::string_view();
  return numbered(fmt::format("{:04X}", status), known);
}

std::string faults_text(std::uint16_t device_status) {
  std::string text;
  for (const auto& fault : kFaults) {
    if ((device_status & fault.code) != 0) {
      text += text.empty() ? "" : ", ";
      text += fault.name;
    }
  }
  return text;
}

}  // namespace ot::protocols::enip
