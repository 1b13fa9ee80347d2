#include "store/journal.hpp"

namespace ot::store {

Result<void> note(Database& database, Time at, std::string_view kind, std::string_view subject,
                  std::string_view before, std::string_view after) {
  return run(database,
             "INSERT INTO journal(at, kind, subject, before, after) VALUES(?, ?, ?, ?, ?)", at,
             kind, subject, before, after);
}

Result<std::vector<JournalEntry>> read_journal(Database& database) {
  Query query(database, "SELECT at, kind, subject, before, after FROM journal ORDER BY entry_id");
  std::vector<JournalEntry> entries;
  while (query.next()) {
    entries.push_back({.at = query.time(),
                       .kind = query.text(),
                       .subject = query.text(),
                       .before = query.text(),
                       .after = query.text()});
  }
  STORE_TRY(query.end());
  return entries;
}

}  // namespace ot::store
