#include "store/columns.hpp"

namespace ot::store {

FileStatus status_from(std::string_view text) {
  for (const auto status : {FileStatus::importing, FileStatus::imported, FileStatus::deleted}) {
    if (to_string(status) == text) {
      return status;
    }
  }
  return FileStatus::failed;
}

FileStamp take_stamp(Query& query) {
  return {.device = static_cast<std::uint64_t>(query.integer()),
          .inode = static_cast<std::uint64_t>(query.integer()),
          .size = static_cast<std::uint64_t>(query.integer()),
          .mtime_ns = query.integer(),
          .ctime_ns = query.integer()};
}

Place take_place(Query& query) {
  return {.site = query.text(), .area = query.text(), .plant_location = query.text()};
}

}  // namespace ot::store
