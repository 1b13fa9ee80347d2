#include "agent/selection.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "agent/presence.hpp"
#include "base/nearest.hpp"

namespace ot::agent {
namespace {

constexpr std::size_t kSuggestions = 3;

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

Result<std::vector<store::StoredFile>> find_files(store::Store& store,
                                                  const std::string& selector) {
  auto files = store.find_files(selector);
  if (!files || !files->empty()) {
    return files;
  }
  // The store knows whole paths; people write them as seen from where they are.
  const auto path = whole_path(selector);
  return path == selector ? files : store.find_files(path);
}

Result<std::vector<std::string>> nearest_names(store::Store& store, const std::string& selector) {
  Nearest nearest(selector, kSuggestions);
  const auto asset_names = [&nearest](const store::StoredAsset& asset) {
    nearest.consider(asset.shown.record.name);
    nearest.consider(asset.shown.record.station);
    return true;
  };
  if (auto listed = store.list_assets({}, asset_names); !listed) {
    return fail(std::move(listed.error()));
  }
  const auto file_names = [&nearest](const store::StoredFile& file) {
    nearest.consider(file.name + file.extension);
    return true;
  };
  if (auto listed = store.list_files({}, file_names); !listed) {
    return fail(std::move(listed.error()));
  }
  return nearest.take();
}

}  // namespace

bool are_one_station(std::span<const store::StoredAsset> assets) {
  if (assets.size() < 2) {
    return !assets.empty();
  }
  const auto& first = assets.front();
  const auto& station = first.shown.record.station;
  return !station.empty() &&
         std::all_of(assets.begin(), assets.end(), [&first, &station](const auto& asset) {
           return asset.shown.record.station == station && asset.site == first.site &&
                  asset.area == first.area &&
                  folder_of(asset.shown.path) == folder_of(first.shown.path);
         });
}

Selection choose_file(std::vector<store::StoredFile> files) {
  std::vector<store::StoredFile> live;
  std::copy_if(files.begin(), files.end(), std::back_inserter(live),
               [](const auto& file) { return file.status != FileStatus::deleted; });
  auto& candidates = live.empty() ? files : live;
  const auto& path = candidates.front().path;
  const bool one_path = std::all_of(candidates.begin(), candidates.end(),
                                    [&path](const auto& file) { return file.path == path; });
  if (candidates.size() == 1 || (live.empty() && one_path)) {
    const auto newest = std::max_element(
        candidates.begin(), candidates.end(),
        [](const auto& a, const auto& b) { return a.last_updated < b.last_updated; });
    return OneFile{std::move(*newest)};
  }
  return SeveralFiles{std::move(candidates)};
}

Result<Selection> select(store::Store& store, const std::string& selector) {
  auto assets = store.find_assets(selector);
  if (!assets) {
    return fail(std::move(assets.error()));
  }
  if (are_one_station(*assets)) {
    return OneStation{std::move(*assets)};
  }
  if (!assets->empty()) {
    return SeveralAssets{std::move(*assets)};
  }
  auto files = find_files(store, selector);
  if (!files) {
    return fail(std::move(files.error()));
  }
  if (!files->empty()) {
    return choose_file(std::move(*files));
  }
  auto nearest = nearest_names(store, selector);
  if (!nearest) {
    return fail(std::move(nearest.error()));
  }
  return NothingFound{std::move(*nearest)};
}

}  // namespace ot::agent
