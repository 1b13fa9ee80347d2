#include "store/batch.hpp"

#include <algorithm>
#include <filesystem>

#include "store/word_index.hpp"

namespace ot::store {
namespace {

std::uintmax_t size_of_log(const Database& database) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(database.path() + "-wal", failed);
  return failed ? 0 : size;
}

}  // namespace

/// A large import leaves a log as large, and the next commit may come in a day: it goes into the
/// file at once, and the flash is free again. A reader in the way is waited for, for a while; one
/// that stays longer is not waited for by each commit.
void Batch::shorten_log(Database& database) {
  constexpr std::uintmax_t kMost = 8 << 20;
  const auto size = size_of_log(database);
  if (size <= kMost) {
    longest_log_ = kMost;
  }
  if (size > std::max(kMost, longest_log_)) {
    static_cast<void>(run(database, "PRAGMA wal_checkpoint(TRUNCATE)"));
    longest_log_ = size_of_log(database) + kMost;
  }
}

Result<void> Batch::add(Database& database, const std::function<Result<void>()>& work) {
  if (lost_) {
    return fail(*lost_);
  }
  if (!database.in_transaction()) {
    STORE_TRY(run(database, "BEGIN IMMEDIATE"));
  }
  STORE_TRY(run(database, "SAVEPOINT work"));
  auto done = work();
  if (done) {
    done = run(database, "RELEASE work");
  }
  if (done) {
    return done;
  }
  // SQLite itself gives up the whole transaction after some errors.
  const bool undone = database.in_transaction() && run(database, "ROLLBACK TO work") &&
                      run(database, "RELEASE work");
  if (!undone) {
    lost_ = done.error();
  }
  return done;
}

Result<void> Batch::commit(Database& database) {
  auto done = lost_ ? Result<void>(fail(*lost_)) : Result<void>{};
  lost_.reset();
  if (done && database.in_transaction()) {
    done = index_due(database);
  }
  if (done && database.in_transaction()) {
    done = run(database, "COMMIT");
  }
  if (done) {
    shorten_log(database);
  }
  if (!done && database.in_transaction()) {
    // What went wrong first is what the caller must hear.
    static_cast<void>(run(database, "ROLLBACK"));
  }
  return done;
}

void Batch::abandon(Database& database) {
  lost_.reset();
  if (database.in_transaction()) {
    static_cast<void>(run(database, "ROLLBACK"));
  }
}

}  // namespace ot::store
