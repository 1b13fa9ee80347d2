#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/records.hpp"
#include "parsers/parser.hpp"
#include "parsers/step7/interfaces.hpp"
#include "parsers/step7/record.hpp"
#include "parsers/step7/type_id.hpp"

namespace ot::parsers::step7 {

/// Makes assets and add-ons of a station's records, which it takes one by one
/// in the file's order; the bytes that they are views of must outlive it. What
/// counts as which:
///  - a CPU is an asset; the other slots of its rack, sub-slots with an order
///    number, and racks without a CPU (those at the first CPU) are its add-ons;
///  - PROFIBUS slaves and their slots are add-ons of the first CPU;
///  - a PROFINET IO device is an asset, its slots from 1 up are its add-ons;
///  - a station without a CPU is itself the asset.
class StationBuilder {
 public:
  StationBuilder(CodePage page, Warnings& warnings)
      : page_(page), warnings_(warnings), interfaces_(page) {}

  /// Room for so many PROFIBUS add-ons, so that a large station is not copied about.
  void expect_slaves(std::size_t count) { slaves_.reserve(count); }

  void take(const Record& record);

  /// The assets. Fails when there are more CPUs or add-ons than a station can have.
  Result<std::vector<Asset>> finish(const Limits& limits);
  /// Whether a STATION record was there at all.
  bool has_station() const { return has_station_; }
  const std::string& station() const { return station_; }

 private:
  /// A record of a rack, kept until all CPUs are known.
  struct RackRecord {
    std::int64_t rack = kAbsent;
    std::int64_t subslot = kAbsent;
    bool has_order_number = false;
    bool is_cpu = false;
    AddOn add_on;
    std::optional<Interface> interface;
    std::string asset_id;  ///< of a CPU
  };
  /// The number of a DP or IO system, and the address in it.
  using DeviceKey = std::pair<std::int64_t, std::int64_t>;

  void take_station(const Record& record);
  void take_subnet(const Record& record);
  void take_rack(const Record& record);
  void take_slave(const Record& record);
  void take_device(const Record& record);
  void take_device_slot(const Record& record, Asset& device);
  std::string& head_order_id_of(const Head& head);
  Asset& device_of(const Record& record);
  void add_device(const Record& record);

  const TypeId& type_of(Quoted id);
  void describe(const Record& record, const TypeId& type, AddOn& add_on) const;
  Asset cpu_asset(const RackRecord& cpu) const;
  Result<std::vector<Asset>> cpu_assets() const;
  static void give(const RackRecord& record, Asset& cpu, bool first_of_rack);
  Result<void> give_rack_records(std::vector<Asset>& assets, const Limits& limits) const;
  void give_station_facts(Asset& first);
  std::string text(Quoted quoted) const { return text_of(quoted, page_); }

  CodePage page_;
  Warnings& warnings_;
  InterfaceReader interfaces_;
  /// A station has few types, many times each.
  std::unordered_map<Quoted, TypeId> types_;
  bool has_station_ = false;
  std::string station_;
  std::string station_type_;
  std::string station_asset_id_;
  std::vector<Rack> racks_;
  std::vector<RackRecord> rack_records_;
  std::vector<AddOn> slaves_;
  std::map<DeviceKey, std::string> head_order_ids_;
  std::map<std::int64_t, std::string> network_of_io_system_;
  std::map<DeviceKey, std::size_t> device_index_;
  std::vector<Asset> devices_;
  // Records of one device follow each other, as do modules of one type: what was
  // found last is looked at before all others are searched.
  decltype(types_)::value_type* last_type_ = nullptr;
  decltype(head_order_ids_)::value_type* last_slave_ = nullptr;
  decltype(device_index_)::value_type* last_device_ = nullptr;
  std::vector<Detail> subnets_;
};

}  // namespace ot::parsers::step7
