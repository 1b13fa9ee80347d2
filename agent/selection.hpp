#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "store/store.hpp"

namespace ot::agent {

struct NothingFound {
  std::vector<std::string> nearest;  ///< names that may have been meant
};
struct OneStation {
  std::vector<store::StoredAsset> assets;
};
struct OneFile {
  store::StoredFile file;
};
struct SeveralAssets {
  std::vector<store::StoredAsset> assets;
};
struct SeveralFiles {
  std::vector<store::StoredFile> files;
};
using Selection = std::variant<NothingFound, OneStation, OneFile, SeveralAssets, SeveralFiles>;

/// What the user means. An asset goes before a file of the same name.
Result<Selection> select(store::Store& store, const std::string& selector);

/// Whether they belong to one station: same name, site and area, and their
/// project files in one folder. Default names repeat from plant to plant.
bool are_one_station(std::span<const store::StoredAsset> assets);

/// The one that is meant: a single live row, or the newest when all are rows of
/// one deleted path. Otherwise all that it may be.
Selection choose_file(std::vector<store::StoredFile> files);

}  // namespace ot::agent
