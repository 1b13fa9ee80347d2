#include "store/observed_changes.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "store/facts.hpp"
#include "store/journal.hpp"
#include "store/swaps.hpp"

namespace ot::store {
namespace {

Placed placed(const PlacedAddOn& add_on) {
  const AddOn& record = add_on.record;
  return {add_on.add_on_id,       record.unit_address, record.name,
          record.hardware.model,  record.order_id,     record.serial_number,
          record.firmware_version};
}

Placed head_of(const Asset& record) {
  return {0,
          "",
          record.name,
          record.hardware.model,
          record.order_id,
          record.serial_number,
          record.firmware_version};
}

/// What one observation says, the asset itself as one of its places.
struct Said {
  std::string protocol;
  Places places;
};

Places places_of(const View& view) {
  Places places;
  for (const PlacedAddOn& add_on : view.add_ons) {
    places.try_emplace(add_on.place(), placed(add_on));
  }
  places.try_emplace(std::string(kHead), head_of(view.record));
  return places;
}

Result<Places> places_of(Database& database, FileId source, AssetId asset) {
  Places places;
  STORE_TRY(learn_places(database, source, asset, places));
  Query query(database, "SELECT facts FROM asset_facts WHERE file_id = ? AND asset_id = ?", source,
              asset);
  if (query.next()) {
    places.try_emplace(std::string(kHead), head_of(facts_from(query.view())));
  }
  STORE_TRY(query.end());
  return places;
}

bool other_firmware(const Module& a, const Module& b) {
  return !a.firmware_version.empty() && !b.firmware_version.empty() &&
         a.firmware_version != b.firmware_version;
}

/// Whether `there` tells the same change.
bool tells(const Module& there, const Module& before, const Module& after) {
  if (is_swap(there, after)) {
    return false;
  }
  return is_swap(before, after) ? is_swap(before, there)
                                : there.firmware_version == after.firmware_version;
}

std::string with_firmware(const std::string& place, const Module& module) {
  return fmt::format("{}, firmware {}", describe(place, module), module.firmware_version);
}

class Changes {
 public:
  Changes(Database& database, const Observed& observed)
      : database_(database), observed_(observed), subject_(observed.asset.uuid.text()) {}

  Result<void> learn_others() {
    const AssetId asset = observed_.asset.id;
    const auto rows = observations_of(database_, asset);
    if (!rows) {
      return fail(rows.error());
    }
    for (const ObservationRow& row : *rows) {
      // What was seen last before the earlier of the two views is no witness of their difference.
      const bool stale = row.sighting.last_seen < observed_.row.sighting.last_seen;
      if (row.source == observed_.row.source || stale) {
        continue;
      }
      auto places = places_of(database_, row.source, asset);
      if (!places) {
        return fail(places.error());
      }
      others_.push_back({row.sighting.protocol, std::move(*places)});
    }
    return {};
  }

  Result<void> compare(Places old, const Places& now) {
    for (const auto* entry : by_id(now)) {
      const auto found = old.find(entry->first);
      if (found == old.end()) {
        STORE_TRY(appeared(entry->first, entry->second));
        continue;
      }
      STORE_TRY(changed(entry->first, module_of(found->second), module_of(entry->second)));
      old.erase(found);
    }
    for (const auto* entry : by_id(old)) {
      STORE_TRY(vanished(entry->first, module_of(entry->second)));
    }
    return {};
  }

 private:
  /// Whether another observation, by the same protocol or by any, says that.
  template <class Says>
  bool told(bool any_protocol, const Says& says) const {
    return std::any_of(others_.begin(), others_.end(), [&](const Said& other) {
      return (any_protocol || other.protocol == observed_.row.sighting.protocol) &&
             says(other.places);
    });
  }

  Result<void> appeared(const std::string& place, const Placed& placed) {
    const Module now = module_of(placed);
    if (!observed_.row.complete && !observed_.row.asked.contains(placed.unit_address)) {
      // It may have been there before: nobody looked.
      return {};
    }
    const auto has = [&](const Places& places) { return places.contains(place); };
    return told(true, has) ? Result<void>{}
                           : note(database_, observed_.at, "module.appeared", subject_, "",
                                  describe(place, now));
  }

  Result<void> vanished(const std::string& place, const Module& was) {
    const auto lacks = [&](const Places& places) { return !places.contains(place); };
    return told(false, lacks) ? Result<void>{}
                              : note(database_, observed_.at, "module.vanished", subject_,
                                     describe(place, was), "");
  }

  Result<void> changed(const std::string& place, const Module& was, const Module& now) {
    const bool swapped = is_swap(was, now);
    const auto has_it = [&](const Places& places) {
      const auto found = places.find(place);
      return found != places.end() && tells(module_of(found->second), was, now);
    };
    if ((!swapped && !other_firmware(was, now)) || told(true, has_it)) {
      return {};
    }
    return swapped ? note(database_, observed_.at, "module.swapped", subject_, describe(place, was),
                          describe(place, now))
                   : note(database_, observed_.at, "firmware.changed", subject_,
                          with_firmware(place, was), with_firmware(place, now));
  }

  Database& database_;
  const Observed& observed_;
  std::string subject_;
  std::vector<Said> others_;
};

}  // namespace

Result<void> note_observed_changes(Database& database, const Observed& observed,
                                   const View& before) {
  auto now = places_of(database, observed.row.source, observed.asset.id);
  if (!now) {
    return fail(now.error());
  }
  Changes changes(database, observed);
  STORE_TRY(changes.learn_others());
  return changes.compare(places_of(before), *now);
}

}  // namespace ot::store
