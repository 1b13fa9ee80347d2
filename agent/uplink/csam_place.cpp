#include "agent/uplink/csam_place.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

#include "agent/uplink/csam_json.hpp"
#include "base/number.hpp"

namespace ot::agent {
namespace {

using store::StoredAddOn;
using Number = std::optional<std::uint32_t>;

std::string numbered(std::string_view what, const Number& number) {
  return number ? fmt::format("{} {}", what, *number) : std::string();
}

Number unit_number(const AddOn& add_on) {
  return whole_number<std::uint32_t>(add_on.unit_address);
}

/// A slot's number is also the unit address of what sits in it.
std::string unit_words(const AddOn& add_on) {
  if (add_on.slot || add_on.unit_address.empty()) {
    return {};
  }
  return (unit_number(add_on) ? "unit " : "port ") + add_on.unit_address;
}

/// What comes in no number's place comes first.
auto order_of(const StoredAddOn& item) {
  const auto& record = item.record;
  const auto unit = unit_number(record).value_or(std::numeric_limits<std::uint32_t>::max());
  return std::tuple(std::string_view(record.bus), record.slave_address, record.rack, record.slot,
                    record.subslot, unit, std::string_view(record.unit_address), item.add_on_id);
}

}  // namespace

std::string csam_place(const AddOn& add_on) {
  const auto slave = add_on.slave_address ? slave_address_text(*add_on.slave_address) : "";
  auto place =
      joined_words({add_on.bus, slave, numbered("rack", add_on.rack), numbered("slot", add_on.slot),
                    numbered("sub-slot", add_on.subslot), unit_words(add_on)});
  return place.empty() ? "module" : place;
}

std::vector<const AddOn*> add_ons_by_place(const store::StoredAsset& asset) {
  std::vector<const StoredAddOn*> sorted;
  sorted.reserve(asset.shown.add_ons.size());
  for (const auto& add_on : asset.shown.add_ons) {
    sorted.push_back(&add_on);
  }
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return order_of(*a) < order_of(*b); });
  std::vector<const AddOn*> records;
  records.reserve(sorted.size());
  for (const auto* add_on : sorted) {
    records.push_back(&add_on->record);
  }
  return records;
}

}  // namespace ot::agent
