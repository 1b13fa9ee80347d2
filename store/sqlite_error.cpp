#include "store/sqlite_error.hpp"

#include <array>

#include <fmt/format.h>
#include <sqlite3.h>

namespace ot::store {
namespace {

struct Meaning {
  int code;
  Errc errc;
  std::string_view words;
  std::string_view hint;
};

constexpr std::string_view kMoveAway = "restore a backup, or move the file away and ingest again";
constexpr std::string_view kOtherWriter =
    "another rackscout is writing to it: try again when it is done";

// Extended codes stand before the primary code that they refine.
constexpr std::array<Meaning, 16> kMeanings = {{
    {SQLITE_FULL, Errc::io, "the disk is full", "free some space and run it again"},
    {SQLITE_IOERR_SHORT_READ, Errc::corrupt, "the file is cut off", kMoveAway},
    {SQLITE_IOERR_CORRUPTFS, Errc::corrupt, "the file system is damaged", kMoveAway},
    {SQLITE_IOERR, Errc::io, "reading or writing failed", "check the disk and the system's log"},
    {SQLITE_READONLY_DBMOVED, Errc::io, "the file was moved or deleted while in use",
     "run it again"},
    {SQLITE_READONLY, Errc::io, "the store cannot be written",
     "check who owns the file and its folder, and that its file system is writable"},
    {SQLITE_PERM, Errc::io, "access was denied", "check who owns the file and its folder"},
    {SQLITE_AUTH, Errc::io, "access was denied", "check who owns the file and its folder"},
    {SQLITE_CANTOPEN, Errc::io, "the file or its -wal and -shm files cannot be opened",
     "check who owns the file and its folder"},
    {SQLITE_CORRUPT, Errc::corrupt, "the store is damaged", kMoveAway},
    {SQLITE_NOTADB, Errc::corrupt, "the file is no SQLite database", kMoveAway},
    {SQLITE_BUSY, Errc::io, "the store is locked", kOtherWriter},
    {SQLITE_LOCKED, Errc::io, "the store is locked", kOtherWriter},
    {SQLITE_NOMEM, Errc::io, "out of memory", "free some memory and run it again"},
    {SQLITE_CONSTRAINT, Errc::malformed, "a record contradicts one that is there", ""},
    {SQLITE_TOOBIG, Errc::too_large, "a value is too large for the store", ""},
}};

const Meaning* meaning_of(int code) {
  for (const Meaning& meaning : kMeanings) {
    if (meaning.code == code || meaning.code == (code & 0xff)) {
      return &meaning;
    }
  }
  return nullptr;
}

}  // namespace

Error sqlite_error(int code, std::string_view path, std::string_view detail) {
  const Meaning* meaning = meaning_of(code);
  if (meaning == nullptr) {
    return {Errc::io, fmt::format("store \"{}\": {} (SQLite code {})", path, detail, code)};
  }
  return Error(meaning->errc, fmt::format("store \"{}\": {} (SQLite code {}: {})", path,
                                          meaning->words, code, detail))
      .hint(std::string(meaning->hint));
}

}  // namespace ot::store
