#include "agent/report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "agent/redact.hpp"
#include "agent/source_difference.hpp"

namespace ot::agent {
namespace {

/// The row of a source; should it have vanished meanwhile, at least its path.
Result<store::StoredFile> file_of(store::Store& store, const store::SourcedAsset& source) {
  auto files = store.find_files(source.path);
  if (!files) {
    return fail(std::move(files.error()));
  }
  for (auto& file : *files) {
    if (file.file_id == source.file_id) {
      return std::move(file);
    }
  }
  store::StoredFile file;
  file.file_id = source.file_id;
  file.path = source.path;
  file.exported_at = source.exported_at;
  return file;
}

Result<SourceReport*> entry_for(StationReport& report, store::Store& store,
                                const store::SourcedAsset& source) {
  auto& sources = report.sources;
  const auto known = std::find_if(sources.begin(), sources.end(), [&source](const auto& entry) {
    return entry.file.file_id == source.file_id;
  });
  if (known != sources.end()) {
    return &*known;
  }
  auto file = file_of(store, source);
  if (!file) {
    return fail(std::move(file.error()));
  }
  return &sources.emplace_back(SourceReport{std::move(*file), {}});
}

std::string name_of(const store::StoredAsset& asset) {
  const auto& record = asset.shown.record;
  return record.name.empty() ? record.hardware.model : record.name;
}

Result<void> add_sources(StationReport& report, store::Store& store,
                         const store::StoredAsset& asset) {
  const auto sources = store.sources_of(asset.asset_id);
  if (!sources) {
    return fail(sources.error());
  }
  const auto& record = asset.shown.record;
  const store::SourcedAsset* newest = nullptr;
  for (const auto& source : *sources) {
    if (source.sighting) {
      report.observations.push_back({asset.asset_id, name_of(asset), *source.sighting});
      continue;
    }
    newest = newest == nullptr ? &source : newest;
    auto entry = entry_for(report, store, source);
    if (!entry) {
      return fail(std::move(entry.error()));
    }
    for (const auto& line : differences(*newest, source)) {
      (*entry)->differences.push_back(
          report.assets.size() > 1 ? fmt::format("{}: {}", record.name, line) : line);
    }
  }
  return {};
}

/// A file's own date decides, where it has one, else when it was read.
Time date_of(const store::StoredFile& file) {
  return file.exported_at.value_or(file.last_updated);
}

/// As this file tells it: a newer one may tell it otherwise.
Result<void> show_view_of(store::Store& store, store::FileId file, store::StoredAsset& asset) {
  auto sources = store.sources_of(asset.asset_id);
  if (!sources) {
    return fail(std::move(sources.error()));
  }
  for (auto& source : *sources) {
    if (source.file_id == file && !source.sighting) {
      asset.shown = std::move(source);
      break;
    }
  }
  return {};
}

}  // namespace

Result<StationReport> report_on(store::Store& store, std::vector<store::StoredAsset> assets) {
  StationReport report{std::move(assets), {}, {}};
  for (const auto& asset : report.assets) {
    if (auto added = add_sources(report, store, asset); !added) {
      return fail(std::move(added.error()));
    }
  }
  std::stable_sort(report.sources.begin(), report.sources.end(),
                   [](const auto& a, const auto& b) { return date_of(a.file) > date_of(b.file); });
  return report;
}

Result<FileReport> report_on(store::Store& store, store::StoredFile file) {
  auto assets = store.assets_of(file.file_id);
  if (!assets) {
    return fail(std::move(assets.error()));
  }
  for (auto& asset : *assets) {
    if (auto shown = show_view_of(store, file.file_id, asset); !shown) {
      return fail(std::move(shown.error()));
    }
  }
  return FileReport{std::move(file), std::move(*assets)};
}

void redact(StationReport& report) {
  for (auto& asset : report.assets) {
    redact(asset);
  }
  for (auto& observation : report.observations) {
    observation.asset_name = redact(observation.asset_name);
  }
  for (auto& source : report.sources) {
    redact(source.file);
    for (auto& line : source.differences) {
      line = redact(line);
    }
  }
}

void redact(FileReport& report) {
  redact(report.file);
  for (auto& asset : report.assets) {
    redact(asset);
  }
}

}  // namespace ot::agent
