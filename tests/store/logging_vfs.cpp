#include "tests/store/logging_vfs.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <sqlite3.h>

#include "tests/catch.hpp"

namespace ot::store::test {
namespace {

using Kind = DiskEvent::Kind;
using OpenFolder = int (*)(const char*, int*);

}  // namespace

struct LoggingVfs::State {
  std::string folder;
  Settings settings;
  sqlite3_vfs* real = nullptr;
  sqlite3_vfs own{};
  std::vector<DiskEvent> events;
  std::map<std::string, int> files;  ///< by name, those that are there
  int last_file = 0;
  bool folder_opened = false;
  bool setting = false;

  void note(Kind kind, int file, std::string name = {}, std::size_t at = 0,
            std::string bytes = {}) {
    events.push_back({kind, file, std::move(name), at, std::move(bytes)});
  }
  void note_folder() {
    if (folder_opened) {
      note(Kind::sync_folder, 0);
      folder_opened = false;
    }
  }
  /// Empty for files elsewhere and for those without a name.
  std::string name_of(const char* path) const {
    const std::filesystem::path whole(path == nullptr ? "" : path);
    const auto name = whole.filename().string();
    return whole.parent_path() == folder && !name.ends_with("-shm") ? name : "";
  }
  int number_of(const std::string& name) {
    int& number = files[name];
    if (number == 0) {
      number = ++last_file;
      note(Kind::create, number, name);
    }
    return number;
  }
};

namespace {

using State = LoggingVfs::State;

/// The one that lives.
State* living = nullptr;
OpenFolder really_open_folder = nullptr;

/// Only who brings a folder to the disk opens one.
int open_folder(const char* path, int* file) {
  living->folder_opened = true;
  return really_open_folder(path, file);
}

/// SQLite's own file follows it in memory.
struct File {
  sqlite3_file base;
  int number;  ///< 0: not noted
};

sqlite3_file* inner(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<File*>(file) + 1);
}

void note(sqlite3_file* file, Kind kind, sqlite3_int64 at = 0, std::string bytes = {}) {
  if (const int number = reinterpret_cast<File*>(file)->number; number != 0) {
    living->note(kind, number, {}, static_cast<std::size_t>(at), std::move(bytes));
  }
}

int close_file(sqlite3_file* file) {
  return inner(file)->pMethods->xClose(inner(file));
}
int read_file(sqlite3_file* file, void* bytes, int size, sqlite3_int64 at) {
  return inner(file)->pMethods->xRead(inner(file), bytes, size, at);
}
int write_file(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
  note(file, Kind::write, at,
       std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size)));
  return inner(file)->pMethods->xWrite(inner(file), bytes, size, at);
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  note(file, Kind::truncate, size);
  return inner(file)->pMethods->xTruncate(inner(file), size);
}
int sync_file(sqlite3_file* file, int flags) {
  const int code = inner(file)->pMethods->xSync(inner(file), flags);
  note(file, Kind::sync);
  living->note_folder();
  return code;
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return inner(file)->pMethods->xFileSize(inner(file), size);
}
int lock_file(sqlite3_file* file, int level) {
  return inner(file)->pMethods->xLock(inner(file), level);
}
int unlock_file(sqlite3_file* file, int level) {
  return inner(file)->pMethods->xUnlock(inner(file), level);
}
int check_lock(sqlite3_file* file, int* locked) {
  return inner(file)->pMethods->xCheckReservedLock(inner(file), locked);
}
/// Whether the store is not to have its way with a pragma.
bool is_settled(const std::string& pragma) {
  const auto& settings = living->settings;
  return (pragma == "wal_autocheckpoint" && settings.log_pages > 0) ||
         (pragma == "cache_size" && settings.cache_pages > 0) ||
         (pragma == "synchronous" && settings.spares_syncs);
}

int control_file(sqlite3_file* file, int operation, void* argument) {
  if (operation == SQLITE_FCNTL_PRAGMA && !living->setting &&
      is_settled(static_cast<char**>(argument)[1])) {
    return SQLITE_OK;
  }
  return inner(file)->pMethods->xFileControl(inner(file), operation, argument);
}
int sector_size(sqlite3_file* file) {
  return inner(file)->pMethods->xSectorSize(inner(file));
}
int device_characteristics(sqlite3_file* file) {
  const int own = inner(file)->pMethods->xDeviceCharacteristics(inner(file));
  return living->settings.trusts_sector ? own | SQLITE_IOCAP_POWERSAFE_OVERWRITE : own;
}
int map_memory(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
  return inner(file)->pMethods->xShmMap(inner(file), page, size, extend, memory);
}
int lock_memory(sqlite3_file* file, int offset, int count, int flags) {
  return inner(file)->pMethods->xShmLock(inner(file), offset, count, flags);
}
void order_memory(sqlite3_file* file) {
  inner(file)->pMethods->xShmBarrier(inner(file));
}
int unmap_memory(sqlite3_file* file, int erase) {
  return inner(file)->pMethods->xShmUnmap(inner(file), erase);
}

