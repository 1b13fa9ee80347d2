#include "store/outbox.hpp"

#include <algorithm>
#include <limits>

#include "store/impl.hpp"

namespace ot::store {
namespace {

/// A hub takes no more of one asset.
constexpr std::int64_t kMostKeys = 1024;

Sink take_sink(Query& query) {
  Sink sink{.name = query.text(),
            .epoch = query.text(),
            .settings = query.text(),
            .told = query.integer(),
            .sequence = query.integer(),
            .flight = {},
            .fresh = true,
            .last_answer = {}};
  Flight flight{.name = query.text(), .upto = query.integer(), .complete = query.integer() != 0};
  if (!flight.name.empty()) {
    sink.flight = std::move(flight);
  }
  sink.fresh = query.integer() != 0;
  sink.last_answer = query.optional_time();
  return sink;
}

Result<std::vector<Sink>> all_sinks(Query& query) {
  std::vector<Sink> sinks;
  while (query.next()) {
    sinks.push_back(take_sink(query));
  }
  STORE_TRY(query.end());
  return sinks;
}

Result<void> take_changes(Query& query, std::vector<Change>& changes) {
  while (query.next()) {
    auto& change = changes.emplace_back();
    change.number = query.integer();
    change.kind = query.code<RecordKind>();
    change.id = query.integer();
    change.at = query.time();
    if (query.integer() != 0) {
      change.gone = query.uuid();
    }
  }
  return query.end();
}

/// Records to retry stand without a change of theirs where it was told long ago.
Result<void> add_retries(Database& database, const Sink& sink, std::uint64_t most,
                         std::vector<Change>& changes) {
  Query query(database,
              "SELECT 0, s.kind, s.id, s.at, c.gone IS NOT NULL, c.gone FROM set_aside s"
              " LEFT JOIN changes c ON c.kind = s.kind AND c.id = s.id"
              " WHERE s.sink = ? AND s.retry = ? ORDER BY s.at, s.kind, s.id LIMIT ?",
              sink.name, sink.flight ? 2 : 1, most);
  return take_changes(query, changes);
}

Result<std::int64_t> changed(Database& database, const Result<void>& done) {
  return done ? Result<std::int64_t>(database.changes()) : fail(done.error());
}

/// Whether the sink is in that flight still, or in none where it has no name.
Result<void> check_flight(Database& database, const Sink& sink, const std::string& flight) {
  const auto same =
      integer_from(database, "SELECT 1 FROM sinks WHERE sink = ? AND epoch = ? AND flight = ?",
                   sink.name, sink.epoch, flight);
  if (!same) {
    return fail(same.error());
  }
  return *same ? Result<void>{} : fail(Errc::changed, "the sink is somewhere else by now");
}

/// What was in the flight is told by now, set aside or not; what was refused is set aside.
Result<void> put_answer(Database& database, const Sink& sink, std::span<const SetAside> refused,
                        bool taken) {
  const auto flight = sink.flight.value_or(Flight{});
  const auto upto = std::max(sink.told, flight.upto);
  STORE_TRY(check_flight(database, sink, flight.name));
  STORE_TRY(run(database,
                "DELETE FROM set_aside WHERE sink = ?1 AND (retry = 2 OR EXISTS (SELECT 1 FROM"
                " changes c WHERE c.kind = set_aside.kind AND c.id = set_aside.id"
                " AND c.change > ?2 AND c.change <= ?3))",
                sink.name, sink.told, upto));
  for (const auto& record : refused) {
    STORE_TRY(run(database,
                  "REPLACE INTO set_aside(sink, kind, id, at, reason, retry)"
                  " VALUES(?, ?, ?, ?, ?, 0)",
                  sink.name, record.kind, record.id, record.at, record.reason));
  }
  return run(database,
             "UPDATE sinks SET told = ?, sequence = sequence + ?, flight = '', upto = 0,"
             " complete = 0, fresh = ?, last_answer = ? WHERE sink = ?",
             upto, taken, sink.fresh && !(taken && flight.complete), now(), sink.name);
}

Result<void> forget_sink(Database& database, const std::string& sink) {
  STORE_TRY(run(database, "DELETE FROM set_aside WHERE sink = ?", sink));
  return run(database, "DELETE FROM sinks WHERE sink = ?", sink);
}

}  // namespace

Result<std::vector<Sink>> Outbox::sinks() {
  Query query(store_.impl_->database,
              "SELECT sink, epoch, settings, told, sequence, flight, upto, complete, fresh,"
              " last_answer FROM sinks ORDER BY sink");
  return all_sinks(query);
}

Result<std::optional<Sink>> Outbox::find(const std::string& sink) {
  Query query(store_.impl_->database,
              "SELECT sink, epoch, settings, told, sequence, flight, upto, complete, fresh,"
              " last_answer FROM sinks WHERE sink = ?",
              sink);
  auto found = all_sinks(query);
  if (!found) {
    return fail(std::move(found).error());
  }
  return found->empty() ? std::nullopt : std::optional(std::move(found->front()));
}

Result<std::vector<Change>> Outbox::next(const Sink& sink, std::uint64_t most) {
  auto& database = store_.impl_->database;
  std::vector<Change> changes;
  STORE_TRY(add_retries(database, sink, most, changes));
  constexpr auto kNoEnd = std::numeric_limits<std::int64_t>::max();
  Query query(database,
              "SELECT change, kind, id, at, gone IS NOT NULL, gone FROM changes"
              " WHERE change > ? AND change <= ? ORDER BY change LIMIT ?",
              sink.told, sink.flight ? sink.flight->upto : kNoEnd,
              most - std::min<std::uint64_t>(most, changes.size()));
  STORE_TRY(take_changes(query, changes));
  return changes;
}

Result<Waiting> Outbox::waiting(const Sink& sink) {
  Query query(store_.impl_->database,
              "SELECT (SELECT count(*) FROM changes WHERE change > ?1) +"
              " (SELECT count(*) FROM set_aside WHERE sink = ?2 AND retry > 0),"
              " (SELECT min(at) FROM changes WHERE change > ?1)",
              sink.told, sink.name);
  Waiting waiting;
  if (query.next()) {
    waiting.records = static_cast<std::uint64_t>(query.integer());
    waiting.oldest = query.optional_time();
  }
  STORE_TRY(query.end());
  return waiting;
}

Result<std::vector<SetAside>> Outbox::set_aside(const std::string& sink) {
  Query query(store_.impl_->database,
              "SELECT sink, kind, id, at, reason, retry FROM set_aside"
              " WHERE ?1 = '' OR sink = ?1 ORDER BY sink, at, kind, id",
              sink);
  std::vector<SetAside> records;
  while (query.next()) {
    records.push_back({.sink = query.text(),
                       .kind = query.code<RecordKind>(),
                       .id = query.integer(),
                       .at = query.time(),
                       .reason = query.text(),
                       .retry = query.integer() != 0});
  }
  STORE_TRY(query.end());
  return records;
}

Result<std::vector<Key>> Outbox::keys_of(AssetId asset) {
  Query query(store_.impl_->database,
              "SELECT kind, value FROM asset_keys WHERE asset_id = ? ORDER BY kind, value LIMIT ?",
              asset, kMostKeys);
  std::vector<Key> keys;
  while (query.next()) {
    const auto kind = query.code<KeyKind>();
    keys.push_back({kind, query.text()});
  }
  STORE_TRY(query.end());
  return keys;
}

Result<void> Outbox::begin_epoch(const std::string& sink, const std::string& settings) {
  auto& database = store_.impl_->database;
  return store_.impl_->batch.add(database, [&]() -> Result<void> {
    STORE_TRY(run(database, "DELETE FROM set_aside WHERE sink = ?", sink));
    return run(database,
               "REPLACE INTO sinks(sink, epoch, settings, told, sequence, flight, upto, complete,"
               " fresh, last_answer) VALUES(?1, lower(hex(randomblob(16))), ?2, 0, 0, '', 0, 0, 1,"
               " (SELECT last_answer FROM sinks WHERE sink = ?1))",
               sink, settings);
  });
}

Result<void> Outbox::take_off(const Sink& sink, const Flight& flight,
                              std::span<const SetAside> retried) {
  auto& database = store_.impl_->database;
  return store_.impl_->batch.add(database, [&]() -> Result<void> {
    STORE_TRY(check_flight(database, sink, {}));
    for (const auto& record : retried) {
      STORE_TRY(run(database,
                    "UPDATE set_aside SET retry = 2 WHERE sink = ? AND kind = ? AND id = ?",
                    sink.name, record.kind, record.id));
    }
    return run(database, "UPDATE sinks SET flight = ?, upto = ?, complete = ? WHERE sink = ?",
               flight.name, flight.upto, flight.complete, sink.name);
  });
}

Result<void> Outbox::land(const Sink& sink, std::span<const SetAside> refused, Taken taken) {
  auto& database = store_.impl_->database;
  return store_.impl_->batch.add(
      database, [&] { return put_answer(database, sink, refused, taken == Taken::yes); });
}

Result<void> Outbox::turn_back(const Sink& sink) {
  auto& database = store_.impl_->database;
  return store_.impl_->batch.add(database, [&]() -> Result<void> {
    STORE_TRY(check_flight(database, sink, sink.flight.value_or(Flight{}).name));
    STORE_TRY(
        run(database, "UPDATE set_aside SET retry = 1 WHERE sink = ? AND retry = 2", sink.name));
    return run(database, "UPDATE sinks SET flight = '', upto = 0, complete = 0 WHERE sink = ?",
               sink.name);
  });
}

Result<std::int64_t> Outbox::retry(const std::string& sink) {
  auto& database = store_.impl_->database;
  return changed(database, store_.impl_->batch.add(database, [&] {
    return run(database,
               "UPDATE set_aside SET retry = 1 WHERE retry = 0 AND (?1 = '' OR sink = ?1)", sink);
  }));
}

Result<std::int64_t> Outbox::drop(const std::string& sink) {
  auto& database = store_.impl_->database;
  return changed(database, store_.impl_->batch.add(database, [&] {
    return run(database, "DELETE FROM set_aside WHERE ?1 = '' OR sink = ?1", sink);
  }));
}

Result<void> Outbox::keep_sinks(std::span<const std::string> sinks) {
  auto known = this->sinks();
  if (!known) {
    return fail(std::move(known).error());
  }
  auto& database = store_.impl_->database;
  for (const auto& sink : *known) {
    if (std::find(sinks.begin(), sinks.end(), sink.name) != sinks.end()) {
      continue;
    }
    STORE_TRY(store_.impl_->batch.add(database, [&] { return forget_sink(database, sink.name); }));
  }
  return {};
}

}  // namespace ot::store
