#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/plant_report/model.hpp"
#include "agent/side_difference.hpp"

namespace ot::agent::plant_report {

/// Who says that something is there.
enum class From : std::uint8_t { project, device, both };
std::string_view to_string(From from);  ///< "project file", "device", "project file and device"

/// One module as it is drawn. The texts are those of the report, which must outlive it.
struct Module {
  std::uint64_t number = 0;  ///< what it is ordered by
  std::string place;         ///< short, as on its label: "4", "16", "F", "3.1"
  std::string where;         ///< in words: "slot 4", "CPU bus unit 0 (unit 16)"
  std::string_view name;
  std::string_view model;  ///< where it says more than the name
  std::string_view order_id;
  std::string_view firmware;
  std::string_view serial;
  std::string_view vendor;
  std::string_view io_addresses;
  Category category = Category::unknown;
  From from = From::project;
  std::vector<std::string> differences;  ///< in words
  std::vector<Module> parts;             ///< in its sub-slots
};

/// Modules beside each other.
struct RackRow {
  enum class Kind : std::uint8_t {
    slots,  ///< a number that is missing is an empty slot
    units,  ///< numbers are addresses
  };
  Kind kind = Kind::slots;
  std::string title;  ///< "Rack 0"
  std::string_view name;
  std::string_view order_id;
  std::uint64_t slots = 0;      ///< where the device says how many it has
  std::vector<Module> modules;  ///< in order
};

/// A PROFIBUS slave or PROFINET device.
struct BusMember {
  std::uint64_t number = 0;
  std::string label;  ///< "3"
  std::string where;  ///< "address 3", "device 3"
  std::string network_address;
  bool has_head = false;
  Module head;
  std::vector<Module> modules;
};

struct Bus {
  std::string title;  ///< "PROFIBUS DPSUBSYSTEM 1"
  std::string kind;   ///< "dp", "pn", "bus"
  std::vector<BusMember> members;
};

/// What stands together: a station of a project, or a device of its own.
struct Station {
  std::string_view name;
  std::string_view site;
  std::string_view area;
  std::vector<const store::StoredAsset*> assets;
  std::vector<RackRow> racks;
  std::vector<Bus> buses;

  std::size_t modules() const;
};

/// By site, area and name.
std::vector<Station> stations_of(const std::vector<store::StoredAsset>& assets);

/// In what the project and the device contradict each other; for what another rackscout found,
/// as it said so.
std::vector<Difference> differences_of(const store::StoredAsset& asset);

From from_of(const store::StoredAsset& asset);

/// What an asset is called where it has no name of its own.
std::string_view title_of(const store::StoredAsset& asset);

}  // namespace ot::agent::plant_report
