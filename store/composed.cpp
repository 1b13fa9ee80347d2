#include "store/composed.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "store/compose.hpp"
#include "store/facts.hpp"
#include "store/fingerprint.hpp"
#include "store/observations.hpp"
#include "store/received.hpp"
#include "store/views.hpp"

namespace ot::store {
namespace {

/// Such a view is the first to know the ids of places.
constexpr std::int64_t kAlwaysNewest = std::numeric_limits<std::int64_t>::max();

/// What other rackscouts sent counts by its age, between them and beside what was seen here.
struct Sources {
  std::vector<Word> newer;  ///< received
  std::vector<Word> observed;
  std::vector<Word> older;  ///< received
  std::optional<View> configured;
  std::string fingerprints;  ///< of all of them
  std::string site;
  std::string area;
  std::string sensor;
  bool all_seen = false;  ///< all that the asset bears was named once

  /// All but the files', first who counts first.
  std::vector<View> others() const {
    auto words = newer;
    words.insert(words.end(), observed.begin(), observed.end());
    words.insert(words.end(), older.begin(), older.end());
    return still_holding(std::move(words));
  }
};

std::vector<View> views_of(std::vector<Word> words) {
  std::vector<View> views(words.size());
  std::transform(words.begin(), words.end(), views.begin(),
                 [](Word& word) { return std::move(word.view); });
  return views;
}

Result<View> take_view(Database& database, FileId source, AssetId asset, Sources& sources) {
  View view;
  {
    Query query(database,
                "SELECT facts, fingerprint FROM asset_facts WHERE file_id = ? AND asset_id = ?",
                source, asset);
    if (query.next()) {
      view.record = facts_from(query.view());
      sources.fingerprints += fmt::format("{} {}\n", source, query.integer());
    }
    STORE_TRY(query.end());
  }
  auto add_ons = read_placed(database, source, asset);
  if (!add_ons) {
    return fail(add_ons.error());
  }
  view.add_ons = std::move(*add_ons);
  return view;
}

Result<void> take_configured(Database& database, AssetId asset, Sources& sources) {
  const auto file =
      integer_from(database, "SELECT shown_file FROM configured_views WHERE asset_id = ?", asset);
  if (!file) {
    return fail(file.error());
  }
  if (!*file) {
    return {};
  }
  auto view = take_view(database, **file, asset, sources);
  if (!view) {
    return fail(view.error());
  }
  sources.configured = std::move(*view);
  return {};
}

/// Which units of a Modbus device were asked, nobody knows any more: a walk may have asked others,
/// and takes nothing of them back.
std::string speaker_of(const std::string& protocol) {
  return protocol == "modbus" ? "modbus, units unknown" : protocol;
}

/// Answers when a device was last seen here.
Result<Time> take_observed(Database& database, AssetId asset, Sources& sources) {
  const auto observations = observations_of(database, asset);
  if (!observations) {
    return fail(observations.error());
  }
  auto last = Time::min();
  for (const ObservationRow& row : *observations) {
    auto view = take_view(database, row.source, asset, sources);
    if (!view) {
      return fail(view.error());
    }
    sources.all_seen |= row.complete && !view->add_ons.empty();
    const std::vector<std::string> speakers = {speaker_of(row.sighting.protocol)};
    sources.observed.push_back({.view = std::move(*view),
                                .at = row.sighting.last_seen,
                                .since = row.sighting.first_seen,
                                .says = speakers,
                                .named = speakers,
                                .whole = row.complete ? speakers : std::vector<std::string>()});
    last = std::max(last, row.sighting.last_seen);
  }
  if (!observations->empty()) {
    sources.site = observations->front().site;
    sources.area = observations->front().area;
  }
  return last;
}

/// "modbus 1-20", where a walk asked no others, else "modbus".
std::string speaker_of(const std::string& protocol, const Walked& walked) {
  for (const auto* names : {&walked.whole, &walked.named}) {
    const auto found = std::find_if(names->begin(), names->end(), [&](const auto& name) {
      return name.starts_with(protocol + " ");
    });
    if (found != names->end()) {
      return *found;
    }
  }
  return protocol;
}

/// Its view apart.
Result<Word> word_of(Database& database, const ReceivedRow& row, AssetId asset) {
  const auto sightings = sightings_of_source(database, row.source, asset);
  if (!sightings) {
    return fail(sightings.error());
  }
  const auto walked = row.walked.value_or(Walked{});
  Word word{.view = {},
            .at = row.observed_at,
            .since = row.observed_at,
            .walk = row.walked.has_value(),
            .says = {},
            .named = {},
            .whole = walked.whole};
  for (const Sighting& sighting : *sightings) {
    word.says.push_back(word.walk ? speaker_of(sighting.protocol, walked)
                                  : speaker_of(sighting.protocol));
  }
  word.named = word.walk ? walked.named : word.says;
  if (row.configured) {
    word.says.emplace_back("files");
  }
  return word;
}

Result<void> take_received(Database& database, AssetId asset, Time seen_here, Sources& sources) {
  const auto rows = received_of(database, asset);
  if (!rows) {
    return fail(rows.error());
  }
  const bool has_walks =
      std::any_of(rows->begin(), rows->end(), [](const auto& row) { return row.walked; });
  for (const ReceivedRow& row : *rows) {
    auto view = take_view(database, row.source, asset, sources);
    if (!view) {
      return fail(view.error());
    }
    auto word = has_walks ? word_of(database, row, asset) : Word{.view = {}, .at = row.observed_at};
    if (!word) {
      return fail(word.error());
    }
    word->view = std::move(*view);
    auto& words = row.observed_at > seen_here ? sources.newer : sources.older;
    words.push_back(std::move(*word));
  }
  if (!rows->empty() && sources.observed.empty()) {
    sources.site = rows->front().site;
    sources.area = rows->front().area;
    sources.sensor = sources.configured ? std::string() : rows->front().seen_by;
  }
  return {};
}

Result<Sources> sources_of(Database& database, AssetId asset) {
  Sources sources;
  const auto seen_here = take_observed(database, asset, sources);
  if (!seen_here) {
    return fail(seen_here.error());
  }
  STORE_TRY(take_configured(database, asset, sources));
  STORE_TRY(take_received(database, asset, *seen_here, sources));
  return sources;
}

ShownView shown_view(const View& view, const std::string& facts, const Sources& sources) {
  Fingerprint fingerprint(facts + sources.fingerprints);
  for (const PlacedAddOn& add_on : view.add_ons) {
    fingerprint.add(add_on.record);
  }
  return {.source = kAllSources,
          .fingerprint = fingerprint.value(),
          .add_on_count = static_cast<std::int64_t>(view.add_ons.size()),
          .site = sources.site,
          .area = sources.area,
          .sensor = sources.sensor};
}

Result<bool> is_shown(Database& database, AssetId asset, const ShownView& view) {
  const auto same =
      integer_from(database,
                   "SELECT 1 FROM assets WHERE asset_id = ? AND shown_file = ? AND"
                   " fingerprint = ? AND site = ? AND area = ? AND sensor = ?",
                   asset, view.source, view.fingerprint, view.site, view.area, view.sensor);
  return same ? Result<bool>(same->has_value()) : fail(same.error());
}

Result<void> write(Database& database, AssetId asset, const View& view, const std::string& facts,
                   const ShownView& shown) {
  STORE_TRY(drop_view(database, kAllSources, asset));
  STORE_TRY(run(database,
                "INSERT INTO asset_facts(file_id, asset_id, newness, fingerprint, add_on_count,"
                " facts) VALUES(?, ?, ?, ?, ?, ?)",
                kAllSources, asset, kAlwaysNewest, shown.fingerprint, shown.add_on_count, facts));
  for (const PlacedAddOn& add_on : view.add_ons) {
    STORE_TRY(write_placed(database, kAllSources, asset, add_on));
  }
  return put_shown(database, asset, shown, view.record);
}

Asset whole_record(View view) {
  for (PlacedAddOn& add_on : view.add_ons) {
    view.record.add_ons.push_back(std::move(add_on.record));
  }
  return std::move(view.record);
}

}  // namespace

Result<void> put_shown(Database& database, AssetId asset, const ShownView& view,
                       const Asset& record) {
  const Interface* primary = primary_interface(record.interfaces);
  return run(database,
             "UPDATE assets SET shown_file = ?, kept_file = NULL, fingerprint = ?,"
             " add_on_count = ?, site = ?, area = ?, sensor = ?, name = ?, station = ?, vendor = "
             "?, model = ?,"
             " product_name = ?, category = ?, order_id = ?, serial_number = ?,"
             " firmware_version = ?, address = ?, mac = ? WHERE asset_id = ?",
             view.source, view.fingerprint, view.add_on_count, view.site, view.area, view.sensor,
             record.name, record.station, record.hardware.vendor, record.hardware.model,
             record.hardware.product_name, to_string(record.hardware.category), record.order_id,
             record.serial_number, record.firmware_version,
             primary != nullptr ? primary->address : std::string(),
             primary != nullptr ? primary->mac_address : std::string(), asset);
}

Result<void> refresh_composed(Database& database, AssetId asset, Time at) {
  const auto sources = sources_of(database, asset);
  if (!sources) {
    return fail(sources.error());
  }
  const View view = compose(sources->others(), sources->configured);
  const std::string facts = facts_text(view.record);
  const ShownView shown = shown_view(view, facts, *sources);
  const auto same = is_shown(database, asset, shown);
  if (!same || *same) {
    return same ? Result<void>{} : fail(same.error());
  }
  STORE_TRY(write(database, asset, view, facts, shown));
  return run(database, "UPDATE assets SET last_updated = ? WHERE asset_id = ?", at, asset);
}

Result<std::optional<Sides>> read_sides(Database& database, AssetId asset) {
  auto sources = sources_of(database, asset);
  if (!sources) {
    return fail(sources.error());
  }
  if (!sources->configured || sources->observed.empty()) {
    return std::nullopt;
  }
  return Sides{.configured = whole_record(std::move(*sources->configured)),
               .observed = whole_record(compose(views_of(sources->observed), std::nullopt)),
               .all_seen = sources->all_seen};
}

}  // namespace ot::store
