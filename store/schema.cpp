#include "store/schema.hpp"

#include <array>

#include <fmt/format.h>

#include "store/schema_uplink.hpp"

namespace ot::store {
namespace {

// Numbers stand for enumerators: category, confidence, origin (see facts.hpp).
// Times are milliseconds since 1970, a stamp's are nanoseconds. An absent text
// is '', an absent number NULL.
constexpr std::string_view kFirst = R"sql(
CREATE TABLE meta(
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES('next_add_on_id', 1);

-- An id is never given twice: what a file that is gone said may be kept by it.
-- fingerprint: of what the parser said; NULL when the row's facts are those of
-- an earlier content.
CREATE TABLE files(
  file_id INTEGER PRIMARY KEY AUTOINCREMENT,
  file_uuid BLOB NOT NULL,
  path TEXT NOT NULL,
  name TEXT NOT NULL,
  extension TEXT NOT NULL,
  status TEXT NOT NULL CHECK(status IN ('Importing', 'Imported', 'Deleted', 'Failed')),
  device INTEGER NOT NULL,
  inode INTEGER NOT NULL,
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  ctime_ns INTEGER NOT NULL,
  read_at INTEGER NOT NULL DEFAULT 0,
  site TEXT NOT NULL,
  area TEXT NOT NULL,
  plant_location TEXT NOT NULL,
  vendor TEXT NOT NULL DEFAULT '',
  asset_count INTEGER NOT NULL DEFAULT 0,
  tool_name TEXT NOT NULL DEFAULT '',
  tool_version TEXT NOT NULL DEFAULT '',
  tool_confidence INTEGER NOT NULL DEFAULT 0,
  project_name TEXT NOT NULL DEFAULT '',
  exported_text TEXT NOT NULL DEFAULT '',
  exported_at INTEGER,
  md5 TEXT NOT NULL DEFAULT '',
  sha256 TEXT NOT NULL DEFAULT '',
  uploaded_by TEXT NOT NULL,
  last_updated INTEGER NOT NULL,
  parser TEXT NOT NULL DEFAULT '',
  fingerprint INTEGER,
  details TEXT NOT NULL DEFAULT '[]',
  warnings TEXT NOT NULL DEFAULT '[]',
  error TEXT NOT NULL DEFAULT ''
) STRICT;
-- A path is live once; while it is read again, a row Importing stands beside.
CREATE UNIQUE INDEX files_live ON files(path, (status = 'Importing')) WHERE status <> 'Deleted';

CREATE TABLE foreign_files(
  path TEXT PRIMARY KEY,
  device INTEGER NOT NULL,
  inode INTEGER NOT NULL,
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  ctime_ns INTEGER NOT NULL,
  read_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- shown_file: whose view the list shows; NULL while no live file supports the
-- asset; kept_file then owns the add-ons shown last, for what comes after them.
-- fingerprint: of the view shown last; NULL before the first one. The columns
-- from name on repeat that view, for sorting and finding.
CREATE TABLE assets(
  asset_id INTEGER PRIMARY KEY,
  asset_uuid BLOB NOT NULL,
  site TEXT NOT NULL,
  area TEXT NOT NULL,
  created INTEGER NOT NULL,
  last_updated INTEGER NOT NULL,
  shown_file INTEGER,
  kept_file INTEGER,
  fingerprint INTEGER,
  add_on_count INTEGER NOT NULL DEFAULT 0,
  name TEXT NOT NULL DEFAULT '',
  station TEXT NOT NULL DEFAULT '',
  vendor TEXT NOT NULL DEFAULT '',
  model TEXT NOT NULL DEFAULT '',
  product_name TEXT NOT NULL DEFAULT '',
  category TEXT NOT NULL DEFAULT '',
  order_id TEXT NOT NULL DEFAULT '',
  serial_number TEXT NOT NULL DEFAULT '',
  firmware_version TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '',
  mac TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE asset_uuids(
  asset_uuid BLOB PRIMARY KEY,
  asset_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE asset_keys(
  kind INTEGER NOT NULL,
  value TEXT NOT NULL,
  asset_id INTEGER NOT NULL,
  PRIMARY KEY(kind, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX asset_keys_of ON asset_keys(asset_id, kind);

-- What one file says about one asset, its add-ons apart.
CREATE TABLE asset_facts(
  file_id INTEGER NOT NULL,
  asset_id INTEGER NOT NULL,
  exported_at INTEGER,
  newness INTEGER NOT NULL,
  fingerprint INTEGER NOT NULL,
  add_on_count INTEGER NOT NULL,
  facts TEXT NOT NULL,
  UNIQUE(file_id, asset_id)
) STRICT;
CREATE INDEX asset_facts_newest ON asset_facts(asset_id, newness, add_on_count, file_id);

-- No index beside the key: an import appends, a deletion takes a range.
CREATE TABLE add_ons(
  file_id INTEGER NOT NULL,
  asset_id INTEGER NOT NULL,
  add_on_id INTEGER NOT NULL,
  occurrence INTEGER NOT NULL,
  name TEXT NOT NULL,
  type_id TEXT NOT NULL,
  bus TEXT NOT NULL,
  unit_address TEXT NOT NULL,
  order_id TEXT NOT NULL,
  serial_number TEXT NOT NULL,
  firmware_version TEXT NOT NULL,
  io_addresses TEXT NOT NULL,
  vendor TEXT NOT NULL,
  model TEXT NOT NULL,
  product_name TEXT NOT NULL,
  category INTEGER NOT NULL,
  slave_address INTEGER,
  rack INTEGER,
  slot INTEGER,
  subslot INTEGER,
  origin INTEGER NOT NULL,
  confidence INTEGER NOT NULL,
  PRIMARY KEY(file_id, asset_id, add_on_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal(
  entry_id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL
) STRICT;
)sql";

// Beside files, devices say something of assets. What stands in a column
// file_id is then negative: -1 for what all sources of an asset say together,
// which is what the list shows of an observed asset, else an observation.
constexpr std::string_view kObservations = R"sql(
-- complete: once all of the device was seen, so that what comes later is new.
CREATE TABLE observations(
  source_id INTEGER PRIMARY KEY CHECK(source_id < -1),
  asset_id INTEGER NOT NULL,
  protocol TEXT NOT NULL,
  target TEXT NOT NULL,
  address TEXT NOT NULL,
  site TEXT NOT NULL,
  area TEXT NOT NULL,
  complete INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  UNIQUE(asset_id, protocol, target)
) STRICT;

-- What the columns of the same names in assets are for an asset that was never
-- observed: the files' side, as it was last.
CREATE TABLE configured_views(
  asset_id INTEGER PRIMARY KEY,
  shown_file INTEGER,
  kept_file INTEGER,
  fingerprint INTEGER,
  name TEXT NOT NULL,
  model TEXT NOT NULL,
  order_id TEXT NOT NULL,
  serial_number TEXT NOT NULL
) STRICT;
CREATE INDEX configured_views_shown ON configured_views(shown_file);
)sql";

// Whoever answers at a target is looked for among those that answered there before.
constexpr std::string_view kTargets = R"sql(
CREATE INDEX observations_at ON observations(protocol, target);
)sql";

// What filters find assets by (store/word_index.hpp): a row for each asset of the
// list, its id the rowid; the names of its columns are those in query/columns.cpp.
// The tokenizer only splits at the blanks: the words come folded, and its ASCII
// signs as other code points. words_due: whose words are not those of what is
// shown any more; empty between two transactions.
constexpr std::string_view kWords = R"sql(
CREATE VIRTUAL TABLE asset_words USING fts5(
  name, station, address, mac, vendor, model, product_name, category, order_id, serial_number,
  firmware_version, add_on_unit_address, add_on_slave_address, add_on_order_id,
  add_on_serial_number, add_on_category, add_on_vendor, add_on_model, add_on_product_name,
  add_on_firmware_version, columnsize = 0, tokenize = 'ascii'
);
CREATE TABLE words_due(asset_id INTEGER PRIMARY KEY) STRICT;
CREATE TRIGGER assets_shown AFTER UPDATE OF shown_file, fingerprint ON assets
WHEN (old.shown_file IS NULL) <> (new.shown_file IS NULL)
  OR old.fingerprint IS NOT new.fingerprint
BEGIN
  INSERT OR IGNORE INTO words_due VALUES(new.asset_id);
END;
-- The order of the lists, newest first, unless another is asked for.
CREATE INDEX assets_newest ON assets(last_updated) WHERE shown_file IS NOT NULL;
CREATE INDEX files_newest ON files(last_updated);
)sql";

// What asking on schedule came to, for the next start and for `status`.
constexpr std::string_view kRuns = R"sql(
CREATE TABLE group_runs(
  group_name TEXT PRIMARY KEY,
  began INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  targets INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  requests INTEGER NOT NULL,
  stopped INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE targets(
  group_name TEXT NOT NULL,
  target TEXT NOT NULL,
  last_try INTEGER NOT NULL,
  last_answer INTEGER,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY(group_name, target)
) STRICT, WITHOUT ROWID;
)sql";

// asked: the unit addresses that complete observations asked, with blanks between them: what is
// found at one of them later was not there before. said_at: when a record bore the key last, 0:
// long ago. next_target: the one that a turn which was cut goes on with.
constexpr std::string_view kAsked = R"sql(
ALTER TABLE observations ADD COLUMN asked TEXT NOT NULL DEFAULT '';
ALTER TABLE asset_keys ADD COLUMN said_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE group_runs ADD COLUMN next_target TEXT NOT NULL DEFAULT '';
)sql";

constexpr std::array<std::string_view, 7> kMigrations = {kFirst, kObservations, kTargets, kWords,
                                                         kRuns,  kAsked,        kUplink};

struct Marks {
  std::int64_t application_id = 0;
  std::int64_t version = 0;
  std::int64_t objects = 0;
};

Result<Marks> read_marks(Database& database) {
  Query query(database,
              "SELECT (SELECT application_id FROM pragma_application_id),"
              " (SELECT user_version FROM pragma_user_version),"
              " (SELECT count(*) FROM sqlite_schema)");
  Marks marks;
  if (query.next()) {
    marks = {query.integer(), query.integer(), query.integer()};
  }
  STORE_TRY(query.end());
  return marks;
}

Result<void> take_steps(Database& database, std::span<const std::string_view> steps) {
  // Another process may have migrated the store since it was examined.
  const auto kind = examine(database, steps);
  if (!kind) {
    return fail(kind.error());
  }
  const auto marks = read_marks(database);
  if (!marks) {
    return fail(marks.error());
  }
  for (const auto step : steps.subspan(static_cast<std::size_t>(marks->version))) {
    STORE_TRY(database.execute(std::string(step)));
  }
  return database.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {};",
                                      kApplicationId, steps.size()));
}

}  // namespace

std::span<const std::string_view> migrations() {
  return kMigrations;
}

Result<Kind> examine(Database& database, std::span<const std::string_view> steps) {
  const auto marks = read_marks(database);
  if (!marks) {
    return fail(marks.error());
  }
  const bool unmarked = marks->application_id == 0 && marks->version == 0;
  if (unmarked && marks->objects == 0) {
    return Kind::empty;
  }
  if (marks->application_id != kApplicationId || marks->version <= 0) {
    return fail(Error(Errc::wrong_use, fmt::format("store \"{}\": this is an SQLite database of "
                                                   "another program; nothing was changed",
                                                   database.path()))
                    .hint("name another file for the store"));
  }
  const auto known = static_cast<std::int64_t>(steps.size());
  if (marks->version > known) {
    return fail(Error(Errc::unsupported,
                      fmt::format("store \"{}\": it has schema {}, this rackscout knows up to {}; "
                                  "nothing was changed",
                                  database.path(), marks->version, known))
                    .hint("use the newer rackscout that wrote it, or another store"));
  }
  return marks->version == known ? Kind::current : Kind::older;
}

Result<void> migrate(Database& database, std::span<const std::string_view> steps) {
  STORE_TRY(database.execute("BEGIN IMMEDIATE"));
  auto done = take_steps(database, steps);
  if (done) {
    done = database.execute("COMMIT");
  }
  if (!done) {
    // What went wrong first is what the caller must hear.
    static_cast<void>(database.execute("ROLLBACK"));
    return fail(std::move(done).error().during("upgrade the schema"));
  }
  return {};
}

}  // namespace ot::store
