#include "store/query/vocabulary.hpp"

#include <algorithm>
#include <array>

#include "base/nearest.hpp"
#include "base/text.hpp"

namespace ot::store::query {
namespace {

constexpr std::array<Token, 10> kFileTokens = {{
    {"assetCount", Type::number},
    {"name"},
    {"engineeringToolName"},
    {"plantLocation"},
    {"engineeringToolVersion"},
    {"vendor"},
    {"status"},
    {"fileHash"},
    {"uploadedBy"},
    {"lastUpdated", Type::date},
}};

constexpr auto kAssetTokens = std::to_array<Token>({
    {"address"},
    {"macAddress"},
    {"hardware.category2"},
    {"hardware.category1"},
    {"hardware.vendor"},
    {"hardware.model"},
    {"hardware.productName"},
    {"hardware.class"},
    {"assetId", Type::number},
    {"assetModules.assetModuleId", Type::number},
    {"assetModules.moduleUuid"},
    {"assetModules.firmwareVersion"},
    {"assetModules.lastScanned", Type::date},
    {"assetModules.hardware.category2"},
    {"assetModules.hardware.vendor"},
    {"assetModules.hardware.model"},
    {"assetModules.hardware.productName"},
    {"lastUpdated", Type::date},
    {"created", Type::date},
    {"lastScanned", Type::date},
    {"firmwareVersion"},
    {"discoveryProtocols"},
    {"purdueLevel"},
    {"assetUuid"},
    {"inventory.source"},
    {"inventory.sensorName"},
    {"operatingSystem"},
    {"site"},
    {"area"},
    {"name"},
    {"station"},
    {"orderId", Type::order_number},
    {"serialNumber"},
    {"typeId"},
    {"projectAssetId"},
    {"bus"},
    {"deviceNumber", Type::number},
    {"rack", Type::number},
    {"slot", Type::number},
    {"origin"},
    {"confidence"},
    {"interfaces.address", Type::text, List::interfaces},
    {"interfaces.macAddress", Type::text, List::interfaces},
    {"interfaces.protocols", Type::text, List::interfaces},
    {"interfaces.firstSeen", Type::date, List::interfaces},
    {"interfaces.lastSeen", Type::date, List::interfaces},
    {"interfaces.name", Type::text, List::interfaces},
    {"interfaces.subnetMask", Type::text, List::interfaces},
    {"interfaces.gateway", Type::text, List::interfaces},
    {"interfaces.network", Type::text, List::interfaces},
    {"interfaces.deviceName", Type::text, List::interfaces},
    {"interfaces.profibusAddress", Type::number, List::interfaces},
    {"interfaces.mpiAddress", Type::number, List::interfaces},
    {"interfaces.slot", Type::number, List::interfaces},
    {"interfaces.subslot", Type::number, List::interfaces},
    {"racks.number", Type::number, List::racks},
    {"racks.orderId", Type::order_number, List::racks},
    {"racks.name", Type::text, List::racks},
    {"details.name", Type::text, List::details},
    {"details.value", Type::text, List::details},
    {"details.confidence", Type::text, List::details},
    {"sources.path", Type::text, List::sources},
    {"sources.exportedAt", Type::date, List::sources},
    {"sources.protocol", Type::text, List::sources},
    {"sources.target", Type::text, List::sources},
    {"sources.address", Type::text, List::sources},
    {"sources.firstSeen", Type::date, List::sources},
    {"sources.lastSeen", Type::date, List::sources},
    {"addOn.unitAddress", Type::text, List::add_ons},
    {"addOn.slaveAddress", Type::text, List::add_ons},
    {"addOn.orderId", Type::order_number, List::add_ons},
    {"addOn.serialNumber", Type::text, List::add_ons},
    {"addOn.hardware.category2", Type::text, List::add_ons},
    {"addOn.hardware.vendor", Type::text, List::add_ons},
    {"addOn.hardware.model", Type::text, List::add_ons},
    {"addOn.hardware.productName", Type::text, List::add_ons},
    {"addOn.firmwareVersion", Type::text, List::add_ons},
    {"addOn.addOnId", Type::number, List::add_ons},
    {"addOn.addOnUuid", Type::text, List::add_ons},
    {"addOn.name", Type::text, List::add_ons},
    {"addOn.typeId", Type::text, List::add_ons},
    {"addOn.bus", Type::text, List::add_ons},
    {"addOn.rack", Type::number, List::add_ons},
    {"addOn.slot", Type::number, List::add_ons},
    {"addOn.subslot", Type::number, List::add_ons},
    {"addOn.ioAddresses", Type::text, List::add_ons},
    {"addOn.origin", Type::text, List::add_ons},
    {"addOn.confidence", Type::text, List::add_ons},
});

constexpr auto kAssetGroups = std::to_array<Group>({
    {"hardware"},
    {"inventory"},
    {"assetModules"},
    {"assetModules.hardware"},
    {"interfaces", List::interfaces},
    {"racks", List::racks},
    {"details", List::details},
    {"sources", List::sources},
    {"addOn", List::add_ons},
    {"addOn.hardware", List::add_ons},
});

constexpr Vocabulary kFiles{kFileTokens, {}};
constexpr Vocabulary kAssets{kAssetTokens, kAssetGroups};

constexpr std::size_t kMostNearest = 2;

bool starts_with(std::string_view text, std::string_view start) {
  return equals_ignoring_case(text.substr(0, start.size()), start);
}

/// The whole path. "asset." may stand before it, and the JSON's own "addOns" for "addOn".
std::string path_of(std::string_view name, const Group* scope) {
  if (scope != nullptr) {
    return std::string(scope->path) + "." + std::string(name);
  }
  constexpr std::string_view kAsset = "asset.";
  constexpr std::string_view kAddOns = "addOns";
  if (starts_with(name, kAsset)) {
    name.remove_prefix(kAsset.size());
  }
  if (equals_ignoring_case(name.substr(0, name.find('.')), kAddOns)) {
    return "addOn" + std::string(name.substr(kAddOns.size()));
  }
  return std::string(name);
}

template <class Entry>
const Entry* find(std::span<const Entry> entries, std::string_view path) {
  const auto found = std::find_if(entries.begin(), entries.end(), [path](const Entry& entry) {
    return equals_ignoring_case(entry.path, path);
  });
  return found == entries.end() ? nullptr : &*found;
}

std::string_view last_part(std::string_view path) {
  return path.substr(path.rfind('.') + 1);
}

}  // namespace

const Token* Vocabulary::token(std::string_view name, const Group* scope) const {
  return find(tokens_, path_of(name, scope));
}
const Group* Vocabulary::group(std::string_view name, const Group* scope) const {
  return find(groups_, path_of(name, scope));
}

std::vector<std::string> Vocabulary::nearest(std::string_view name, const Group* scope) const {
  const std::string start = scope == nullptr ? std::string() : std::string(scope->path) + ".";
  std::vector<std::string_view> names;
  for (const Token& token : tokens_) {
    if (token.path.starts_with(start)) {
      names.push_back(token.path.substr(start.size()));
    }
  }
  // The field may be right, and what it belongs to left out or wrong.
  std::vector<std::string> words;
  for (const std::string_view candidate : names) {
    if (words.size() < kMostNearest &&
        equals_ignoring_case(last_part(candidate), last_part(name))) {
      words.emplace_back(candidate);
    }
  }
  if (!words.empty()) {
    return words;
  }
  Nearest nearest(name, 1);
  for (const std::string_view candidate : names) {
    nearest.consider(candidate);
  }
  words = nearest.take();
  if (words.empty()) {
    const auto distance = [name](std::string_view candidate) {
      return edit_distance(last_part(name), last_part(candidate));
    };
    words.emplace_back(*std::min_element(
        names.begin(), names.end(),
        [&distance](const auto& a, const auto& b) { return distance(a) < distance(b); }));
  }
  return words;
}

const Vocabulary& file_vocabulary() {
  return kFiles;
}
const Vocabulary& asset_vocabulary() {
  return kAssets;
}

}  // namespace ot::store::query
