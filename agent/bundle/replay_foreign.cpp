#include <array>

#include <fmt/format.h>

#include "agent/bundle/replay_wires.hpp"

namespace ot::agent::bundle {
namespace {

std::string named(std::string_view protocol, std::uint8_t code, std::string_view name) {
  return fmt::format("{} {:02X}{}{}", protocol, code, name.empty() ? "" : " ", name);
}

// --- S7comm: RFC 1006 (TPKT), ISO 8073 (COTP) and Siemens' own within ---

constexpr std::uint8_t kS7Magic = 0x32;
constexpr std::uint8_t kJob = 0x01;
constexpr std::uint8_t kUserData = 0x07;
constexpr std::uint8_t kConnectionRequest = 0xE0;
constexpr std::uint8_t kConnectionConfirm = 0xD0;
constexpr std::size_t kTpkt = 4;
constexpr std::size_t kUserDataHead = 10;

constexpr std::array kJobs = {
    CodeName{0x04, "Read Var"},
    CodeName{0x05, "Write Var"},
    CodeName{0x1A, "Request Download"},
    CodeName{0x1B, "Download Block"},
    CodeName{0x1C, "Download Ended"},
    CodeName{0x1D, "Start Upload"},
    CodeName{0x1E, "Upload"},
    CodeName{0x1F, "End Upload"},
    CodeName{0x28, "PI Service"},
    CodeName{0x29, "PLC Stop"},
    CodeName{0xF0, "Setup Communication"},
};

bool is_tpkt(std::string_view frame) {
  return frame.size() > kTpkt && u8_at(frame, 0) == 3 && u8_at(frame, 1) == 0 &&
         u16_be_at(frame, 2) == frame.size();
}

std::uint8_t cotp_type(std::string_view frame) {
  return static_cast<std::uint8_t>(u8_at(frame, kTpkt + 1) & 0xF0U);
}

/// Behind the COTP header, which says how long it is.
std::string_view s7_in(std::string_view frame) {
  const auto s7 = behind(frame, kTpkt + 1 + u8_at(frame, kTpkt));
  return u8_at(s7, 0) == kS7Magic ? s7 : std::string_view();
}

/// Of a request: its head, then the function group and the function; the SZL id in its data.
std::string user_data_kind(std::string_view s7) {
  constexpr std::uint8_t kCpuFunctions = 4;
  constexpr std::uint8_t kReadSzl = 1;
  const auto parameters = behind(s7, kUserDataHead);
  const auto group = static_cast<std::uint8_t>(u8_at(parameters, 5) & 0x0FU);
  const auto function = u8_at(parameters, 6);
  if (group == kCpuFunctions && function == kReadSzl) {
    const auto data = behind(parameters, u16_be_at(s7, 6));
    return fmt::format("S7comm Read SZL {:04X}", u16_be_at(data, 4));
  }
  return fmt::format("S7comm user data, group {}, function {:02X}", group, function);
}

std::string s7_kind(std::string_view frame) {
  if (cotp_type(frame) == kConnectionRequest) {
    return "COTP connection request";
  }
  const auto s7 = s7_in(frame);
  if (s7.empty()) {
    return fmt::format("COTP {:02X}", u8_at(frame, kTpkt + 1));
  }
  const auto type = u8_at(s7, 1);
  if (type == kUserData) {
    return user_data_kind(s7);
  }
  const auto function = u8_at(s7, kUserDataHead);
  return type == kJob ? named("S7comm", function, name_in(kJobs, function))
                      : fmt::format("S7comm message of type {:02X}", type);
}

std::string s7_outcome(std::string_view answer) {
  const auto s7 = s7_in(answer);
  if (!is_tpkt(answer) || s7.empty()) {
    return is_tpkt(answer) && cotp_type(answer) == kConnectionConfirm ? "connection confirmed"
                                                                      : "answered";
  }
  // An acknowledgement has its error at the end of its head, user data in the parameters.
  constexpr std::size_t kErrorInParameters = 10;
  const bool is_user_data = u8_at(s7, 1) == kUserData;
  const auto error = u16_be_at(s7, is_user_data ? kUserDataHead + kErrorInParameters : 10);
  return fmt::format("error code {:04X}", error);
}

// --- BACnet/IP: ANSI/ASHRAE 135, annex J and clauses 6, 20, 21 ---

constexpr std::array kBacnetServices = {
    CodeName{0x06, "atomicReadFile"},     CodeName{0x07, "atomicWriteFile"},
    CodeName{0x0C, "readProperty"},       CodeName{0x0E, "readPropertyMultiple"},
    CodeName{0x0F, "writeProperty"},      CodeName{0x10, "writePropertyMultiple"},
    CodeName{0x14, "reinitializeDevice"}, CodeName{0x1A, "readRange"},
};
constexpr std::array kBacnetUnconfirmed = {
    CodeName{0x00, "i-Am"},
    CodeName{0x01, "i-Have"},
    CodeName{0x07, "who-Has"},
    CodeName{0x08, "who-Is"},
};

bool is_bacnet(std::string_view frame) {
  return frame.size() > 4 && u8_at(frame, 0) == 0x81 && u16_be_at(frame, 2) == frame.size();
}

/// The APDU of a frame that is not routed; empty of any other.
std::string_view apdu_in(std::string_view frame) {
  constexpr std::size_t kNetworkAt = 4;
  constexpr unsigned kRoutedOrNetwork = 0x80 | 0x20 | 0x08;
  const bool is_plain = (u8_at(frame, kNetworkAt + 1) & kRoutedOrNetwork) == 0;
  return is_plain ? behind(frame, kNetworkAt + 2) : std::string_view();
}

std::string bacnet_kind(std::string_view frame) {
  constexpr std::size_t kServiceAt = 3;
  const auto apdu = apdu_in(frame);
  const auto type = u8_at(apdu, 0) >> 4;
  if (!apdu.empty() && type == 0) {
    const auto service = u8_at(apdu, kServiceAt);
    return named("BACnet/IP", service, name_in(kBacnetServices, service));
  }
  if (!apdu.empty() && type == 1) {
    const auto service = u8_at(apdu, 1);
    return named("BACnet/IP unconfirmed", service, name_in(kBacnetUnconfirmed, service));
  }
  return fmt::format("BACnet/IP message {:02X}", u8_at(frame, 1));
}

std::string bacnet_outcome(std::string_view answer) {
  switch (u8_at(apdu_in(answer), 0) >> 4) {
    case 2:
    case 3: return "acknowledged";
    case 5: return "BACnet error";
    case 6: return "BACnet reject";
    case 7: return "BACnet abort";
    default: return "answered";
  }
}

// --- PROFINET IO context management: DCE/RPC 1.1 without a connection (IEC 61158-6-10) ---

constexpr std::array kProfinetOperations = {
    CodeName{0, "Connect"}, CodeName{1, "Release"}, CodeName{2, "Read"},
    CodeName{3, "Write"},   CodeName{4, "Control"}, CodeName{5, "Read Implicit"},
};

bool is_profinet(std::string_view frame) {
  constexpr std::size_t kInterfaceAt = 24;
  constexpr std::size_t kHead = 80;
  constexpr std::string_view kLittleEndian("\xA0\xDE\x97\x6C\xD1\x11\x82\x71", 8);
  constexpr std::string_view kBigEndian("\xDE\xA0\x00", 3);
  const auto interface = behind(frame, kInterfaceAt);
  return frame.size() >= kHead && u8_at(frame, 0) == 4 &&
         (behind(interface, 2).starts_with(kLittleEndian) || interface.starts_with(kBigEndian));
}

std::string profinet_kind(std::string_view frame) {
  constexpr std::size_t kDataRepresentation = 4;
  constexpr std::size_t kOperationAt = 68;
  const bool is_little = (u8_at(frame, kDataRepresentation) & 0xF0U) != 0;
  const auto operation =
      is_little ? u16_le_at(frame, kOperationAt) : u16_be_at(frame, kOperationAt);
  return fmt::format("PROFINET IO {} {}", operation, name_in(kProfinetOperations, operation));
}

Reading reading(std::string kind, std::string_view answer,
                std::string (*outcome)(std::string_view)) {
  Reading made;
  made.kind = std::move(kind);
  made.outcome = answer.empty() ? std::string(kNoAnswer) : outcome(answer);
  return made;
}

std::string just_answered(std::string_view) {
  return "answered";
}

}  // namespace

std::optional<Reading> foreign_reading(std::string_view request, std::string_view answer) {
  if (is_tpkt(request)) {
    return reading(s7_kind(request), answer, s7_outcome);
  }
  if (is_bacnet(request)) {
    return reading(bacnet_kind(request), answer, bacnet_outcome);
  }
  if (is_profinet(request)) {
    return reading(profinet_kind(request), answer, just_answered);
  }
  return std::nullopt;
}

}  // namespace ot::agent::bundle
