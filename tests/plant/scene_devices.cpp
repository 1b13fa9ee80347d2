#include "tests/plant/scene_devices.hpp"

#include <algorithm>
#include <array>

namespace ot::plant {
namespace {

constexpr std::size_t kLongestFinsText = 20;
constexpr std::size_t kLongestName = 255;
/// What fits into a PDU of 253 bytes beside its head and the object's.
constexpr std::size_t kLongestObject = 244;

std::string short_text(TomlTable& table, std::string_view key, std::size_t most) {
  std::string text = table.text(key);
  if (text.size() > most) {
    table.complain(key, "must have at most " + std::to_string(most) + " bytes");
    text.resize(most);
  }
  return text;
}

std::optional<FinsNetwork> read_network(TomlTable& table) {
  constexpr std::uint32_t kClassC = 0xFFFFFF00;
  constexpr std::size_t kMacSize = 6;
  const auto address = table.address("ip");
  const auto mask = table.address("mask");
  const std::string mac = table.hex("mac", kMacSize, std::string(kMacSize, '\0'));
  if (!address) {
    return std::nullopt;
  }
  FinsNetwork network{.address = *address, .mask = mask.value_or(Ipv4{kClassC})};
  std::copy(mac.begin(), mac.end(), network.mac.begin());
  return network;
}

FinsUnit read_fins_unit(TomlTable table) {
  FinsUnit unit;
  table.need("address");
  unit.address = table.number<std::uint8_t>("address", 1, 1, 0xE1);
  unit.model = short_text(table, "model", kLongestFinsText);
  unit.version = short_text(table, "version", kLongestFinsText);
  unit.network = read_network(table);
  table.finish();
  return unit;
}

EnipIdentity read_identity(TomlTable& table) {
  EnipIdentity identity;
  identity.vendor = table.number("vendor", identity.vendor);
  identity.type = table.number("type", identity.type);
  identity.code = table.number("code", identity.code);
  identity.major = table.number("major", identity.major);
  identity.minor = table.number("minor", identity.minor);
  identity.status = table.number("status", identity.status);
  identity.serial = table.number("serial", identity.serial);
  identity.name = short_text(table, "name", kLongestName);
  identity.state = table.number("state", identity.state);
  identity.tail = table.hex("tail", 0);
  return identity;
}

// The first 8 bytes of class 0x66 as a rack's modules sent them: one that
// knows its chassis, and an I/O module.
const std::string kModuleBackplane("\x00\x08\x00\x00\x00\x00\x2D\x00", 8);
const std::string kIoBackplane("\x00\x07\x00\x00\x00\x00\x03\x00", 8);
constexpr std::size_t kBackplaneHead = 8;

EnipModule read_module(TomlTable table) {
  EnipModule module;
  table.need("slot");
  module.slot = table.number<std::uint8_t>("slot", 0);
  module.identity = read_identity(table);
  constexpr std::uint16_t kDiscreteIo = 0x07;
  const bool is_io = module.identity.type == kDiscreteIo;
  module.backplane =
      table.hex("backplane", kBackplaneHead, is_io ? kIoBackplane : kModuleBackplane);
  module.has_backplane = table.flag("has_backplane", true);
  module.silent = table.flag("silent");
  module.refuses = table.numbers("refuses");
  table.finish();
  return module;
}

EnipChassis read_chassis(TomlTable table) {
  EnipChassis chassis;
  table.need("slots");
  chassis.serial = table.number("serial", chassis.serial);
  chassis.slots = table.number<std::uint16_t>("slots", 0, 1, 256);
  chassis.own_slot = table.number("own_slot", chassis.own_slot);
  chassis.backplane = table.hex("backplane", kBackplaneHead, kModuleBackplane);
  for (TomlTable& inner : table.tables("modules")) {
    EnipModule module = read_module(inner);
    if (module.slot >= chassis.slots || module.slot == chassis.own_slot) {
      inner.complain("slot", "lies outside of the chassis, or is its own slot");
    }
    if (!chassis.modules.try_emplace(module.slot, module).second) {
      inner.complain("slot", "has two modules");
    }
  }
  table.finish();
  return chassis;
}

Manner read_manner(TomlTable& table, std::string_view key, Manner fallback) {
  const auto word = table.word(key, {"answers", "refuses", "silent"});
  return word ? static_cast<Manner>(*word) : fallback;
}

}  // namespace

FinsDevice read_fins(TomlTable table) {
  FinsDevice device;
  device.port = table.number("port", device.port);
  device.tcp = table.flag("tcp", device.tcp);
  device.udp = table.flag("udp", device.udp);
  if (table.has("node")) {
    device.node = table.number<std::uint8_t>("node", 1, 1, 254);
  }
  table.need("cpu");
  device.cpu = short_text(table, "cpu", kLongestFinsText);
  device.version = short_text(table, "version", kLongestFinsText);
  device.internal_version = short_text(table, "internal_version", kLongestFinsText / 2);
  device.system_use = table.hex("system_use", 40);
  device.nj = table.flag("nj");
  // Memory sizes as a CP1L and as an NJ CPU tell them.
  const std::string usual("\x00\x0A\x17\x2A\x10\x08\x00\x00\x00\x00\x00\x00", 12);
  const std::string nj("\x00\x14\x00\x00\x00\x08\x00\x00\x00\x04\xFF\xFF", 12);
  device.area = table.hex("area", usual.size(), device.nj ? nj : usual);
  for (const TomlTable& inner : table.tables("units")) {
    device.units.push_back(read_fins_unit(inner));
  }
  std::sort(device.units.begin(), device.units.end(),
            [](const FinsUnit& a, const FinsUnit& b) { return a.address < b.address; });
  device.page = table.number<unsigned>("page", device.page, 1, 25);
  device.battery_flat = table.flag("battery_flat");
  device.connections = table.number<unsigned>("connections", device.connections, 0, 16);
  device.first_client_node = table.number("first_client_node", device.first_client_node, 239, 254);
  device.reply_port = table.number("reply_port", device.reply_port);
  device.handshake_error = table.number("handshake_error", device.handshake_error);
  device.confirms = table.flag("confirms");
  device.refuses = table.numbered_numbers("refuses");
  table.finish();
  return device;
}

EnipDevice read_enip(TomlTable table) {
  EnipDevice device;
  device.port = table.number("port", device.port);
  device.tcp = table.flag("tcp", device.tcp);
  device.udp = table.flag("udp", device.udp);
  table.need("identity");
  if (auto identity = table.table("identity")) {
    device.identity = read_identity(*identity);
    identity->finish();
  }
  if (auto chassis = table.table("chassis")) {
    device.chassis = read_chassis(std::move(*chassis));
  }
  device.everyslot = table.flag("everyslot");
  device.no_unconnected_send = table.flag("no_unconnected_send");
  device.strict_context = table.flag("strict_context");
  device.list_identity_silent = table.flag("list_identity_silent");
  device.list_identity_status = table.number("list_identity_status", device.list_identity_status);
  device.send_status = table.number("send_status", device.send_status);
  device.first_session = table.number("first_session", device.first_session, 1);
  table.finish();
  return device;
}

ModbusUnit read_modbus_unit(TomlTable& table) {
  constexpr unsigned kLeastPdu = 9;
  constexpr unsigned kMostPdu = 253;
  ModbusUnit unit;
  for (auto& [id, value] : table.numbered_texts("objects", 0xFF)) {
    if (value.size() > kLongestObject) {
      table.complain("objects", "an object must have at most 244 bytes");
      value.resize(kLongestObject);
    }
    unit.objects[static_cast<std::uint8_t>(id)] = value;
  }
  unit.conformity = table.number("conformity", unit.conformity);
  unit.fc43 = read_manner(table, "fc43", unit.objects.empty() ? Manner::refuses : Manner::answers);
  const std::string run_indicator_on("\xFF", 1);
  if (table.has("server_id")) {
    unit.server_id = table.text("server_id") + run_indicator_on;
  }
  unit.server_id = table.hex("server_id_hex", 0, unit.server_id);
  unit.fc17 =
      read_manner(table, "fc17", unit.server_id.empty() ? Manner::refuses : Manner::answers);
  unit.page = table.number<unsigned>("page", unit.page, kLeastPdu, kMostPdu);
  return unit;
}

ModbusDevice read_modbus(TomlTable table) {
  ModbusDevice device;
  device.port = table.number("port", device.port);
  for (auto& [id, inner] : table.numbered_tables("units")) {
    device.units[id] = read_modbus_unit(inner);
    inner.finish();
  }
  ModbusUnit own = read_modbus_unit(table);
  if (device.units.empty() || !own.objects.empty() || !own.server_id.empty()) {
    device.own = std::move(own);
  }
  device.ignores_unit = table.flag("ignores_unit", device.units.empty());
  device.missing = table.number("missing", device.missing);
  device.missing_ms = table.number("missing_ms", device.missing_ms);
  table.finish();
  return device;
}

std::vector<RecordedExchange> read_exchanges(TomlTable& table) {
  std::vector<RecordedExchange> exchanges;
  for (TomlTable& inner : table.tables("exchange")) {
    inner.need("request");
    RecordedExchange exchange;
    exchange.request = inner.hex("request", 0);
    exchange.answers = inner.hexes("answer");
    exchange.closes = inner.flag("closes");
    inner.finish();
    exchanges.push_back(std::move(exchange));
  }
  return exchanges;
}

RecordedPort read_recorded(TomlTable table) {
  constexpr std::size_t kModbus = 2;
  const std::vector<std::string_view> protocols = {"fins", "enip", "modbus"};
  constexpr std::array kOverTcp = {Wire::fins_tcp, Wire::enip_tcp, Wire::modbus_tcp};
  constexpr std::array kOverUdp = {Wire::fins_udp, Wire::enip_udp};
  table.need("protocol");
  table.need("port");
  RecordedPort port;
  const auto protocol = table.word("protocol", protocols).value_or(0);
  const bool is_udp = table.word("transport", {"tcp", "udp"}).value_or(0) == 1;
  if (is_udp && protocol == kModbus) {
    table.complain("transport", "must be \"tcp\": Modbus is not recorded over UDP");
  }
  port.protocol = protocols.at(protocol);
  port.wire = is_udp && protocol != kModbus ? kOverUdp.at(protocol) : kOverTcp.at(protocol);
  port.port = table.number("port", port.port);
  port.exchanges = read_exchanges(table);
  table.finish();
  return port;
}

Fault read_fault(TomlTable table) {
  Fault fault;
  table.need("kind");
  const auto kind = table.word("kind", {"silence", "drop", "slow", "cut", "bytewise", "reset",
                                        "closes", "wrong_id", "garbage", "endless", "huge_length",
                                        "lying_count", "hostile_text", "busy", "bad_crc"});
  fault.kind = static_cast<FaultKind>(kind.value_or(0));
  fault.after = table.number("after", fault.after);
  if (table.has("times")) {
    fault.times = table.number<unsigned>("times", 1, 1);
  }
  fault.ms = table.number("ms", fault.ms);
  fault.bytes = table.number("bytes", fault.bytes);
  if (fault.kind == FaultKind::hostile_text && (fault.after != 0 || fault.times)) {
    table.complain("kind", "hostile_text holds from the first answer to the last");
  }
  table.finish();
  return fault;
}

}  // namespace ot::plant
