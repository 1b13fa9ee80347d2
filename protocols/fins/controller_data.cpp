#include "protocols/fins/controller_data.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "base/text.hpp"

namespace ot::protocols::fins {
namespace {

constexpr std::size_t kModelSize = 20;
constexpr std::size_t kVersionSize = 20;
constexpr std::size_t kSystemUseSize = 40;

struct ModelAndVersion {
  std::string model;
  std::string version;
};

Result<ModelAndVersion> read_model_and_version(ByteReader& reader) {
  const auto size = reader.left();
  const auto model = reader.bytes(kModelSize);
  const auto version = reader.bytes(kVersionSize);
  if (!model || !version) {
    return fail(Errc::malformed,
                fmt::format("the controller data are {} bytes, too few for model and version ({})",
                            size, kModelSize + kVersionSize));
  }
  return ModelAndVersion{model_of(*model), version_of(*version)};
}

std::optional<Area> read_area(ByteReader& reader) {
  if (!reader.skip(kSystemUseSize)) {
    return std::nullopt;
  }
  const auto program = reader.u16_be();
  const auto iom = reader.u8();
  const auto dm = reader.u16_be();
  const auto timers = reader.u8();
  const auto em = reader.u8();
  if (!program || !iom || !dm || !timers || !em) {
    return std::nullopt;
  }
  return Area{*program, *dm, *em};
}

std::optional<Ipv4> read_address(ByteReader& reader) {
  const auto number = reader.u32_be();
  constexpr std::uint32_t kEveryone = 0xFFFFFFFF;
  return number && *number != 0 && *number != kEveryone ? std::optional(Ipv4{*number})
                                                        : std::nullopt;
}

/// Empty when the bytes are all alike, as no real address is.
std::string mac_text(std::string_view bytes) {
  if (bytes.find_first_not_of(bytes.front()) == std::string_view::npos) {
    return {};
  }
  std::string text;
  for (const char byte : bytes) {
    text += fmt::format("{}{:02x}", text.empty() ? "" : ":", static_cast<std::uint8_t>(byte));
  }
  return text;
}

}  // namespace

std::string model_of(std::string_view field) {
  return std::string(trim(field.substr(0, field.find('\0'))));
}

std::string version_of(std::string_view field) {
  auto text = trim(field.substr(0, field.find('\0')));
  text = text.substr(0, text.find(' '));
  if (text.starts_with('V') || text.starts_with('v')) {
    text.remove_prefix(1);
  }
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  while (text.size() > 1 && text[0] == '0' && is_digit(text[1])) {
    text.remove_prefix(1);
  }
  return std::string(text);
}

Result<CpuData> parse_cpu_data(std::string_view data) {
  ByteReader reader(data);
  auto names = read_model_and_version(reader);
  if (!names) {
    return fail(std::move(names).error());
  }
  return CpuData{std::move(names->model), std::move(names->version), read_area(reader)};
}

Result<BusUnitData> parse_bus_unit_data(std::string_view data) {
  ByteReader reader(data);
  auto names = read_model_and_version(reader);
  if (!names) {
    return fail(std::move(names).error());
  }
  BusUnitData unit{std::move(names->model), std::move(names->version), {}, {}, {}};
  // Address, mask, FINS UDP port, mode, MAC. An FL-net unit has no port.
  constexpr std::size_t kWithPort = 4 + 4 + 2 + 2 + 6;
  constexpr std::size_t kWithoutPort = kWithPort - 2;
  if (reader.left() < kWithPort && reader.left() != kWithoutPort) {
    return unit;
  }
  const std::size_t before_mac = reader.left() == kWithoutPort ? 2 : 4;
  unit.address = read_address(reader);
  unit.subnet_mask = read_address(reader);
  if (reader.skip(before_mac)) {
    unit.mac_address = mac_text(*reader.bytes(6));
  }
  return unit;
}

Result<UnitPage> parse_unit_page(std::string_view data) {
  constexpr std::uint8_t kLastIncluded = 0x80;
  constexpr std::size_t kItemSize = 1 + kModelSize;
  ByteReader reader(data);
  const auto octet = reader.u8();
  if (!octet) {
    return fail(Errc::malformed, "the list of units has no count");
  }
  const std::size_t count = *octet & ~kLastIncluded & 0xFFu;
  if (reader.left() < count * kItemSize) {
    return fail(Errc::malformed,
                fmt::format("the list of units counts {}, but its {} bytes hold {}", count,
                            reader.left(), reader.left() / kItemSize));
  }
  UnitPage page{{}, (*octet & kLastIncluded) != 0};
  for (std::size_t i = 0; i < count; ++i) {
    const auto address = reader.u8();
    const auto model = reader.bytes(kModelSize);
    page.units.push_back({*address, model_of(*model)});
  }
  return page;
}

}  // namespace ot::protocols::fins
