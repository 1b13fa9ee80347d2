#pragma once

#include <functional>
#include <string_view>

#include "base/records.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// Writes what `rackscout parse` prints, add-on by add-on: the JSON of a huge
/// station takes several times the memory of its records. The shape is
/// {"projectFile":{...},"assets":[...],"warnings":[...]}; every fact has its
/// origin and confidence, nothing has an id. `compact`: all in one line.
void write_project(const Project& project, const store::StoredFile& file, bool compact,
                   const std::function<void(std::string_view)>& sink);

}  // namespace ot::agent
