#pragma once

#include <string_view>

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

FileStatus status_from(std::string_view text);

/// The columns device, inode, size, mtime_ns, ctime_ns.
FileStamp take_stamp(Query& query);

/// The columns site, area, plant_location.
Place take_place(Query& query);

}  // namespace ot::store
