#include "store/shown.hpp"

#include <optional>
#include <string>
#include <tuple>

#include "store/composed.hpp"
#include "store/facts.hpp"
#include "store/journal.hpp"
#include "store/swaps.hpp"
#include "store/views.hpp"

namespace ot::store {
namespace {

/// What the newest live file says, or said when that was looked at last.
struct FileView {
  FileId file = 0;  ///< 0: no live file supports the asset
  std::optional<std::int64_t> fingerprint;
  std::int64_t add_on_count = 0;
  std::string site;
  std::string area;
  std::string facts;

  bool says_the_same(const FileView& other) const {
    return std::tie(fingerprint, site, area) == std::tie(other.fingerprint, other.site, other.area);
  }
};

struct Shown {
  Uuid uuid;
  std::string name;
  std::string model;
  std::string order_id;
  std::string serial_number;
  FileId kept_file = 0;  ///< owns the add-ons of an asset that no file supported
  FileView view;
  bool observed = false;  ///< the list shows what all sources say together

  FileId last_file() const { return view.file != 0 ? view.file : kept_file; }
  Module head() const { return {name, model, order_id, serial_number}; }
};

void take_head(Query& query, Shown& shown) {
  shown.name = query.text();
  shown.model = query.text();
  shown.order_id = query.text();
  shown.serial_number = query.text();
  shown.kept_file = query.optional_integer().value_or(0);
  shown.view.file = query.optional_integer().value_or(0);
  shown.view.fingerprint = query.optional_integer();
}

Result<void> take_configured(Database& database, AssetId asset, Shown& shown) {
  Query query(database,
              "SELECT name, model, order_id, serial_number, kept_file, shown_file, fingerprint"
              " FROM configured_views WHERE asset_id = ?",
              asset);
  if (query.next()) {
    take_head(query, shown);
  }
  return query.end();
}

/// The files' side of an asset, as it was looked at last.
Result<Shown> shown_now(Database& database, AssetId asset) {
  Query query(database,
              "SELECT name, model, order_id, serial_number, kept_file, shown_file, fingerprint,"
              " asset_uuid, add_on_count, site, area FROM assets WHERE asset_id = ?",
              asset);
  Shown shown;
  if (query.next()) {
    take_head(query, shown);
    shown.uuid = query.uuid();
    shown.view.add_on_count = query.integer();
    shown.view.site = query.text();
    shown.view.area = query.text();
  }
  STORE_TRY(query.end());
  shown.observed = shown.view.file == kAllSources;
  if (shown.observed) {
    STORE_TRY(take_configured(database, asset, shown));
  }
  return shown;
}

Result<FileView> newest_view(Database& database, AssetId asset) {
  Query query(database,
              "SELECT f.file_id, f.fingerprint, f.add_on_count, f.facts, s.site, s.area"
              " FROM asset_facts f CROSS JOIN files s ON s.file_id = f.file_id"
              " WHERE f.asset_id = ? AND s.status IN ('Imported', 'Failed')"
              " ORDER BY f.newness DESC, f.add_on_count DESC, f.file_id DESC LIMIT 1",
              asset);
  FileView view;
  if (query.next()) {
    view.file = query.integer();
    view.fingerprint = query.integer();
    view.add_on_count = query.integer();
    view.facts = query.text();
    view.site = query.text();
    view.area = query.text();
  }
  STORE_TRY(query.end());
  return view;
}

struct Named {
  Uuid uuid;
  std::string name;
};

/// Nothing speaks for the asset any more; `kept_file` owns the add-ons shown last.
Result<void> leave_list(Database& database, AssetId asset, const Named& named,
                        std::optional<FileId> kept_file, Time at) {
  STORE_TRY(run(database, "UPDATE assets SET kept_file = ?, shown_file = NULL WHERE asset_id = ?",
                kept_file, asset));
  return note(database, at, "asset.unsupported", named.uuid.text(), named.name, "");
}

/// The list shows what that file says.
Result<void> show_file(Database& database, AssetId asset, const FileView& view,
                       const Asset& record) {
  return put_shown(database, asset,
                   {view.file, *view.fingerprint, view.add_on_count, view.site, view.area, {}},
                   record);
}

Result<void> touch(Database& database, AssetId asset, Time at) {
  return run(database, "UPDATE assets SET last_updated = ? WHERE asset_id = ?", at, asset);
}

Result<void> hide(Database& database, AssetId asset, const Shown& before, Time at) {
  if (before.view.file == 0) {
    return {};
  }
  return leave_list(database, asset, {before.uuid, before.name}, before.view.file, at);
}

/// What is shown changes: the asset itself is what sits in its head's place.
Result<void> note_differences(Database& database, AssetId asset, const Shown& before,
                              const FileView& view, const Asset& record, Time at) {
  if (!before.view.fingerprint || before.view.fingerprint == view.fingerprint) {
    return {};
  }
  STORE_TRY(note_swap(database, at, before.uuid, kHead, before.head(),
                      {record.name, record.hardware.model, record.order_id, record.serial_number}));
  return note_changes(database, at, asset, before.uuid, before.last_file(), view.file);
}

Result<void> put_configured(Database& database, AssetId asset, const FileView& view,
                            const Asset& record) {
  return run(database,
             "UPDATE configured_views SET shown_file = ?, kept_file = NULL, fingerprint = ?,"
             " name = ?, model = ?, order_id = ?, serial_number = ? WHERE asset_id = ?",
             view.file, view.fingerprint, record.name, record.hardware.model, record.order_id,
             record.serial_number, asset);
}

/// The asset stays in the list, whatever its files say: devices speak for it.
Result<void> refresh_beside(Database& database, AssetId asset, const Shown& before,
                            const FileView& view, Time at) {
  if (view.file == before.view.file &&
      (view.file == 0 || view.fingerprint == before.view.fingerprint)) {
    return {};
  }
  if (view.file == 0) {
    STORE_TRY(run(database,
                  "UPDATE configured_views SET kept_file = shown_file, shown_file = NULL"
                  " WHERE asset_id = ?",
                  asset));
    return refresh_composed(database, asset, at);
  }
  const Asset record = facts_from(view.facts);
  STORE_TRY(note_differences(database, asset, before, view, record, at));
  STORE_TRY(put_configured(database, asset, view, record));
  if (before.kept_file != 0) {
    STORE_TRY(drop_add_ons(database, before.kept_file, asset));
  }
  return refresh_composed(database, asset, at);
}

Result<void> refresh_one(Database& database, AssetId asset, Time at) {
  const auto before = shown_now(database, asset);
  if (!before) {
    return fail(before.error());
  }
  const auto view = newest_view(database, asset);
  if (!view) {
    return fail(view.error());
  }
  if (before->observed) {
    return refresh_beside(database, asset, *before, *view, at);
  }
  if (view->file == 0) {
    return hide(database, asset, *before, at);
  }
  const bool same = view->says_the_same(before->view);
  if (same && view->file == before->view.file) {
    return {};
  }
  const Asset record = facts_from(view->facts);
  STORE_TRY(note_differences(database, asset, *before, *view, record, at));
  STORE_TRY(show_file(database, asset, *view, record));
  if (before->kept_file != 0) {
    STORE_TRY(drop_add_ons(database, before->kept_file, asset));
  }
  if (!same) {
    STORE_TRY(touch(database, asset, at));
  }
  const bool returned = before->view.file == 0 && before->view.fingerprint.has_value();
  return returned ? note(database, at, "asset.returned", before->uuid.text(), "", before->name)
                  : Result<void>{};
}

Result<Named> name_of(Database& database, AssetId asset) {
  Query query(database, "SELECT asset_uuid, name FROM assets WHERE asset_id = ?", asset);
  Named named;
  if (query.next()) {
    named = {query.uuid(), query.text()};
  }
  STORE_TRY(query.end());
  return named;
}

/// Its name, if it had left the list with its last file.
Result<std::optional<std::string>> unsupported_name(Database& database, AssetId asset) {
  Query query(database,
              "SELECT name FROM assets WHERE asset_id = ? AND shown_file IS NULL"
              " AND fingerprint IS NOT NULL",
              asset);
  std::optional<std::string> name;
  if (query.next()) {
    name = query.text();
  }
  STORE_TRY(query.end());
  return name;
}

/// What is left of what spoke for it beside its files.
Result<bool> has_other_sources(Database& database, AssetId asset) {
  return integer_from(database,
                      "SELECT 1 WHERE EXISTS (SELECT 1 FROM observations WHERE asset_id = ?1)"
                      " OR EXISTS (SELECT 1 FROM received WHERE asset_id = ?1)",
                      asset)
      .transform([](const auto& found) { return found.has_value(); });
}

Result<void> end_composing(Database& database, AssetId asset, Time at) {
  const auto view = newest_view(database, asset);
  if (!view) {
    return fail(view.error());
  }
  STORE_TRY(run(database,
                "DELETE FROM add_ons WHERE asset_id = ?1 AND file_id ="
                " (SELECT kept_file FROM configured_views WHERE asset_id = ?1)",
                asset));
  STORE_TRY(run(database, "DELETE FROM configured_views WHERE asset_id = ?", asset));
  if (view->file == 0) {
    // The composed view stays: it knows the ids of the modules, should the device return.
    const auto named = name_of(database, asset);
    return named ? leave_list(database, asset, *named, std::nullopt, at) : fail(named.error());
  }
  STORE_TRY(drop_view(database, kAllSources, asset));
  STORE_TRY(show_file(database, asset, *view, facts_from(view->facts)));
  return touch(database, asset, at);
}

}  // namespace

Result<bool> is_composed(Database& database, AssetId asset) {
  return integer_from(database, "SELECT 1 FROM configured_views WHERE asset_id = ?", asset)
      .transform([](const auto& found) { return found.has_value(); });
}

Result<void> begin_composing(Database& database, const AssetRef& asset, Time at) {
  const auto composed = is_composed(database, asset.id);
  if (!composed || *composed) {
    return composed ? Result<void>{} : fail(composed.error());
  }
  const auto name = unsupported_name(database, asset.id);
  if (!name) {
    return fail(name.error());
  }
  STORE_TRY(run(database,
                "INSERT INTO configured_views SELECT asset_id, shown_file, kept_file, fingerprint,"
                " name, model, order_id, serial_number FROM assets WHERE asset_id = ?",
                asset.id));
  return *name ? note(database, at, "asset.returned", asset.uuid.text(), "", **name)
               : Result<void>{};
}

Result<void> lose_source(Database& database, AssetId asset, Time at) {
  const auto left = has_other_sources(database, asset);
  if (!left) {
    return fail(left.error());
  }
  return *left ? refresh_composed(database, asset, at) : end_composing(database, asset, at);
}

Result<void> refresh_shown(Database& database, const std::vector<AssetId>& assets, Time at) {
  for (const AssetId asset : assets) {
    STORE_TRY(refresh_one(database, asset, at));
  }
  return {};
}

}  // namespace ot::store
