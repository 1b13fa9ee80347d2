#include <array>

#include <fmt/format.h>

#include "agent/bundle/replay_wires.hpp"
#include "base/text.hpp"
#include "protocols/fins/codec.hpp"
#include "protocols/fins/controller_data.hpp"
#include "protocols/fins/survey.hpp"
#include "protocols/fins/units.hpp"

namespace ot::agent::bundle {
namespace {

namespace fins = protocols::fins;
using protocols::link::Wire;

// Where things stand in a command frame.
constexpr std::size_t kUnitAt = 5;
constexpr std::size_t kCommandAt = 10;
constexpr std::size_t kParametersAt = 12;

/// W342, section 5-2, and W227, 5-2.
constexpr std::array kCommands = {
    CodeName{0x0101, "MEMORY AREA READ"},
    CodeName{0x0102, "MEMORY AREA WRITE"},
    CodeName{0x0103, "MEMORY AREA FILL"},
    CodeName{0x0104, "MULTIPLE MEMORY AREA READ"},
    CodeName{0x0105, "MEMORY AREA TRANSFER"},
    CodeName{0x0201, "PARAMETER AREA READ"},
    CodeName{0x0202, "PARAMETER AREA WRITE"},
    CodeName{0x0203, "PARAMETER AREA CLEAR"},
    CodeName{0x0220, "DATA LINK TABLE READ"},
    CodeName{0x0221, "DATA LINK TABLE WRITE"},
    CodeName{0x0304, "PROGRAM AREA PROTECT"},
    CodeName{0x0305, "PROGRAM AREA PROTECT CLEAR"},
    CodeName{0x0306, "PROGRAM AREA READ"},
    CodeName{0x0307, "PROGRAM AREA WRITE"},
    CodeName{0x0308, "PROGRAM AREA CLEAR"},
    CodeName{0x0401, "RUN"},
    CodeName{0x0402, "STOP"},
    CodeName{0x0403, "RESET"},
    CodeName{0x0501, "CPU UNIT DATA READ"},
    CodeName{0x0502, "CONNECTION DATA READ"},
    CodeName{0x0601, "CPU UNIT STATUS READ"},
    CodeName{0x0602, "NETWORK STATUS READ"},
    CodeName{0x0603, "DATA LINK STATUS READ"},
    CodeName{0x0620, "CYCLE TIME READ"},
    CodeName{0x0701, "CLOCK READ"},
    CodeName{0x0702, "CLOCK WRITE"},
    CodeName{0x0801, "LOOP-BACK TEST"},
    CodeName{0x0802, "BROADCAST TEST RESULTS READ"},
    CodeName{0x0803, "BROADCAST TEST DATA SEND"},
    CodeName{0x0920, "MESSAGE READ, CLEAR OR FAL READ"},
    CodeName{0x0C01, "ACCESS RIGHT ACQUIRE"},
    CodeName{0x0C02, "ACCESS RIGHT FORCED ACQUIRE"},
    CodeName{0x0C03, "ACCESS RIGHT RELEASE"},
    CodeName{0x2101, "ERROR CLEAR"},
    CodeName{0x2102, "ERROR LOG READ"},
    CodeName{0x2103, "ERROR LOG CLEAR"},
    CodeName{0x2140, "FINS WRITE ACCESS LOG READ"},
    CodeName{0x2141, "FINS WRITE ACCESS LOG CLEAR"},
    CodeName{0x2201, "FILE NAME READ"},
    CodeName{0x2202, "SINGLE FILE READ"},
    CodeName{0x2203, "SINGLE FILE WRITE"},
    CodeName{0x2204, "FILE MEMORY FORMAT"},
    CodeName{0x2205, "FILE DELETE"},
    CodeName{0x2206, "VOLUME LABEL CREATE OR DELETE"},
    CodeName{0x2207, "FILE COPY"},
    CodeName{0x2208, "FILE NAME CHANGE"},
    CodeName{0x2209, "FILE DATA CHECK"},
    CodeName{0x220A, "MEMORY AREA FILE TRANSFER"},
    CodeName{0x220B, "PARAMETER AREA FILE TRANSFER"},
    CodeName{0x220C, "PROGRAM AREA FILE TRANSFER"},
    CodeName{0x220F, "FILE MEMORY INDEX READ"},
    CodeName{0x2210, "FILE MEMORY READ"},
    CodeName{0x2211, "FILE MEMORY WRITE"},
    CodeName{0x2215, "DIRECTORY CREATE OR DELETE"},
    CodeName{0x2301, "FORCED SET/RESET"},
    CodeName{0x2302, "FORCED SET/RESET CANCEL"},
    CodeName{0x230A, "MULTIPLE FORCED STATUS READ"},
    CodeName{0x2601, "NAME SET"},
    CodeName{0x2602, "NAME DELETE"},
    CodeName{0x2603, "NAME READ"},
};

Json cpu_fields(const fins::Reply& reply) {
  fins::Survey survey;
  survey.take_cpu(reply);
  const auto seen = survey.finish({});
  if (!seen) {
    return nullptr;
  }
  auto fields = hardware_fields(seen->asset.hardware);
  put_text(fields, "firmwareVersion", seen->asset.firmware_version);
  for (const auto& detail : seen->asset.details) {
    fields[detail.name] = detail.value;
  }
  return fields;
}

Json bus_unit_fields(std::uint8_t unit, const fins::Reply& reply) {
  const auto data = fins::parse_bus_unit_data(reply.data);
  if (!data) {
    return nullptr;
  }
  auto fields = hardware_fields(fins::hardware_of(data->model));
  fields["unitAddress"] = unit;
  put_text(fields, "firmwareVersion", data->version);
  put_text(fields, "ipAddress", data->address ? data->address->text() : "");
  put_text(fields, "subnetMask", data->subnet_mask ? data->subnet_mask->text() : "");
  put_text(fields, "macAddress", data->mac_address);
  return fields;
}

/// 05 01 tells of model and version unless only the rest (parameter 01) was asked for and given.
Json controller_fields(std::string_view command, const fins::Reply& reply) {
  constexpr std::string_view kTheRest = "\1";
  constexpr std::size_t kCpuDataSize = 92;
  const auto unit = u8_at(command, kUnitAt);
  if (behind(command, kParametersAt) == kTheRest && reply.data.size() < kCpuDataSize) {
    return nullptr;
  }
  return unit == fins::kCpu ? cpu_fields(reply) : bus_unit_fields(unit, reply);
}

Json unit_list_fields(const fins::Reply& reply) {
  const auto page = fins::parse_unit_page(reply.data);
  if (!page) {
    return nullptr;
  }
  Json units = Json::array();
  for (const auto& unit : page->units) {
    Json fields = {{"unitAddress", unit.address}};
    put_text(fields, "model", unit.model);
    units.push_back(std::move(fields));
  }
  Json fields = {{"units", std::move(units)}};
  fields["isLastPage"] = page->is_last;
  return fields;
}

std::string_view mode_text(std::uint8_t mode) {
  switch (mode) {
    case 0x00: return "PROGRAM";
    case 0x01: return "DEBUG";
    case 0x02: return "MONITOR";
    case 0x04: return "RUN";
    default: return "";
  }
}

/// W342, 5-3-18: status, mode, fatal and non-fatal errors, messages, error code and its text.
Json status_fields(const fins::Reply& reply) {
  constexpr std::size_t kErrorTextAt = 10;
  constexpr std::size_t kSize = kErrorTextAt + 16;
  if (reply.data.size() < kSize) {
    return nullptr;
  }
  Json fields = {{"running", (u8_at(reply.data, 0) & 1U) != 0}};
  put_text(fields, "mode", mode_text(u8_at(reply.data, 1)));
  fields["fatalErrors"] = fmt::format("{:04X}", u16_be_at(reply.data, 2));
  fields["nonFatalErrors"] = fmt::format("{:04X}", u16_be_at(reply.data, 4));
  fields["messages"] = fmt::format("{:04X}", u16_be_at(reply.data, 6));
  fields["errorCode"] = fmt::format("{:04X}", u16_be_at(reply.data, 8));
  const auto text = std::string_view(reply.data).substr(kErrorTextAt, 16);
  put_text(fields, "errorText", trim(text.substr(0, text.find('\0'))));
  return fields;
}

/// W342, 5-3-20: year, month, date, hour, minute, second in BCD; 98 to 97 are 1998 to 2097.
Json clock_fields(const fins::Reply& reply) {
  constexpr std::size_t kSize = 6;
  constexpr unsigned kFirstYear = 0x98;
  if (reply.data.size() < kSize) {
    return nullptr;
  }
  const auto part = [&reply](std::size_t at) { return u8_at(reply.data, at); };
  const auto* century = part(0) >= kFirstYear ? "19" : "20";
  return {{"clock", fmt::format("{}{:02X}-{:02X}-{:02X} {:02X}:{:02X}:{:02X}", century, part(0),
                                part(1), part(2), part(3), part(4), part(5))}};
}

Json fields_of(std::uint16_t code, std::string_view command, const fins::Reply& reply) {
  if (!reply.end_code.is_good()) {
    return nullptr;
  }
  switch (code) {
    case 0x0501: return controller_fields(command, reply);
    case 0x0502: return unit_list_fields(reply);
    case 0x0601: return status_fields(reply);
    case 0x0701: return clock_fields(reply);
    default: return nullptr;
  }
}

Reading command_reading(std::string_view command, std::string_view answer) {
  Reading reading;
  if (command.size() < kParametersAt) {
    reading.kind = fmt::format("FINS: {} bytes that are no command", command.size());
    reading.outcome = answer.empty() ? kNoAnswer : "answered";
    return reading;
  }
  const auto code = u16_be_at(command, kCommandAt);
  const auto name = name_in(kCommands, code);
  reading.kind = fmt::format("FINS {:04X}{}{}", code, name.empty() ? "" : " ", name);
  if (answer.empty()) {
    reading.outcome = kNoAnswer;
    return reading;
  }
  const auto reply = fins::parse_reply(answer);
  reading.outcome = reply ? fins::describe_failure(*reply) : reply.error().message();
  if (reply) {
    reading.fields = fields_of(code, command, *reply);
  }
  return reading;
}

Reading node_address_reading(const Result<fins::TcpFrame>& answer) {
  Reading reading;
  reading.kind = "FINS/TCP node address";
  if (!answer) {
    reading.outcome = kNoAnswer;
    return reading;
  }
  if (answer->error != 0) {
    reading.outcome = fins::describe_tcp_error(answer->error);
    return reading;
  }
  reading.outcome = "answered";
  if (const auto nodes = fins::parse_nodes(answer->body)) {
    reading.fields = {{"clientNode", nodes->client}, {"serverNode", nodes->server}};
  }
  return reading;
}

Reading tcp_reading(std::string_view request, std::string_view answer) {
  const auto asked = fins::parse_tcp(request);
  const auto answered = fins::parse_tcp(answer);
  if (!asked) {
    Reading reading;
    reading.kind = asked.error().message();
    reading.outcome = answer.empty() ? kNoAnswer : "answered";
    return reading;
  }
  if (asked->command == fins::TcpCommand::node_address_request) {
    return node_address_reading(answered);
  }
  if (asked->command != fins::TcpCommand::frame_send) {
    Reading reading;
    reading.kind = fmt::format("FINS/TCP command {}", static_cast<std::uint32_t>(asked->command));
    reading.outcome = answer.empty() ? kNoAnswer : "answered";
    return reading;
  }
  auto reading = command_reading(asked->body, answered ? answered->body : std::string_view());
  if (answered && answered->error != 0) {
    reading.outcome = fins::describe_tcp_error(answered->error);
  }
  return reading;
}

}  // namespace

Reading fins_reading(Wire wire, std::string_view request, std::string_view answer) {
  return wire == Wire::fins_tcp ? tcp_reading(request, answer) : command_reading(request, answer);
}

}  // namespace ot::agent::bundle
