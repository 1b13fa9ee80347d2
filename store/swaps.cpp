#include "store/swaps.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "store/journal.hpp"
#include "store/places.hpp"

namespace ot::store {
namespace {

bool differ(std::string_view a, std::string_view b) {
  return !a.empty() && !b.empty() && a != b;
}

}  // namespace

std::vector<const Places::value_type*> by_id(const Places& places) {
  std::vector<const Places::value_type*> entries;
  for (const auto& entry : places) {
    entries.push_back(&entry);
  }
  std::sort(entries.begin(), entries.end(),
            [](const auto* a, const auto* b) { return a->second.add_on_id < b->second.add_on_id; });
  return entries;
}

Module module_of(const Placed& placed) {
  return {placed.name, placed.model, placed.order_id, placed.serial_number,
          placed.firmware_version};
}

bool is_swap(const Module& before, const Module& after) {
  const bool no_order = before.order_id.empty() && after.order_id.empty();
  return differ(before.order_id, after.order_id) ||
         differ(before.serial_number, after.serial_number) ||
         (no_order && differ(before.model, after.model));
}

std::string describe(std::string_view place, const Module& module) {
  const auto named = module.model.empty() ? module.name : module.model;
  const auto what = module.order_id.empty() ? named : module.order_id;
  const auto serial = module.serial_number.empty()
                          ? std::string()
                          : fmt::format(", serial number {}", module.serial_number);
  return fmt::format("{}: {}{}", place, what, serial);
}

Result<void> note_swap(Database& database, Time at, const Uuid& asset, std::string_view place,
                       const Module& before, const Module& after) {
  if (!is_swap(before, after)) {
    return {};
  }
  return note(database, at, "module.swapped", asset.text(), describe(place, before),
              describe(place, after));
}

Result<void> note_changes(Database& database, Time at, AssetId asset, const Uuid& uuid,
                          FileId before, FileId after) {
  const std::string subject = uuid.text();
  Places old;
  STORE_TRY(learn_places(database, before, asset, old));
  const auto compare = [&](const std::string& place, const Placed& now) -> Result<void> {
    const auto found = old.find(place);
    if (found == old.end()) {
      return note(database, at, "module.appeared", subject, "", describe(place, module_of(now)));
    }
    const auto was = old.extract(found);
    return note_swap(database, at, uuid, place, module_of(was.mapped()), module_of(now));
  };
  STORE_TRY(each_place(database, after, asset, compare));
  for (const auto* entry : by_id(old)) {
    STORE_TRY(note(database, at, "module.vanished", subject,
                   describe(entry->first, module_of(entry->second)), ""));
  }
  return {};
}

}  // namespace ot::store
