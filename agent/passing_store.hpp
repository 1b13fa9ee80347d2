#pragma once

#include <memory>

#include "base/result.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// A store that is needed for a moment: in a folder of its own (mode 0700), which goes with it.
class PassingStore {
 public:
  /// Errors: io.
  static Result<PassingStore> open();

  store::Store& store() { return store_; }

 private:
  struct Folder;
  PassingStore(std::shared_ptr<const Folder> folder, store::Store store)
      : folder_(std::move(folder)), store_(std::move(store)) {}

  std::shared_ptr<const Folder> folder_;  ///< goes after the store
  store::Store store_;
};

}  // namespace ot::agent
