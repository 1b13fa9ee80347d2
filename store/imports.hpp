#pragma once

#include <span>
#include <string>
#include <vector>

#include "store/sqlite.hpp"
#include "store/store.hpp"

// The life of project files. Each of these runs inside a transaction.
namespace ot::store {

Result<std::vector<FileId>> start_imports(Database& database, std::span<const NewImport> files,
                                          Time at);
Result<void> end_import(Database& database, FileId file, const ImportOutcome& outcome, Time at);

/// What is at the path is no project file, or not one any more.
Result<void> replace_by_foreign(Database& database, const std::string& path, const FileStamp& stamp,
                                Time read_at, Time at);

/// Nothing is at the paths any more. Answers how many live project files were.
Result<std::int64_t> forget_files(Database& database, std::span<const std::string> paths, Time at);

}  // namespace ot::store
