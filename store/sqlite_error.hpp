#pragma once

#include <string_view>

#include "base/result.hpp"

namespace ot::store {

/// What an (extended) SQLite code means for the store at the path, and what to
/// do about it. `detail` is SQLite's own message.
Error sqlite_error(int code, std::string_view path, std::string_view detail);

}  // namespace ot::store