// Version 2: nothing is mapped that would be written past xWrite.
constexpr sqlite3_io_methods kMethods = {2,
                                         close_file,
                                         read_file,
                                         write_file,
                                         truncate_file,
                                         sync_file,
                                         file_size,
                                         lock_file,
                                         unlock_file,
                                         check_lock,
                                         control_file,
                                         sector_size,
                                         device_characteristics,
                                         map_memory,
                                         lock_memory,
                                         order_memory,
                                         unmap_memory,
                                         nullptr,
                                         nullptr};

int open_file(sqlite3_vfs*, const char* path, sqlite3_file* opened, int flags, int* flags_out) {
  auto* file = reinterpret_cast<File*>(opened);
  file->base.pMethods = nullptr;
  file->number = 0;
  const int code = living->real->xOpen(living->real, path, inner(opened), flags, flags_out);
  if (inner(opened)->pMethods != nullptr) {
    file->base.pMethods = &kMethods;
  }
  if (const auto name = living->name_of(path); code == SQLITE_OK && !name.empty()) {
    file->number = living->number_of(name);
  }
  return code;
}

int delete_file(sqlite3_vfs*, const char* path, int sync_folder) {
  const int code = living->real->xDelete(living->real, path, sync_folder);
  const auto name = living->name_of(path);
  if (const auto found = living->files.find(name);
      code == SQLITE_OK && found != living->files.end()) {
    living->note(Kind::erase, found->second, name);
    living->files.erase(found);
  }
  living->note_folder();
  return code;
}

/// Called for each new connection.
int settle(sqlite3* connection, char**, const sqlite3_api_routines*) {
  const auto& settings = living->settings;
  living->setting = true;
  const auto cache = "PRAGMA cache_size = " + std::to_string(settings.cache_pages);
  if (settings.cache_pages > 0) {
    sqlite3_exec(connection, cache.c_str(), nullptr, nullptr, nullptr);
  }
  if (settings.log_pages > 0) {
    sqlite3_wal_autocheckpoint(connection, settings.log_pages);
  }
  if (settings.spares_syncs) {
    sqlite3_exec(connection, "PRAGMA synchronous = NORMAL", nullptr, nullptr, nullptr);
  }
  living->setting = false;
  return SQLITE_OK;
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ostringstream all;
  all << std::ifstream(path, std::ios::binary).rdbuf();
  return all.str();
}

}  // namespace

LoggingVfs::LoggingVfs(const std::string& folder, Settings settings)
    : state_(std::make_unique<State>()) {
  REQUIRE(living == nullptr);
  living = state_.get();
  living->folder = folder;
  living->settings = settings;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    living->files[name] = ++living->last_file;
    living->note(Kind::there, living->last_file, name, 0, bytes_of(entry.path()));
  }
  living->real = sqlite3_vfs_find(nullptr);
  living->own = *living->real;
  living->own.zName = "logging";
  living->own.pNext = nullptr;
  living->own.szOsFile += static_cast<int>(sizeof(File));
  living->own.xOpen = open_file;
  living->own.xDelete = delete_file;
  really_open_folder =
      reinterpret_cast<OpenFolder>(living->real->xGetSystemCall(living->real, "openDirectory"));
  living->real->xSetSystemCall(living->real, "openDirectory",
                               reinterpret_cast<sqlite3_syscall_ptr>(open_folder));
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(settle));
  REQUIRE(sqlite3_vfs_register(&living->own, 1) == SQLITE_OK);
}

LoggingVfs::~LoggingVfs() {
  sqlite3_vfs_unregister(&living->own);
  sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(settle));
  living->real->xSetSystemCall(living->real, "openDirectory", nullptr);
  living = nullptr;
}

const std::vector<DiskEvent>& LoggingVfs::events() const {
  return state_->events;
}

}  // namespace ot::store::test
