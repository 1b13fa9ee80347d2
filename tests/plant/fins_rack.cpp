#include "tests/plant/fins_rack.hpp"

#include <algorithm>
#include <ctime>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace ot::plant {
namespace {

// W342, section 5: commands.
constexpr std::uint16_t kCpuUnitDataRead = 0x0501;
constexpr std::uint16_t kConnectionDataRead = 0x0502;
constexpr std::uint16_t kCpuUnitStatusRead = 0x0601;
constexpr std::uint16_t kClockRead = 0x0701;

// W342, 5-1-3: end codes.
constexpr std::uint16_t kNormal = 0x0000;
constexpr std::uint16_t kDestinationNotInNetwork = 0x0201;
constexpr std::uint16_t kUnitMissing = 0x0202;
constexpr std::uint16_t kUndefinedCommand = 0x0401;
constexpr std::uint16_t kCommandTooLong = 0x1001;
constexpr std::uint16_t kCommandTooShort = 0x1002;
constexpr std::uint16_t kParameterError = 0x110C;
constexpr std::uint16_t kNonFatalCpuError = 0x0040;  // a bit of each end code
constexpr std::uint16_t kRelayError = 0x8000;        // a bit; two bytes follow

constexpr std::uint8_t kCpu = 0x00;
constexpr std::uint8_t kFirstBusUnit = 0x10;
constexpr std::uint8_t kLastBusUnit = 0x1F;
constexpr std::uint8_t kConnectedUnit = 0xFE;
constexpr std::size_t kTextSize = 20;

std::string padded(std::string_view text, char filler) {
  std::string run(text.substr(0, kTextSize));
  run.resize(kTextSize, filler);
  return run;
}

FinsHeader header_of(std::string_view frame) {
  const auto at = [frame](std::size_t i) { return static_cast<std::uint8_t>(frame[i]); };
  return {.icf = at(0),
          .gct = at(2),
          .dna = at(3),
          .da1 = at(4),
          .da2 = at(5),
          .sna = at(6),
          .sa1 = at(7),
          .sa2 = at(8),
          .sid = at(9)};
}

std::uint16_t command_of(std::string_view frame) {
  return ByteReader(frame.substr(FinsHeader::kSize)).u16_be().value_or(0);
}

char bcd(int number) {
  return static_cast<char>(number / 10 % 10 * 16 + number % 10);
}

std::string clock_bcd() {
  const auto now = std::chrono::system_clock::to_time_t(ot::now());
  std::tm t{};
  ::gmtime_r(&now, &t);
  return {bcd(t.tm_year), bcd(t.tm_mon + 1), bcd(t.tm_mday), bcd(t.tm_hour),
          bcd(t.tm_min),  bcd(t.tm_sec),     bcd(t.tm_wday)};
}

std::string status() {
  ByteWriter out;
  constexpr std::uint8_t kRunning = 0x01;
  constexpr std::uint8_t kBatteryPresent = 0x04;
  constexpr std::uint8_t kMonitorMode = 0x02;
  out.u8(kRunning | kBatteryPresent).u8(kMonitorMode);
  out.u16_be(0).u16_be(0).u16_be(0).u16_be(0);  // fatal, non-fatal, message, FAL
  out.bytes(std::string(16, ' '));
  return out.take();
}

}  // namespace

FinsRack::FinsRack(const FinsDevice& device, Ipv4 address)
    : device_(device), node_(device.node.value_or(address.last_octet())) {}

std::string FinsRack::reply_to(std::string_view frame, std::uint8_t client) const {
  if (frame.size() < FinsHeader::kSize + 2) {
    return {};
  }
  const FinsHeader asked = header_of(frame);
  constexpr std::uint8_t kBroadcast = 0xFF;
  if (asked.is_response() || asked.wants_no_response() || asked.da1 == kBroadcast) {
    return {};
  }
  const std::uint16_t code = command_of(frame);
  const bool is_for_us = asked.da1 == 0 || asked.da1 == node_;
  Reply reply{.end_code = kDestinationNotInNetwork, .data = {}};
  if (is_for_us) {
    reply = command(asked.da2, code, frame.substr(FinsHeader::kSize + 2));
  }
  ByteWriter out;
  out.u8(0xC0).u8(0x00).u8(0x02);
  out.u8(asked.sna).u8(client != 0 ? client : asked.sa1).u8(asked.sa2);
  out.u8(asked.dna).u8(node_).u8(asked.da2).u8(asked.sid);
  out.u16_be(code).u16_be(reply.end_code).bytes(reply.data);
  return out.take();
}

FinsRack::Reply FinsRack::command(std::uint8_t unit, std::uint16_t code,
                                  std::string_view parameters) const {
  if (const auto refused = device_.refuses.find(code); refused != device_.refuses.end()) {
    const bool relayed = (refused->second & kRelayError) != 0;
    const std::string where{'\x01', static_cast<char>(node_)};  // the relay's network and node
    return {.end_code = refused->second, .data = relayed ? where : std::string()};
  }
  Reply reply{.end_code = kUnitMissing, .data = {}};
  if (unit == kCpu) {
    reply = cpu_command(code, parameters);
  } else if (const FinsUnit* found = unit_at(unit)) {
    reply = unit_command(*found, code, parameters);
  }
  if (reply.end_code == kNormal && device_.battery_flat) {
    reply.end_code = kNonFatalCpuError;
  }
  return reply;
}

