#include "store/columns.hpp"

namespace ot::store {

FileStatus status_from(std::string_view text) {
  return file_status_from(text).value_or(FileStatus::failed);
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
