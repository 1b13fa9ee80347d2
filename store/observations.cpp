#include "store/observations.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "store/add_ons.hpp"
#include "store/compose.hpp"
#include "store/composed.hpp"
#include "store/departures.hpp"
#include "store/facts.hpp"
#include "store/identity.hpp"
#include "store/journal.hpp"
#include "store/observed_changes.hpp"
#include "store/shown.hpp"
#include "store/views.hpp"

namespace ot::store {
namespace {

/// Who knows most of the whole device comes first.
constexpr std::array<std::string_view, 3> kProtocols = {"fins", "enip", "modbus"};

auto rank_of(const ObservationRow& row) {
  return std::find(kProtocols.begin(), kProtocols.end(), row.sighting.protocol);
}

std::string address_of(const Asset& record) {
  return record.interfaces.empty() ? std::string() : record.interfaces.front().address;
}

/// Everything in it is what the device said, whatever the caller left unsaid.
Asset observed_record(Asset record) {
  record.origin = Origin::observed;
  for (AddOn& add_on : record.add_ons) {
    add_on.origin = Origin::observed;
  }
  return record;
}

bool saw_all(const Observation& observation) {
  return observation.complete && !observation.asked;
}

constexpr char kBetween = ' ';

std::set<std::string> units_in(std::string_view text) {
  std::set<std::string> units;
  while (!text.empty()) {
    const auto end = std::min(text.find(kBetween), text.size());
    units.emplace(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return units;
}

/// Those known before, and those of this one.
std::set<std::string> asked_with(std::set<std::string> units, const Observation& observation) {
  if (observation.complete && observation.asked) {
    units.insert(observation.asked->begin(), observation.asked->end());
  }
  return units;
}

std::string units_text(const std::set<std::string>& units) {
  return fmt::format("{}", fmt::join(units, std::string_view(&kBetween, 1)));
}

/// Two ports of one address may be two devices behind a port forwarding.
ObservationRow row_of(std::vector<ObservationRow> rows, const Observation& observation) {
  for (ObservationRow& row : rows) {
    if (row.sighting.protocol == observation.protocol &&
        row.sighting.target == observation.target) {
      return std::move(row);
    }
  }
  return {};
}

Result<ObservationRow> add_row(Database& database, AssetId asset, const Observation& observation) {
  const auto source = free_source(database);
  if (!source) {
    return fail(source.error());
  }
  ObservationRow row{.source = *source,
                     .site = observation.place.site,
                     .area = observation.place.area,
                     .complete = saw_all(observation),
                     .sighting = {observation.protocol, observation.target,
                                  address_of(observation.record), observation.at, observation.at}};
  STORE_TRY(run(database,
                "INSERT INTO observations(source_id, asset_id, protocol, target, address, site,"
                " area, complete, asked, first_seen, last_seen)"
                " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row.source, asset, row.sighting.protocol, row.sighting.target, row.sighting.address,
                row.site, row.area, row.complete, units_text(asked_with({}, observation)),
                observation.at, observation.at));
  return row;
}

Result<std::optional<View>> view_of(Database& database, FileId source, AssetId asset) {
  std::optional<View> view;
  {
    Query query(database, "SELECT facts FROM asset_facts WHERE file_id = ? AND asset_id = ?",
                source, asset);
    if (query.next()) {
      view = View{facts_from(query.view()), {}};
    }
    STORE_TRY(query.end());
  }
  if (view) {
    auto add_ons = read_placed(database, source, asset);
    if (!add_ons) {
      return fail(add_ons.error());
    }
    // In the order in which they were first seen.
    view->add_ons.assign(std::make_move_iterator(add_ons->rbegin()),
                         std::make_move_iterator(add_ons->rend()));
  }
  return view;
}

/// Modules in one place are told apart by their order, as files do.
std::vector<PlacedAddOn> placed(std::vector<AddOn> add_ons) {
  std::unordered_map<std::string, std::uint32_t> records;
  std::vector<PlacedAddOn> all;
  for (AddOn& add_on : add_ons) {
    const std::uint32_t occurrence = records[place_of(add_on)]++;
    all.push_back({.add_on_id = 0, .occurrence = occurrence, .record = std::move(add_on)});
  }
  return all;
}

Asset with_unmentioned(Asset record, const View& before) {
  View now{std::move(record), {}};
  now.add_ons = placed(std::exchange(now.record.add_ons, {}));
  View all = keep_unmentioned(std::move(now), before);
  for (PlacedAddOn& add_on : all.add_ons) {
    all.record.add_ons.push_back(std::move(add_on.record));
  }
  return std::move(all.record);
}

/// What was not asked this time is as it was.
void add_unasked(Asset& record, const View& before, const std::vector<std::string>& asked) {
  for (const PlacedAddOn& add_on : before.add_ons) {
    const auto& address = add_on.record.unit_address;
    if (std::find(asked.begin(), asked.end(), address) == asked.end()) {
      record.add_ons.push_back(add_on.record);
    }
  }
}

Result<void> write_view(Database& database, FileId source, const AssetRef& asset,
                        const Asset& record, Time at) {
  // The ids of its places are known from what all sources say together.
  STORE_TRY(drop_view(database, source, asset.id));
  AddOnWriter add_ons(database, source, 0);
  STORE_TRY(add_ons.start());
  STORE_TRY(add_ons.write(asset, record.add_ons));
  STORE_TRY(add_ons.finish());
  const auto written = write_facts(database, source, asset, record, std::nullopt, at);
  return written ? Result<void>{} : fail(written.error());
}

Result<bool> says_the_same(Database& database, FileId source, AssetId asset, const Asset& record) {
  const auto known = integer_from(
      database, "SELECT fingerprint FROM asset_facts WHERE file_id = ? AND asset_id = ?", source,
      asset);
  if (!known) {
    return fail(known.error());
  }
  return *known == fingerprint_of(record, facts_text(record)).value();
}

Result<void> saw_again(Database& database, const ObservationRow& row, Time at) {
  return run(database, "UPDATE observations SET last_seen = ? WHERE source_id = ?", at, row.source);
}

Result<void> renew_row(Database& database, const ObservationRow& row,
                       const Observation& observation) {
  const std::string address = address_of(observation.record);
  const bool complete = row.complete || saw_all(observation);
  const auto asked = asked_with(row.asked, observation);
  if (row.site == observation.place.site && row.area == observation.place.area &&
      row.sighting.address == address && row.complete == complete && asked == row.asked) {
    return saw_again(database, row, observation.at);
  }
  return run(database,
             "UPDATE observations SET last_seen = ?, address = ?, site = ?, area = ?, complete = ?,"
             " asked = ? WHERE source_id = ?",
             observation.at, address, observation.place.site, observation.place.area, complete,
             units_text(asked), row.source);
}

/// Where it was said to be, for one who does not say where it is.
Result<void> keep_place(Database& database, AssetId asset, Place& place) {
  if (!place.site.empty() || !place.area.empty()) {
    return {};
  }
  Query query(database, "SELECT site, area FROM assets WHERE asset_id = ?", asset);
  if (query.next()) {
    place.site = query.text();
    place.area = query.text();
  }
  return query.end();
}

/// The same target answered before, as the same asset.
Result<void> observe_again(Database& database, const ObservationRow& row, const AssetRef& asset,
                           const Observation& observation) {
  if (observation.at < row.sighting.last_seen) {
    // It comes late: what is known is newer.
    return run(database,
               "UPDATE observations SET first_seen = min(first_seen, ?) WHERE source_id = ?",
               observation.at, row.source);
  }
  if (observation.of_part && !observation.complete) {
    // What is known already may be a record of the whole device.
    return saw_again(database, row, observation.at);
  }
  const auto before = view_of(database, row.source, asset.id);
  if (!before) {
    return fail(before.error());
  }
  Asset record = observed_record(observation.record);
  if (*before && !observation.complete) {
    record = with_unmentioned(std::move(record), **before);
  } else if (*before && observation.asked) {
    add_unasked(record, **before, *observation.asked);
  }
  STORE_TRY(renew_row(database, row, observation));
  const auto same = says_the_same(database, row.source, asset.id, record);
  if (!same) {
    return fail(same.error());
  }
  if (!*same) {
    STORE_TRY(write_view(database, row.source, asset, record, observation.at));
    STORE_TRY(
        note_observed_changes(database, {asset, row, observation.at}, before->value_or(View{})));
  }
  const bool same_place = row.site == observation.place.site && row.area == observation.place.area;
  if (!*same || !same_place) {
    return refresh_composed(database, asset.id, observation.at);
  }
  // What another rackscout said of it meanwhile is older by now.
  const auto overtaken = integer_from(database,
                                      "SELECT 1 FROM received WHERE asset_id = ?"
                                      " AND observed_at BETWEEN ? AND ?",
                                      asset.id, row.sighting.last_seen, observation.at);
  if (!overtaken) {
    return fail(overtaken.error());
  }
  return *overtaken ? refresh_composed(database, asset.id, observation.at) : Result<void>{};
}

}  // namespace

Result<std::vector<ObservationRow>> observations_of(Database& database, AssetId asset) {
  Query query(
      database,
      "SELECT o.source_id, o.site, o.area, o.complete, o.asked, o.protocol, o.target, o.address,"
      " o.first_seen, o.last_seen FROM observations o LEFT JOIN asset_facts f"
      " ON f.file_id = o.source_id AND f.asset_id = o.asset_id WHERE o.asset_id = ?"
      " ORDER BY f.newness DESC, o.source_id DESC",
      asset);
  std::vector<ObservationRow> rows;
  while (query.next()) {
    rows.push_back({.source = query.integer(),
                    .site = query.text(),
                    .area = query.text(),
                    .complete = query.integer() != 0,
                    .asked = units_in(query.view()),
                    .sighting = {.protocol = query.text(),
                                 .target = query.text(),
                                 .address = query.text(),
                                 .first_seen = query.time(),
                                 .last_seen = query.time()}});
  }
  STORE_TRY(query.end());
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return rank_of(a) < rank_of(b); });
  return rows;
}

Result<AssetId> put_observation(Database& database, Observation observation) {
  Identifier identifier(database, observation.place, observation.at);
  const auto asset = identifier.asset_of(observation);
  if (!asset) {
    return fail(asset.error());
  }
  STORE_TRY(keep_place(database, asset->id, observation.place));
  STORE_TRY(end_earlier(database, asset->id, observation));
  auto rows = observations_of(database, asset->id);
  if (!rows) {
    return fail(rows.error());
  }
  const ObservationRow known = row_of(std::move(*rows), observation);
  if (known.source != 0) {
    STORE_TRY(observe_again(database, known, *asset, observation));
    return asset->id;
  }
  STORE_TRY(begin_composing(database, *asset, observation.at));
  const auto row = add_row(database, asset->id, observation);
  if (!row) {
    return fail(row.error());
  }
  STORE_TRY(write_view(database, row->source, *asset, observed_record(observation.record),
                       observation.at));
  STORE_TRY(refresh_composed(database, asset->id, observation.at));
  return asset->id;
}

}  // namespace ot::store
