#pragma once

#include <string>

#include "store/lock.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// The store's connection, ready for use. For writing the file is made when it
/// is missing (readable by its owner alone) and migrated; for reading nothing
/// is changed, and a folder that can't be written is fine.
Result<Database> open_database(const std::string& path, Mode mode);

/// Makes the store's folder when it is missing, and becomes its only writer.
Result<WriterLock> lock_for_writing(const std::string& path);

}  // namespace ot::store
