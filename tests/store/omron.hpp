#pragma once

#include <string>
#include <vector>

#include "store/store.hpp"

namespace ot::store::test {

/// Midnight of a day in 2024: when something was observed.
Time on_day(int day);

/// "unit 16": what FINS says of a module.
AddOn unit(const std::string& address, const std::string& model, Category category,
           const std::string& firmware_version = "");

/// The rack of the platform's sample, by FINS at 10.113.0.5, its units in the
/// order 16, 35, 18.
Observation cj2m(Time at = on_day(1));

/// What the Ethernet port of that CPU says of itself by EtherNet/IP.
Observation cj2m_port(Time at = on_day(1));

/// A device with a serial number, by Modbus at 10.113.0.9.
Observation meter(const std::string& serial_number, Time at = on_day(1));

/// A station of a project file with an interface at the address.
Asset configured_at(const std::string& address, const std::string& station = "S1");

/// Must succeed; commits.
AssetId observe(Store& store, const Observation& observation);

/// The last part of each module's place: "16", "18", ..., as the list has them.
std::vector<std::string> units_of(const StoredAsset& asset);

}  // namespace ot::store::test
