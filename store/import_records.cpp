#include "store/import_records.hpp"

#include <algorithm>
#include <vector>

#include "store/add_ons.hpp"
#include "store/identity.hpp"
#include "store/shown.hpp"
#include "store/views.hpp"

namespace ot::store {
namespace {

Time newness_of(const ImportOutcome& outcome) {
  return outcome.project.exported_at.value_or(changed_on_disk(outcome.stamp));
}

/// Which assets the records are, and what was odd about them.
struct Written {
  std::vector<AssetId> assets;
  std::vector<Warning> warnings;
  std::int64_t fingerprint = 0;
};

Result<Written> write_records(Database& database, const Import& import,
                              const ImportOutcome& outcome, Time at) {
  Identifier identifier(database, import.path, import.place, at);
  AddOnWriter add_ons(database, import.file, import.previous);
  STORE_TRY(add_ons.start());
  Written written;
  Fingerprint fingerprint(outcome.project);
  for (const Asset& record : outcome.project.assets) {
    const auto asset = identifier.asset_of(record);
    if (!asset) {
      return fail(asset.error());
    }
    STORE_TRY(add_ons.write(*asset, record.add_ons));
    const auto part = write_facts(database, import.file, *asset, record,
                                  outcome.project.exported_at, newness_of(outcome));
    if (!part) {
      return fail(part.error());
    }
    fingerprint.add(*part);
    written.assets.push_back(asset->id);
  }
  STORE_TRY(add_ons.finish());
  written.warnings = identifier.take_warnings();
  written.fingerprint = fingerprint.value();
  return written;
}

/// Those of the import and those of what it replaces, each once.
Result<std::vector<AssetId>> touched_assets(Database& database, FileId previous,
                                            std::vector<AssetId> assets) {
  const auto before = supported_by(database, previous);
  if (!before) {
    return fail(before.error());
  }
  assets.insert(assets.end(), before->begin(), before->end());
  std::sort(assets.begin(), assets.end());
  assets.erase(std::unique(assets.begin(), assets.end()), assets.end());
  return assets;
}

}  // namespace

Time changed_on_disk(const FileStamp& stamp) {
  return std::chrono::floor<std::chrono::milliseconds>(
      std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(stamp.mtime_ns)));
}

Result<void> put_records(Database& database, const Import& import, const ImportOutcome& outcome,
                         Time at) {
  auto written = write_records(database, import, outcome, at);
  if (!written) {
    return fail(written.error());
  }
  const auto assets = touched_assets(database, import.previous, std::move(written->assets));
  if (!assets) {
    return fail(assets.error());
  }
  STORE_TRY(store_outcome(database, import.file, outcome, at));
  std::vector<Warning> warnings = outcome.project.warnings;
  warnings.insert(warnings.end(), written->warnings.begin(), written->warnings.end());
  STORE_TRY(set_findings(database, import.file, warnings, written->fingerprint));
  STORE_TRY(refresh_shown(database, *assets, at));
  return import.previous != 0 ? remove_facts(database, import.previous) : Result<void>{};
}

}  // namespace ot::store
