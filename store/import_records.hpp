#pragma once

#include "store/files.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// When the file's content last changed, by its stamp.
Time changed_on_disk(const FileStamp& stamp);

/// Whose records are written, and whose they take the place of.
struct Import {
  FileId file = 0;      ///< its row becomes Imported
  FileId previous = 0;  ///< says nothing any more; 0: none
  std::string path;
  Place place;
};

/// Writes all that the file says, shows it, and notes what that changes.
/// `previous` must not be live any more.
Result<void> put_records(Database& database, const Import& import, const ImportOutcome& outcome,
                         Time at);

}  // namespace ot::store
