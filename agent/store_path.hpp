#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// What the choice of the store depends on.
struct Surroundings {
  std::function<std::string(const char* variable)> variable;  ///< empty where it is not set
  bool root = false;
};
Surroundings process_surroundings();

/// The store that is used when none is named.
Result<std::string> default_store_path(const Surroundings& surroundings);

/// `named`, or the default store when that is empty.
Result<std::string> store_path(const std::string& named);

/// A store and where it lies.
struct OpenStore {
  std::string path;
  store::Store store;
};

/// Opens the named store, or the default one, that is there already. It is never
/// created by reading.
Result<OpenStore> open_for_reading(const std::string& named);

/// The same for writing; it is made if it is not there yet.
Result<OpenStore> open_for_writing(const std::string& named);

}  // namespace ot::agent
