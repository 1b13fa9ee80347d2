#include <array>

#include <fmt/format.h>

#include "agent/bundle/replay_wires.hpp"
#include "base/text.hpp"
#include "protocols/modbus/codec.hpp"

namespace ot::agent::bundle {
namespace {

namespace modbus = protocols::modbus;
using protocols::link::Wire;

constexpr std::uint8_t kDiagnostics = 0x08;
constexpr std::uint8_t kReportServerId = 0x11;
constexpr std::uint8_t kEncapsulatedInterface = 0x2B;
constexpr std::uint8_t kDeviceIdentification = 0x0E;
constexpr std::uint8_t kUmas = 0x5A;

/// Application Protocol V1.1b3, section 6.
constexpr std::array kFunctions = {
    CodeName{0x01, "Read Coils"},
    CodeName{0x02, "Read Discrete Inputs"},
    CodeName{0x03, "Read Holding Registers"},
    CodeName{0x04, "Read Input Registers"},
    CodeName{0x05, "Write Single Coil"},
    CodeName{0x06, "Write Single Register"},
    CodeName{0x07, "Read Exception Status"},
    CodeName{0x08, "Diagnostics"},
    CodeName{0x0B, "Get Comm Event Counter"},
    CodeName{0x0C, "Get Comm Event Log"},
    CodeName{0x0F, "Write Multiple Coils"},
    CodeName{0x10, "Write Multiple Registers"},
    CodeName{0x11, "Report Server ID"},
    CodeName{0x14, "Read File Record"},
    CodeName{0x15, "Write File Record"},
    CodeName{0x16, "Mask Write Register"},
    CodeName{0x17, "Read/Write Multiple Registers"},
    CodeName{0x18, "Read FIFO Queue"},
    CodeName{0x2B, "Encapsulated Interface Transport"},
};

/// Schneider's own protocol within function 5A. It was never published: names as those who
/// took it apart use them.
constexpr std::array kUmasFunctions = {
    CodeName{0x01, "INIT_COMM"},
    CodeName{0x02, "READ_ID"},
    CodeName{0x03, "READ_PROJECT_INFO"},
    CodeName{0x04, "READ_PLC_INFO"},
    CodeName{0x06, "READ_CARD_INFO"},
    CodeName{0x0A, "REPEAT"},
    CodeName{0x10, "TAKE_PLC_RESERVATION"},
    CodeName{0x11, "RELEASE_PLC_RESERVATION"},
    CodeName{0x12, "KEEP_ALIVE"},
    CodeName{0x20, "READ_MEMORY_BLOCK"},
    CodeName{0x22, "READ_VARIABLES"},
    CodeName{0x23, "WRITE_VARIABLES"},
    CodeName{0x24, "READ_COILS_REGISTERS"},
    CodeName{0x25, "WRITE_COILS_REGISTERS"},
    CodeName{0x30, "INITIALIZE_UPLOAD"},
    CodeName{0x31, "UPLOAD_BLOCK"},
    CodeName{0x32, "END_STRATEGY_UPLOAD"},
    CodeName{0x33, "INITIALIZE_DOWNLOAD"},
    CodeName{0x34, "DOWNLOAD_BLOCK"},
    CodeName{0x35, "END_STRATEGY_DOWNLOAD"},
    CodeName{0x39, "READ_ETH_MASTER_DATA"},
    CodeName{0x40, "START_PLC"},
    CodeName{0x41, "STOP_PLC"},
    CodeName{0x50, "MONITOR_PLC"},
    CodeName{0x58, "CHECK_PLC"},
    CodeName{0x70, "READ_IO_OBJECT"},
    CodeName{0x71, "WRITE_IO_OBJECT"},
    CodeName{0x73, "GET_STATUS_MODULE"},
};

std::string umas_kind(std::string_view pdu) {
  const auto function = u8_at(pdu, 2);
  const auto name = name_in(kUmasFunctions, function);
  return fmt::format("Modbus 5A UMAS {:02X}{}{}", function, name.empty() ? "" : " ", name);
}

std::string kind_of(std::string_view pdu) {
  const auto function = u8_at(pdu, 0);
  if (pdu.empty()) {
    return "Modbus: no frame";
  }
  if (function == kUmas) {
    return umas_kind(pdu);
  }
  if (function == kEncapsulatedInterface && u8_at(pdu, 1) == kDeviceIdentification) {
    return "Modbus 2B/0E Read Device Identification";
  }
  const auto name = name_in(kFunctions, function);
  const auto part =
      function == kDiagnostics ? fmt::format("/{:04X}", u16_be_at(pdu, 1)) : std::string();
  return fmt::format("Modbus {:02X}{}{}{}", function, part, name.empty() ? "" : " ", name);
}

std::string umas_outcome(std::string_view pdu) {
  constexpr std::uint8_t kGood = 0xFE;
  constexpr std::uint8_t kBad = 0xFD;
  switch (u8_at(pdu, 2)) {
    case kGood: return "UMAS FE (done)";
    case kBad: return "UMAS FD (refused)";
    default: return fmt::format("UMAS {:02X}", u8_at(pdu, 2));
  }
}

std::string outcome_of(std::string_view pdu) {
  if (pdu.empty()) {
    return std::string(kNoAnswer);
  }
  if (const auto exception = modbus::exception_in(pdu)) {
    return fmt::format("Modbus exception {:02X} ({})", static_cast<unsigned>(*exception),
                       modbus::describe(*exception));
  }
  return u8_at(pdu, 0) == kUmas ? umas_outcome(pdu) : "answered";
}

std::string text_of(const modbus::Objects& objects, modbus::ObjectId id) {
  const auto found = objects.find(static_cast<std::uint8_t>(id));
  return found == objects.end() ? std::string() : std::string(trim(found->second));
}

/// As records name them: the model is object 05, else 01.
Json identification_fields(std::string_view pdu) {
  using Id = modbus::ObjectId;
  const auto page = modbus::parse_identification(pdu);
  if (!page) {
    return nullptr;
  }
  const auto& objects = page->objects;
  const auto model = text_of(objects, Id::model_name);
  Json fields = Json::object();
  put_text(fields, "vendor", text_of(objects, Id::vendor_name));
  put_text(fields, "model", model.empty() ? text_of(objects, Id::product_code) : model);
  put_text(fields, "productName", text_of(objects, Id::product_name));
  put_text(fields, "firmwareVersion", text_of(objects, Id::major_minor_revision));
  put_text(fields, "productCode", text_of(objects, Id::product_code));
  put_text(fields, "vendorUrl", text_of(objects, Id::vendor_url));
  put_text(fields, "userApplicationName", text_of(objects, Id::user_application_name));
  for (const auto& [id, text] : objects) {
    if (id > static_cast<std::uint8_t>(Id::user_application_name)) {
      put_text(fields, fmt::format("object{:02X}", id).c_str(), text);
    }
  }
  fields["conformityLevel"] = fmt::format("{:02X}", page->conformity_level);
  return fields;
}

Json server_id_fields(std::string_view pdu) {
  const auto id = modbus::parse_server_id(pdu);
  if (!id) {
    return nullptr;
  }
  Json fields = {{"serverId", id->data}};
  if (id->run) {
    fields["runIndicator"] = *id->run ? "on" : "off";
  }
  return fields;
}

Json fields_of(std::string_view asked, std::string_view pdu) {
  if (pdu.empty() || modbus::exception_in(pdu)) {
    return nullptr;
  }
  const auto function = u8_at(asked, 0);
  if (function == kReportServerId) {
    return server_id_fields(pdu);
  }
  const bool is_identification =
      function == kEncapsulatedInterface && u8_at(asked, 1) == kDeviceIdentification;
  return is_identification ? identification_fields(pdu) : Json();
}

}  // namespace

Reading modbus_reading(Wire wire, std::string_view request, std::string_view answer) {
  const modbus::Envelope envelope(wire);
  const auto asked = envelope.pdu_of(request);
  const auto answered = envelope.pdu_of(answer);
  Reading reading;
  reading.kind = kind_of(asked);
  reading.outcome = outcome_of(answered);
  reading.fields = fields_of(asked, answered);
  if (!reading.fields.is_null()) {
    constexpr std::size_t kUnitOverTcp = 6;
    reading.fields["unit"] = u8_at(request, wire == Wire::modbus_tcp ? kUnitOverTcp : 0);
  }
  return reading;
}

}  // namespace ot::agent::bundle
