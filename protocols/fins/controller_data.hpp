#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ipv4.hpp"
#include "base/result.hpp"

namespace ot::protocols::fins {

// What 05 01 and 05 02 give, behind the end code (W342, pages 189 to 193).

/// A model as it is printed on the unit: the field up to its first zero byte,
/// without the blanks that pad it.
std::string model_of(std::string_view field);

/// A version as people write it: "02.01" and "V2.01" are 2.01. A second version
/// may follow in the field and is not read.
std::string version_of(std::string_view field);

/// Sizes of a CPU's memory areas.
struct Area {
  std::uint16_t program_k_words = 0;
  std::uint16_t dm_words = 0;
  std::uint8_t em_banks = 0;
};

/// 05 01 of the CPU. Only model and version are always there.
struct CpuData {
  std::string model;
  std::string version;
  std::optional<Area> area;
};
Result<CpuData> parse_cpu_data(std::string_view data);

/// 05 01 of a CPU bus unit; of those on a network also the attachment (W420 and
/// W465, CONTROLLER DATA READ).
struct BusUnitData {
  std::string model;
  std::string version;
  std::optional<Ipv4> address;
  std::optional<Ipv4> subnet_mask;
  std::string mac_address;  ///< "00:00:0a:c5:5b:1c"
};
Result<BusUnitData> parse_bus_unit_data(std::string_view data);

/// A unit of the rack, as 05 02 lists it.
struct ListedUnit {
  std::uint8_t address = 0;
  std::string model;
};
struct UnitPage {
  std::vector<ListedUnit> units;
  bool is_last = false;
};
Result<UnitPage> parse_unit_page(std::string_view data);

}  // namespace ot::protocols::fins
