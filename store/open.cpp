#include "store/open.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include <fmt/format.h>

#include "base/file_names.hpp"
#include "store/schema.hpp"
#include "store/word_index.hpp"

namespace ot::store {
namespace {

Error no_access(const std::string& path, int number, std::string_view action) {
  return system_error(number, fmt::format("store \"{}\": {}", path, action))
      .hint("check who owns the folder, or name another file for the store");
}

Result<void> make_folders(const std::filesystem::path& folder) {
  std::filesystem::path made;
  for (const auto& part : folder) {
    made /= part;
    struct stat status {};
    if (::stat(made.c_str(), &status) == 0) {
      continue;
    }
    const bool is_new = ::mkdir(made.c_str(), 0700) == 0;
    if (!is_new && errno != EEXIST) {
      return fail(no_access(made.string(), errno, "create the folder"));
    }
    // SQLite sees to the names in the store's folder, nobody to that of the folder.
    if (is_new && !keep_name(made.string())) {
      return fail(no_access(made.string(), errno, "bring the folder to the disk"));
    }
  }
  return {};
}

/// SQLite gives -wal and -shm the mode of the file itself.
Result<void> make_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0600);
  if (file < 0) {
    return errno == EEXIST ? Result<void>{} : fail(no_access(path, errno, "create it"));
  }
  ::close(file);
  return {};
}

Result<void> prepare_for_writing(Database& database) {
  const auto kind = examine(database);
  if (!kind) {
    return fail(kind.error());
  }
  {
    Query journal(database, "PRAGMA journal_mode = WAL");
    const bool in_wal = journal.next() && journal.view() == "wal";
    STORE_TRY(journal.end());
    if (!in_wal) {
      return fail(Error(Errc::io, fmt::format("store \"{}\": this file system has no shared memory",
                                              database.path()))
                      .hint("put the store on a local disk"));
    }
  }
  // 2 MiB of cache and a -wal that shrinks again: a gateway has little to spare.
  // Foreign keys stay off: they would need an index on the add-ons' assets, and
  // what an import owns is deleted by ranges.
  STORE_TRY(
      database.execute("PRAGMA synchronous = FULL; PRAGMA cache_size = -2048;"
                       "PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 4194304;"
                       "PRAGMA cell_size_check = ON;"));
  if (*kind != Kind::current) {
    STORE_TRY(migrate(database));
  }
  STORE_TRY(index_all_if_due(database));
  // What is set aside of an import, in case it fails, would else go through /var/tmp: ten times
  // what is stored. Building an index anew, as above, may need more than a gateway's memory.
  return database.execute("PRAGMA temp_store = MEMORY");
}

Result<Database> open_for_writing(const std::string& path) {
  STORE_TRY(make_folders(std::filesystem::path(path).parent_path()));
  STORE_TRY(make_file(path));
  auto database = Database::open(path, Database::Access::read_write);
  if (database) {
    STORE_TRY(prepare_for_writing(*database));
  }
  return database;
}

Result<Database> open_and_examine(const std::string& path, Database::Access access) {
  auto database = Database::open(path, access);
  if (!database) {
    return database;
  }
  const auto kind = examine(*database);
  if (!kind) {
    return fail(kind.error());
  }
  if (*kind == Kind::empty) {
    return fail(Error(Errc::not_found, fmt::format("store \"{}\": it is empty", path))
                    .hint("ingest some files first"));
  }
  if (*kind == Kind::older) {
    return fail(Error(Errc::unsupported,
                      fmt::format("store \"{}\": an earlier rackscout wrote it, and reading "
                                  "can't upgrade it",
                                  path))
                    .hint("ingest into it once, as its owner"));
  }
  // Sorting must not need a writable folder for temporary files.
  STORE_TRY(database->execute("PRAGMA cache_size = -2048; PRAGMA temp_store = MEMORY"));
  return database;
}

/// A -wal with content holds changes that `immutable` would not see.
bool has_wal(const std::string& path) {
  struct stat status {};
  return ::stat((path + "-wal").c_str(), &status) == 0 && status.st_size > 0;
}

bool can_write_folder(const std::string& path) {
  return ::faccessat(AT_FDCWD, std::filesystem::path(path).parent_path().c_str(), W_OK,
                     AT_EACCESS) == 0;
}

Result<Database> open_for_reading(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return fail(Error(errno == ENOENT ? Errc::not_found : Errc::io,
                      system_error(errno, fmt::format("store \"{}\"", path)).message())
                    .hint("ingest some files first, or name another file for the store"));
  }
  auto database = open_and_examine(path, Database::Access::read_only);
  // Without rights on the folder SQLite can't make the -shm that WAL needs.
  if (!database && database.error().code() == Errc::io && !can_write_folder(path) &&
      !has_wal(path)) {
    return open_and_examine(path, Database::Access::immutable);
  }
  return database;
}

/// Absolute, so that ":memory:" and other names SQLite knows are files here,
/// and without links, so that all names of a store have one lock.
Result<std::string> absolute_path(const std::string& path) {
  if (path.empty()) {
    return fail(Errc::wrong_use, "the store has no path");
  }
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error);
  if (error) {
    return fail(no_access(path, error.value(), "find the folder"));
  }
  const auto real = std::filesystem::weakly_canonical(absolute, error);
  return error ? absolute.string() : real.string();
}

}  // namespace

Result<WriterLock> lock_for_writing(const std::string& path) {
  const auto absolute = absolute_path(path);
  if (!absolute) {
    return fail(absolute.error());
  }
  STORE_TRY(make_folders(std::filesystem::path(*absolute).parent_path()));
  return WriterLock::take(*absolute);
}

Result<Database> open_database(const std::string& path, Mode mode) {
  const auto absolute = absolute_path(path);
  if (!absolute) {
    return fail(absolute.error());
  }
  return mode == Mode::read_write ? open_for_writing(*absolute) : open_for_reading(*absolute);
}

}  // namespace ot::store
