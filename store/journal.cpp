#include "store/journal.hpp"

namespace ot::store {

Result<void> note(Database& database, Time at, std::string_view kind, std::string_view subject,
                  std::string_view before, std::string_view after) {
  return run(database,
             "INSERT INTO journal(at, kind, subject, before, after) VALUES(?, ?, ?, ?, ?)", at,
             kind, subject, before, after);
}

Result<void> each_entry(Database& database, Time since,
                        const std::function<bool(const JournalEntry&)>& each) {
  Query query(database,
              "SELECT at, kind, subject, before, after FROM journal WHERE at >= ?"
              " ORDER BY entry_id",
              since);
  while (query.next()) {
    const JournalEntry entry{.at = query.time(),
                             .kind = query.text(),
                             .subject = query.text(),
                             .before = query.text(),
                             .after = query.text()};
    if (!each(entry)) {
      return {};
    }
  }
  return query.end();
}

}  // namespace ot::store
