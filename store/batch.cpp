#include "store/batch.hpp"

#include "store/word_index.hpp"

namespace ot::store {

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
