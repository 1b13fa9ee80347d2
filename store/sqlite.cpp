#include "store/sqlite.hpp"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>
#include <sqlite3.h>

#include "store/query/functions.hpp"
#include "store/sqlite_error.hpp"

namespace ot::store {
namespace {

constexpr int kBusyMilliseconds = 5000;

struct CloseConnection {
  void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using StatementPointer = std::unique_ptr<sqlite3_stmt, Finalize>;

/// "file:/var/lib/a%3fb?psow=0": the path as SQLite takes it with parameters. psow: that a power
/// cut while something is written spares what lies beside it in its sector. Flash does not promise
/// that; without it a commit fills its last sector, and no later one touches it.
std::string uri(const std::string& path, Database::Access access) {
  std::string text = "file:";
  for (const char c : path) {
    const bool special = c == '?' || c == '#' || c == '%';
    text += special ? fmt::format("%{:02x}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return text + (access == Database::Access::immutable ? "?immutable=1" : "?psow=0");
}

}  // namespace

struct Database::State {
  std::string path;
  std::string sensor_name;  ///< outlives the connection, whose functions look at it
  std::unique_ptr<sqlite3, CloseConnection> connection;
  std::unordered_map<const char*, StatementPointer> statements;  ///< by their text's address

  Error error(int code) const {
    return sqlite_error(code, path, connection ? sqlite3_errmsg(connection.get()) : "");
  }
  sqlite3_stmt* prepare(std::string_view sql, unsigned flags, int& code) const {
    sqlite3_stmt* statement = nullptr;
    code = sqlite3_prepare_v3(connection.get(), sql.data(), static_cast<int>(sql.size()), flags,
                              &statement, nullptr);
    return statement;
  }
};

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::open(const std::string& path, Access access) {
  const int mode = access == Access::read_write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  auto state = std::make_unique<State>();
  state->path = path;
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(
      uri(path, access).c_str(), &connection,
      mode | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  state->connection.reset(connection);
  if (code != SQLITE_OK) {
    return fail(state->error(code));
  }
  sqlite3_busy_timeout(connection, kBusyMilliseconds);
  // A damaged or planted file must not make SQLite do more than read tables.
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  const int registered = query::register_functions(connection, &state->sensor_name);
  if (registered != SQLITE_OK) {
    return fail(state->error(registered));
  }
  return Database(std::move(state));
}

void Database::set_sensor_name(std::string name) {
  state_->sensor_name = std::move(name);
}

const std::string& Database::path() const {
  return state_->path;
}

Result<void> Database::execute(const std::string& script) {
  const int code =
      sqlite3_exec(state_->connection.get(), script.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    return fail(state_->error(code));
  }
  return {};
}

bool Database::in_transaction() const {
  return sqlite3_get_autocommit(state_->connection.get()) == 0;
}
std::int64_t Database::last_insert_id() const {
  return sqlite3_last_insert_rowid(state_->connection.get());
}
std::int64_t Database::changes() const {
  return sqlite3_changes64(state_->connection.get());
}

std::int64_t Database::total_changes() const {
  return sqlite3_total_changes64(state_->connection.get());
}
bool Database::is_read_only() const {
  return sqlite3_db_readonly(state_->connection.get(), "main") == 1;
}

Query::Query(Database& database, Sql sql) : database_(database.state_.get()) {
  auto& slot = database_->statements[sql.text];
  if (slot && sqlite3_stmt_busy(slot.get()) == 0) {
    statement_ = slot.get();
    kept_ = true;
    return;
  }
  int code = SQLITE_OK;
  // A statement that is busy further up the stack gets a twin for this use.
  kept_ = slot == nullptr;
  statement_ = database_->prepare(sql.text, kept_ ? SQLITE_PREPARE_PERSISTENT : 0, code);
  if (kept_) {
    slot.reset(statement_);
  }
  check(code);
}

Query::Query(Database& database, const ComposedSql& sql) : database_(database.state_.get()) {
  int code = SQLITE_OK;
  statement_ = database_->prepare(sql.text, 0, code);
  check(code);
}

Query::~Query() {
  if (!kept_) {
    sqlite3_finalize(statement_);
  } else if (statement_ != nullptr) {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
}

void Query::check(int code) {
  if (code != SQLITE_OK && !error_) {
    error_ = database_->error(code);
  }
}

bool Query::next() {
  if (error_) {
    return false;
  }
  const int code = sqlite3_step(statement_);
  column_ = 0;
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    check(code);
  }
  return code == SQLITE_ROW;
}

Result<void> Query::end() const {
  if (error_) {
    return fail(*error_);
  }
  return {};
}

std::int64_t Query::integer() {
  return sqlite3_column_int64(statement_, column_++);
}

std::optional<std::int64_t> Query::optional_integer() {
  if (sqlite3_column_type(statement_, column_) == SQLITE_NULL) {
    ++column_;
    return std::nullopt;
  }
  return integer();
}

std::optional<std::uint32_t> Query::optional_number() {
  const auto value = optional_integer();
  return value ? std::optional(static_cast<std::uint32_t>(*value)) : std::nullopt;
}

std::optional<Time> Query::optional_time() {
  const auto value = optional_integer();
  return value ? std::optional(Time(std::chrono::milliseconds(*value))) : std::nullopt;
}

std::string_view Query::view() {
  const int column = column_++;
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return bytes == nullptr ? std::string_view{} : std::string_view(bytes, size);
}

Uuid Query::uuid() {
  const std::string_view bytes = view();
  Uuid uuid;
  std::copy_n(bytes.begin(), std::min(bytes.size(), uuid.bytes.size()), uuid.bytes.begin());
  return uuid;
}

// Values are copied unless borrowed: one may be a temporary of the expression
// that made the query.
void Query::bind_other(std::string_view value) {
  const char* bytes = value.data() == nullptr ? "" : value.data();
  check(sqlite3_bind_text64(statement_, ++bound_, bytes, value.size(),
                            copies_ ? SQLITE_TRANSIENT : SQLITE_STATIC, SQLITE_UTF8));
}
void Query::bind_other(const Uuid& value) {
  check(sqlite3_bind_blob64(statement_, ++bound_, value.bytes.data(), value.bytes.size(),
                            copies_ ? SQLITE_TRANSIENT : SQLITE_STATIC));
}
void Query::bind_other(const Pointer& value) {
  check(sqlite3_bind_pointer(statement_, ++bound_, value.value, value.type, nullptr));
}
void Query::bind_integer(std::int64_t value) {
  check(sqlite3_bind_int64(statement_, ++bound_, value));
}
void Query::bind_null() {
  check(sqlite3_bind_null(statement_, ++bound_));
}

}  // namespace ot::store