/// FINS reaches the CPU and the CPU bus units alone, no special I/O unit.
const FinsUnit* FinsRack::unit_at(std::uint8_t address) const {
  for (const FinsUnit& unit : device_.units) {
    const bool is_bus_unit = unit.address >= kFirstBusUnit && unit.address <= kLastBusUnit;
    const bool is_asked = address == kConnectedUnit ? unit.network.has_value()  //
                                                    : unit.address == address;
    if (is_bus_unit && is_asked) {
      return &unit;
    }
  }
  return nullptr;
}

FinsRack::Reply FinsRack::cpu_command(std::uint16_t code, std::string_view parameters) const {
  if (code == kCpuUnitDataRead) {
    return cpu_unit_data_read(parameters);
  }
  if (code == kConnectionDataRead && !device_.nj) {
    return connection_data_read(parameters);
  }
  if (code != kCpuUnitStatusRead && code != kClockRead) {
    return {.end_code = kUndefinedCommand, .data = {}};
  }
  if (!parameters.empty()) {
    return {.end_code = kCommandTooLong, .data = {}};
  }
  return {.end_code = kNormal, .data = code == kClockRead ? clock_bcd() : status()};
}

FinsRack::Reply FinsRack::unit_command(const FinsUnit& unit, std::uint16_t code,
                                       std::string_view parameters) const {
  if (code != kCpuUnitDataRead || unit.version.empty()) {
    return {.end_code = kUndefinedCommand, .data = {}};
  }
  if (!parameters.empty()) {
    return {.end_code = kCommandTooLong, .data = {}};
  }
  ByteWriter out;
  out.bytes(padded(unit.model, ' ')).bytes(padded(unit.version, ' '));
  if (unit.network) {
    out.u32_be(unit.network->address.number).u32_be(unit.network->mask.number);
    out.u16_be(device_.port).u16_be(0);  // FINS UDP port, mode
    for (const std::uint8_t byte : unit.network->mac) {
      out.u8(byte);
    }
  }
  return {.end_code = kNormal, .data = out.take()};
}

std::string FinsRack::cpu_model_to_area() const {
  constexpr std::size_t kInternalVersionAt = 10;
  constexpr std::size_t kSystemUse = 40;
  std::string version = padded(device_.version, '\0');
  const std::string_view internal = device_.internal_version;
  version.replace(kInternalVersionAt, internal.size(), internal);
  std::string system_use = device_.system_use;
  system_use.resize(kSystemUse, '\0');
  return padded(device_.cpu, ' ') + version + system_use + device_.area;
}

/// Bus units 0 to 15: bit 15 says present; a model id, unknown here, may follow.
std::string FinsRack::bus_unit_configuration() const {
  std::array<std::uint16_t, 16> present{};
  for (const FinsUnit& unit : device_.units) {
    if (unit.address >= kFirstBusUnit && unit.address <= kLastBusUnit) {
      present[unit.address - kFirstBusUnit] = 0x8000;
    }
  }
  ByteWriter out;
  for (const std::uint16_t word : present) {
    out.u16_be(word);
  }
  constexpr std::size_t kReserved = 32;
  constexpr std::uint8_t kNoRemoteIo = 0;
  constexpr std::uint8_t kOneRack = 1;
  return out.zeros(kReserved).u8(kNoRemoteIo).u8(kOneRack).take();
}

FinsRack::Reply FinsRack::cpu_unit_data_read(std::string_view parameters) const {
  if (parameters.empty()) {
    return {.end_code = kNormal, .data = cpu_model_to_area() + bus_unit_configuration()};
  }
  if (parameters.size() > 1) {
    return {.end_code = kCommandTooLong, .data = {}};
  }
  switch (parameters[0]) {
    case 0: return {.end_code = kNormal, .data = cpu_model_to_area()};
    case 1: return {.end_code = kNormal, .data = bus_unit_configuration()};
    default: return {.end_code = kParameterError, .data = {}};
  }
}

FinsRack::Reply FinsRack::connection_data_read(std::string_view parameters) const {
  constexpr std::uint8_t kMostUnits = 25;
  constexpr std::uint8_t kLastIsIncluded = 0x80;
  if (parameters.empty() || parameters.size() > 2) {
    return {.end_code = parameters.empty() ? kCommandTooShort : kCommandTooLong, .data = {}};
  }
  const auto first = static_cast<std::uint8_t>(parameters[0]);
  const auto most = parameters.size() > 1 ? static_cast<std::uint8_t>(parameters[1]) : kMostUnits;
  if (most == 0 || most > kMostUnits) {
    return {.end_code = kParameterError, .data = {}};
  }
  const unsigned page = std::min<unsigned>(most, device_.page);
  std::vector<std::pair<std::uint8_t, std::string>> rest;
  if (first == kCpu) {
    rest.emplace_back(kCpu, device_.cpu);
  }
  for (const FinsUnit& unit : device_.units) {
    if (unit.address >= first) {
      rest.emplace_back(unit.address, unit.model);
    }
  }
  const auto count = std::min<std::size_t>(page, rest.size());
  const unsigned last = count == rest.size() ? kLastIsIncluded : 0;
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(count | last));
  for (std::size_t i = 0; i < count; ++i) {
    out.u8(rest[i].first).bytes(padded(rest[i].second, ' '));
  }
  return {.end_code = kNormal, .data = out.take()};
}

bool fins_is_harmless(std::string_view frame) {
  constexpr std::array kReading = {kCpuUnitDataRead, kConnectionDataRead, kCpuUnitStatusRead,
                                   kClockRead};
  if (frame.size() < FinsHeader::kSize + 2) {
    return false;
  }
  const FinsHeader header = header_of(frame);
  const bool is_read =
      std::find(kReading.begin(), kReading.end(), command_of(frame)) != kReading.end();
  return is_read && header.icf == 0x80 && header.da1 != 0xFF;
}

}  // namespace ot::plant
