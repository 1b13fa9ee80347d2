#include "store/query/columns.hpp"

#include <algorithm>
#include <array>

#include "base/records.hpp"

// What the asset's facts say and its row does not repeat, by the name in facts_text().
#define OF_FACTS(member)         \
  "(SELECT f.facts ->> '" member \
  "' FROM asset_facts f"         \
  " WHERE f.file_id = a.shown_file AND f.asset_id = a.asset_id)"
// The observations at the address of the interface x.
#define SEEN_AT_X                                                       \
  " FROM sightings o WHERE o.asset_id = a.asset_id AND o.address <> ''" \
  " AND o.address = x.value ->> 'address'"

namespace ot::store::query {
namespace {

template <class Enum, std::size_t count>
std::array<std::string_view, count> names_of() {
  std::array<std::string_view, count> names{};
  for (std::size_t i = 0; i < count; ++i) {
    names[i] = to_string(static_cast<Enum>(i));
  }
  return names;
}

// A table each: the paths are those of the vocabulary.
std::span<const Column> file_columns() {
  static const auto columns = std::to_array<Column>({
      {"assetCount", "a.asset_count"},
      {"name", "a.name"},
      {"engineeringToolName", "a.tool_name"},
      {"plantLocation", "a.plant_location"},
      {"engineeringToolVersion", "a.tool_version"},
      {"vendor", "a.vendor"},
      {"status", "a.status"},
      {"fileHash", "a.md5"},
      {"uploadedBy", "a.uploaded_by"},
      {"lastUpdated", "a.last_updated"},
  });
  return columns;
}

constexpr std::string_view kDiscovery =
    "(SELECT o.protocol FROM sightings o LEFT JOIN asset_facts f ON f.file_id = o.source_id"
    " AND f.asset_id = o.asset_id WHERE o.asset_id = a.asset_id ORDER BY o.first_seen,"
    " CASE o.protocol WHEN 'fins' THEN 0 WHEN 'enip' THEN 1 WHEN 'modbus' THEN 2 ELSE 3 END,"
    " f.newness DESC, o.source_id DESC LIMIT 1)";
constexpr std::string_view kLastScanned =
    "(SELECT max(o.last_seen) FROM sightings o WHERE o.asset_id = a.asset_id)";
constexpr std::string_view kInventorySource =
    "CASE WHEN a.shown_file > 0 THEN 'Project File' WHEN (SELECT v.shown_file FROM"
    " configured_views v WHERE v.asset_id = a.asset_id) IS NULL AND NOT EXISTS (SELECT 1 FROM"
    " received r WHERE r.asset_id = a.asset_id AND r.configured) THEN 'Active Probe'"
    " WHEN NOT EXISTS (SELECT 1 FROM sightings o WHERE o.asset_id = a.asset_id)"
    " THEN 'Project File' ELSE 'Project File, Active Probe' END";
constexpr std::string_view kOperatingSystem =
    "CASE WHEN a.shown_file < 0 AND a.vendor <> '' AND a.firmware_version <> ''"
    " AND EXISTS (SELECT 1 FROM sightings o WHERE o.asset_id = a.asset_id)"
    " THEN a.vendor || ' Firmware ' || a.firmware_version END";
constexpr std::string_view kPurdueLevel =
    "CASE a.category WHEN 'Programmable Logic Controller (PLC)' THEN 'Level 1' END";

std::span<const Column> asset_columns() {
  static const auto confidences = names_of<Confidence, 4>();
  static const auto origins = names_of<Origin, 2>();
  static const auto columns = std::to_array<Column>({
      {"address", "a.address", "address"},
      {"macAddress", "a.mac", "mac"},
      {"hardware.category2", "a.category", "category"},
      {"hardware.category1", "'Industrial Control System (ICS)'"},
      {"hardware.vendor", "a.vendor", "vendor"},
      {"hardware.model", "a.model", "model"},
      {"hardware.productName", "a.product_name", "product_name"},
      {"hardware.class", "'OT'"},
      {"assetId", "a.asset_id"},
      {"assetModules.assetModuleId", "a.asset_id"},
      {"assetModules.moduleUuid", "head_uuid(a.asset_uuid)"},
      {"assetModules.firmwareVersion", "a.firmware_version", "firmware_version"},
      {"assetModules.lastScanned", kLastScanned},
      {"assetModules.hardware.category2", "a.category", "category"},
      {"assetModules.hardware.vendor", "a.vendor", "vendor"},
      {"assetModules.hardware.model", "a.model", "model"},
      {"assetModules.hardware.productName", "a.product_name", "product_name"},
      {"lastUpdated", "a.last_updated"},
      {"created", "a.created"},
      {"lastScanned", kLastScanned},
      {"firmwareVersion", "a.firmware_version", "firmware_version"},
      {"discoveryProtocols", kDiscovery},
      {"purdueLevel", kPurdueLevel},
      {"assetUuid", "uuid_text(a.asset_uuid)"},
      {"inventory.source", kInventorySource},
      {"inventory.sensorName", "ifnull(nullif(a.sensor, ''), sensor_name())"},
      {"operatingSystem", kOperatingSystem},
      {"site", "a.site"},
      {"area", "a.area"},
      {"name", "a.name", "name"},
      {"station", "a.station", "station"},
      {"orderId", "a.order_id", "order_id"},
      {"serialNumber", "a.serial_number", "serial_number"},
      {"typeId", OF_FACTS("typeId")},
      {"projectAssetId", OF_FACTS("projectAssetId")},
      {"bus", OF_FACTS("bus")},
      {"deviceNumber", OF_FACTS("deviceNumber")},
      {"rack", OF_FACTS("rack")},
      {"slot", OF_FACTS("slot")},
      {"origin", "ifnull(" OF_FACTS("origin") ", 0)", {}, origins},
      {"confidence", "ifnull(" OF_FACTS("confidence") ", 0)", {}, confidences},
  });
  return columns;
}

/// Of the lists that are short.
std::span<const Column> list_columns() {
  static const auto confidences = names_of<Confidence, 4>();
  static const auto columns = std::to_array<Column>({
      {"racks.number", "x.value ->> 'number'"},
      {"racks.orderId", "x.value ->> 'orderId'"},
      {"racks.name", "x.value ->> 'name'"},
      {"details.name", "x.value ->> 'name'"},
      {"details.value", "x.value ->> 'value'"},
      {"details.confidence", "ifnull(x.value ->> 'confidence', 0)", {}, confidences},
      {"sources.path", "x.path"},
      {"sources.exportedAt", "x.exported_at"},
      {"sources.protocol", "x.protocol"},
      {"sources.target", "x.target"},
      {"sources.address", "x.address"},
      {"sources.firstSeen", "x.first_seen"},
      {"sources.lastSeen", "x.last_seen"},
  });
  return columns;
}

std::span<const Column> interface_columns() {
  static const auto columns = std::to_array<Column>({
      {"interfaces.address", "x.value ->> 'address'"},
      {"interfaces.macAddress", "x.value ->> 'macAddress'"},
      {"interfaces.protocols", "o.protocol", {}, {}, SEEN_AT_X},
      {"interfaces.firstSeen", "(SELECT min(o.first_seen)" SEEN_AT_X ")"},
      {"interfaces.lastSeen", "(SELECT max(o.last_seen)" SEEN_AT_X ")"},
      {"interfaces.name", "x.value ->> 'name'"},
      {"interfaces.subnetMask", "x.value ->> 'subnetMask'"},
      {"interfaces.gateway", "x.value ->> 'gateway'"},
      {"interfaces.network", "x.value ->> 'network'"},
      {"interfaces.deviceName", "x.value ->> 'deviceName'"},
      {"interfaces.profibusAddress", "x.value ->> 'profibusAddress'"},
      {"interfaces.mpiAddress", "x.value ->> 'mpiAddress'"},
      {"interfaces.slot", "x.value ->> 'slot'"},
      {"interfaces.subslot", "x.value ->> 'subslot'"},
  });
  return columns;
}

std::span<const Column> add_on_columns() {
  static const auto categories = names_of<Category, 12>();
  static const auto confidences = names_of<Confidence, 4>();
  static const auto origins = names_of<Origin, 2>();
  static const auto columns = std::to_array<Column>({
      {"addOn.unitAddress", "x.unit_address", "add_on_unit_address"},
      {"addOn.slaveAddress",
       "CASE WHEN x.slave_address IS NOT NULL THEN printf('0x%08x', x.slave_address) END",
       "add_on_slave_address"},
      {"addOn.orderId", "x.order_id", "add_on_order_id"},
      {"addOn.serialNumber", "x.serial_number", "add_on_serial_number"},
      {"addOn.hardware.category2", "x.category", "add_on_category", categories},
      {"addOn.hardware.vendor", "x.vendor", "add_on_vendor"},
      {"addOn.hardware.model", "x.model", "add_on_model"},
      {"addOn.hardware.productName", "x.product_name", "add_on_product_name"},
      {"addOn.firmwareVersion", "x.firmware_version", "add_on_firmware_version"},
      {"addOn.addOnId", "x.add_on_id"},
      {"addOn.addOnUuid",
       "add_on_uuid(a.asset_uuid, x.occurrence, x.bus, x.slave_address, x.unit_address, x.rack,"
       " x.slot, x.subslot)"},
      {"addOn.name", "x.name"},
      {"addOn.typeId", "x.type_id"},
      {"addOn.bus", "x.bus"},
      {"addOn.rack", "x.rack"},
      {"addOn.slot", "x.slot"},
      {"addOn.subslot", "x.subslot"},
      {"addOn.ioAddresses", "x.io_addresses"},
      {"addOn.origin", "x.origin", {}, origins},
      {"addOn.confidence", "x.confidence", {}, confidences},
  });
  return columns;
}

const Column* find(std::span<const Column> columns, const Token& token) {
  const auto found = std::find_if(columns.begin(), columns.end(), [&token](const auto& column) {
    return column.path == token.path;
  });
  return found == columns.end() ? nullptr : &*found;
}

/// Of the tables, the one that has the token.
std::span<const Column> columns_with(const Token& token) {
  const auto files = file_vocabulary().tokens();
  if (&token >= files.data() && &token < files.data() + files.size()) {
    return file_columns();
  }
  switch (token.list) {
    case List::add_ons: return add_on_columns();
    case List::interfaces: return interface_columns();
    case List::none: return asset_columns();
    default: return list_columns();
  }
}

}  // namespace

const Column* column_of(const Token& token) {
  return find(columns_with(token), token);
}

std::string_view elements_of(List list) {
  switch (list) {
    case List::add_ons:
      return " FROM add_ons x WHERE x.file_id = a.shown_file AND x.asset_id = a.asset_id";
    case List::interfaces:
      // The records leave out one of which nothing is known.
      return " FROM asset_facts f, json_each(f.facts, '$.interfaces') x"
             " WHERE f.file_id = a.shown_file AND f.asset_id = a.asset_id AND x.value <> '{}'";
    case List::racks:
      return " FROM asset_facts f, json_each(f.facts, '$.racks') x"
             " WHERE f.file_id = a.shown_file AND f.asset_id = a.asset_id";
    case List::details:
      return " FROM asset_facts f, json_each(f.facts, '$.details') x"
             " WHERE f.file_id = a.shown_file AND f.asset_id = a.asset_id";
    case List::sources:
      return " FROM (SELECT s.path, f.exported_at, NULL AS protocol, NULL AS target,"
             " NULL AS address, NULL AS first_seen, NULL AS last_seen"
             " FROM asset_facts f CROSS JOIN files s ON s.file_id = f.file_id"
             " WHERE f.asset_id = a.asset_id AND f.file_id = CASE WHEN a.shown_file > 0"
             " THEN a.shown_file ELSE (SELECT v.shown_file FROM configured_views v"
             " WHERE v.asset_id = a.asset_id) END"
             " UNION ALL SELECT r.path, r.exported_at, NULL, NULL, NULL, NULL, NULL"
             " FROM (SELECT path, exported_at FROM received WHERE asset_id = a.asset_id"
             " AND path <> '' AND (SELECT v.shown_file FROM configured_views v"
             " WHERE v.asset_id = a.asset_id) IS NULL"
             " ORDER BY observed_at DESC, source_id LIMIT 1) r"
             " UNION ALL SELECT NULL, NULL, o.protocol, o.target, o.address, o.first_seen,"
             " o.last_seen FROM sightings o WHERE o.asset_id = a.asset_id) x WHERE true";
    case List::none: break;
  }
  return {};
}

}  // namespace ot::store::query
