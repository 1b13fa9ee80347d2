#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/result.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"

struct sqlite3;
struct sqlite3_stmt;

/// Returns the error of an expression that yields a Result, if it is one.
#define STORE_TRY(expression)                  \
  if (auto tried = (expression); !tried) {     \
    return ot::fail(std::move(tried).error()); \
  }                                            \
  static_assert(true)

namespace ot::store {

/// SQL that is part of the program: it can't hold a value, and its statement is kept.
struct Sql {
  consteval Sql(const char* literal) : text(literal) {}
  const char* text;
};

/// SQL put together from parts of the program, prepared for one use.
struct ComposedSql {
  std::string text;
};

/// A value that only a function of ours can take, by the type's name.
struct Pointer {
  void* value = nullptr;
  const char* type = nullptr;
};

/// A connection, with the statements that it has prepared so far.
class Database {
 public:
  enum class Access {
    read_write,
    read_only,
    immutable,  ///< no locks and no -wal: for a store on a read-only file system
  };

  /// Opens an existing file. It is first read by the first statement.
  static Result<Database> open(const std::string& path, Access access);

  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  const std::string& path() const;

  /// What sensor_name() answers in SQL.
  void set_sensor_name(std::string name);

  /// Runs statements that bear no values and give no rows.
  Result<void> execute(const std::string& script);

  bool in_transaction() const;
  std::int64_t last_insert_id() const;
  std::int64_t changes() const;  ///< rows that the last statement changed
  std::int64_t total_changes() const;
  bool is_read_only() const;

 private:
  friend class Query;
  struct State;
  explicit Database(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// One use of a statement: the values it is given, then its rows. The first
/// error stops it, and end() tells it.
class Query {
 public:
  template <class... Values>
  Query(Database& database, Sql sql, const Values&... values) : Query(database, sql) {
    (bind(values), ...);
  }
  template <class... Values>
  Query(Database& database, const ComposedSql& sql, const Values&... values)
      : Query(database, sql) {
    (bind(values), ...);
  }
  Query(Database& database, Sql sql);
  Query(Database& database, const ComposedSql& sql);
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  /// Gives it values that outlive it, which spares copying them.
  template <class... Values>
  void borrow(const Values&... values) {
    copies_ = false;
    (bind(values), ...);
  }

  /// Goes to the next row; false after the last one and after an error.
  bool next();

  /// The error that stopped it, if one did.
  Result<void> end() const;

  // The columns of the row, from left to right: each call reads the next one.
  std::int64_t integer();
  std::optional<std::int64_t> optional_integer();
  std::optional<std::uint32_t> optional_number();
  std::string text() { return std::string(view()); }
  std::string_view view();  ///< until the next row
  Time time() { return Time(std::chrono::milliseconds(integer())); }
  std::optional<Time> optional_time();
  Uuid uuid();
  template <class Enum>
  Enum code() {
    return static_cast<Enum>(integer());
  }

 private:
  template <class Value>
  void bind(const Value& value) {
    if constexpr (std::integral<Value>) {
      bind_integer(static_cast<std::int64_t>(value));
    } else if constexpr (std::is_enum_v<Value>) {
      bind_integer(static_cast<std::int64_t>(value));
    } else {
      bind_other(value);
    }
  }
  template <class Value>
  void bind_other(const std::optional<Value>& value) {
    value ? bind(*value) : bind_null();
  }
  void bind_other(std::string_view value);
  void bind_other(const Uuid& value);
  void bind_other(const Pointer& value);
  void bind_other(Time value) { bind_integer(value.time_since_epoch().count()); }
  void bind_integer(std::int64_t value);
  void bind_null();
  void check(int code);

  Database::State* database_;
  sqlite3_stmt* statement_ = nullptr;
  bool kept_ = false;  ///< by the database, for its next use
  bool copies_ = true;
  int bound_ = 0;
  int column_ = 0;
  std::optional<Error> error_;
};

/// Runs a statement for its effect.
template <class... Values>
Result<void> run(Database& database, Sql sql, const Values&... values) {
  Query query(database, sql);
  query.borrow(values...);
  while (query.next()) {
  }
  return query.end();
}

/// The first column of the first row, if there is a row.
template <class... Values>
Result<std::optional<std::int64_t>> integer_from(Database& database, Sql sql,
                                                 const Values&... values) {
  Query query(database, sql, values...);
  std::optional<std::int64_t> found;
  if (query.next()) {
    found = query.optional_integer();
  }
  STORE_TRY(query.end());
  return found;
}

}  // namespace ot::store
