#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ot::store::test {

/// What SQLite told the disk, in order. A file is known by its number, which a name leads to.
struct DiskEvent {
  enum class Kind : std::uint8_t {
    there,        ///< was on the disk before, with these bytes
    create,       ///< an empty file got a name
    erase,        ///< a name went
    write,        ///< bytes at a place
    truncate,     ///< the file ends at that place now
    sync,         ///< all of the file so far is on the disk, but for its name
    sync_folder,  ///< all names so far are
  };
  Kind kind = Kind::write;
  int file = 0;
  std::string name = {};
  std::size_t at = 0;
  std::string bytes = {};
};

/// What holds for a store in place of what it sets itself; 0 and false: as the store has it.
struct Settings {
  int log_pages = 0;           ///< after so many the write-ahead log goes into the file
  int cache_pages = 0;         ///< more than that goes into the log before its commit
  bool spares_syncs = false;   ///< synchronous = NORMAL: a commit is not brought to the disk
  bool trusts_sector = false;  ///< psow = 1: a cut spares what else is in a sector
};

/// Stands before SQLite's own way to the files, for all connections that are opened while it
/// lives, and notes what they do in one folder.
class LoggingVfs {
 public:
  explicit LoggingVfs(const std::string& folder, Settings settings = {});
  LoggingVfs(const LoggingVfs&) = delete;
  LoggingVfs& operator=(const LoggingVfs&) = delete;
  ~LoggingVfs();

  const std::vector<DiskEvent>& events() const;

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace ot::store::test
