#include "tests/store/omron.hpp"

#include "tests/catch.hpp"
#include "tests/store/plant.hpp"

namespace ot::store::test {
namespace {

Asset device(const std::string& vendor, const std::string& model, const std::string& address) {
  Asset record;
  record.hardware = {.vendor = vendor, .model = model, .product_name = "", .category = {}};
  record.interfaces = {attachment(address)};
  record.origin = Origin::observed;
  return record;
}

}  // namespace

Time on_day(int day) {
  return *parse_iso8601("2024-01-01") + std::chrono::days(day - 1);
}

AddOn unit(const std::string& address, const std::string& model, Category category,
           const std::string& firmware_version) {
  AddOn add_on;
  add_on.unit_address = address;
  add_on.hardware = {.vendor = "Omron", .model = model, .product_name = "", .category = category};
  add_on.firmware_version = firmware_version;
  add_on.origin = Origin::observed;
  return add_on;
}

Observation cj2m(Time at) {
  Asset record = device("Omron", "CJ2M-CPU33", "10.113.0.5");
  record.hardware.product_name = "CJ2M CPU Unit";
  record.hardware.category = Category::plc;
  record.firmware_version = "2.01";
  record.add_ons = {unit("16", "CJ2M-EIP21", Category::communication, "2.17"),
                    unit("35", "CJ1W-DAO21", Category::io),
                    unit("18", "CJ1W-ETN21", Category::communication, "1.56")};
  return {.protocol = "fins",
          .target = "10.113.0.5:9600",
          .place = {},
          .at = at,
          .record = record,
          .chassis_serial = ""};
}

Observation cj2m_port(Time at) {
  Asset record = device("Omron", "CJ2M-EIP21", "10.113.0.5");
  record.hardware.category = Category::communication;
  record.serial_number = "0x00991222";
  record.firmware_version = "2.17";
  return {.protocol = "enip",
          .target = "10.113.0.5:44818",
          .place = {},
          .at = at,
          .record = record,
          .chassis_serial = ""};
}

Observation meter(const std::string& serial_number, Time at) {
  Asset record = device("Acme", "PM1", "10.113.0.9");
  record.serial_number = serial_number;
  return {.protocol = "modbus",
          .target = "10.113.0.9:502",
          .place = {},
          .at = at,
          .record = record,
          .chassis_serial = ""};
}

Asset configured_at(const std::string& address, const std::string& station) {
  Asset asset = cpu(station, "");
  asset.interfaces = {attachment(address)};
  return asset;
}

AssetId observe(Store& store, const Observation& observation) {
  const auto asset = store.observe(observation);
  INFO((asset ? "" : asset.error().text()));
  REQUIRE(asset.has_value());
  REQUIRE(store.commit().has_value());
  return *asset;
}

std::vector<std::string> units_of(const StoredAsset& asset) {
  std::vector<std::string> units;
  for (const StoredAddOn& add_on : asset.shown.add_ons) {
    units.push_back(add_on.record.unit_address);
  }
  return units;
}

}  // namespace ot::store::test
