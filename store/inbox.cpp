#include "store/inbox.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "store/impl.hpp"
#include "store/received.hpp"

namespace ot::store {
namespace {

using Status = Receipt::Status;

constexpr std::string_view kAfterName = ": ";

/// What was taken of a sensor so far.
struct State {
  std::string epoch;
  std::int64_t generation = 0;
  std::int64_t sequence = 0;
  std::string flight;
  std::string refused;  ///< "2 0b0c...: reason", a line each
  std::int64_t gaps = 0;
  Time last_sent{};  ///< by the sensor's clock
};

Result<std::optional<State>> state_of(Database& database, const std::string& sensor) {
  Query query(database,
              "SELECT epoch, generation, sequence, flight, refused, gaps, last_sent"
              " FROM sensors WHERE sensor = ?",
              sensor);
  std::optional<State> state;
  if (query.next()) {
    state = State{.epoch = query.text(),
                  .generation = query.integer(),
                  .sequence = query.integer(),
                  .flight = query.text(),
                  .refused = query.text(),
                  .gaps = query.integer(),
                  .last_sent = query.time()};
  }
  STORE_TRY(query.end());
  return state;
}

std::string name_of(const SentRecord& record) {
  return fmt::format("{} {}{}", static_cast<int>(record.kind), record.uuid.text(), kAfterName);
}

/// By name, why records of the last request were refused.
using Reasons = std::map<std::string, std::string, std::less<>>;

Reasons reasons_in(std::string_view refused) {
  Reasons reasons;
  while (!refused.empty()) {
    const auto line = refused.substr(0, refused.find('\n'));
    refused.remove_prefix(std::min(line.size() + 1, refused.size()));
    const auto end = line.find(kAfterName);
    if (end != std::string_view::npos) {
      reasons.emplace(line.substr(0, end + kAfterName.size()),
                      line.substr(end + kAfterName.size()));
    }
  }
  return reasons;
}

/// Nothing of it is taken: the sensor is to begin a new epoch.
Receipt mismatch(const Delivery& delivery, std::int64_t acknowledged) {
  Receipt receipt;
  receipt.acknowledged = acknowledged;
  receipt.items.assign(delivery.records.size(),
                       {Status::rejected, "another request is expected here; begin a new epoch"});
  return receipt;
}

/// It was taken before, and its answer got lost.
Receipt repeated(const Delivery& delivery, const State& state) {
  Receipt receipt;
  receipt.acknowledged = state.sequence;
  const auto reasons = reasons_in(state.refused);
  for (const auto& record : delivery.records) {
    const auto known = record ? reasons.find(name_of(*record)) : reasons.end();
    if (!record || known != reasons.end()) {
      receipt.items.push_back({Status::rejected, record ? known->second : record.error()});
    } else {
      receipt.items.push_back({Status::duplicate, {}});
    }
  }
  return receipt;
}

/// What the disk or memory did to us is no fault of the record.
bool is_own_failure(const Error& error) {
  return error.code() == Errc::io || error.code() == Errc::corrupt;
}

Result<Receipt::Item> take_one(Database& database, const Sender& sender, const SentRecord& record) {
  STORE_TRY(run(database, "SAVEPOINT record"));
  auto status = put_received(database, sender, record);
  if (status) {
    STORE_TRY(run(database, "RELEASE record"));
    return Receipt::Item{*status, {}};
  }
  if (is_own_failure(status.error())) {
    return fail(std::move(status).error());
  }
  STORE_TRY(run(database, "ROLLBACK TO record"));
  STORE_TRY(run(database, "RELEASE record"));
  return Receipt::Item{Status::rejected, status.error().message()};
}

Result<Receipt> take_all(Database& database, const Sender& sender, const Delivery& delivery,
                         State& state) {
  Receipt receipt;
  receipt.acknowledged = state.sequence;
  for (const auto& record : delivery.records) {
    auto item = record ? take_one(database, sender, *record)
                       : Result<Receipt::Item>({Status::rejected, record.error()});
    if (!item) {
      return fail(std::move(item).error());
    }
    if (record && item->status == Status::rejected) {
      std::replace(item->reason.begin(), item->reason.end(), '\n', ' ');
      state.refused += name_of(*record) + item->reason + "\n";
    }
    receipt.applied += item->status == Status::applied ? 1 : 0;
    receipt.items.push_back(std::move(*item));
  }
  return receipt;
}

/// What was carried took its time: that says nothing of the clocks.
std::chrono::milliseconds skew_of(const Delivery& delivery, Gaps gaps) {
  const bool was_carried = gaps == Gaps::accepted || delivery.sent_at == Time{};
  return was_carried ? std::chrono::milliseconds{0} : delivery.sent_at - delivery.arrived_at;
}

Result<void> write_state(Database& database, const Delivery& delivery, const State& state,
                         Gaps gaps) {
  return run(database,
             "REPLACE INTO sensors(sensor, epoch, generation, sequence, flight, refused, gaps,"
             " last_contact, last_sent, skew) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
             delivery.sensor, state.epoch, state.generation, state.sequence, state.flight,
             state.refused, state.gaps, delivery.arrived_at, delivery.sent_at,
             skew_of(delivery, gaps).count());
}

/// The request that is expected, or one behind a gap that is accepted.
Result<Receipt> take_next(Database& database, const Delivery& delivery, State state, Gaps gaps) {
  state.gaps += delivery.sequence - state.sequence - 1;
  state.sequence = delivery.sequence;
  state.flight = delivery.flight;
  state.refused.clear();
  const Sender sender{
      .sensor = delivery.sensor, .generation = state.generation, .arrived_at = delivery.arrived_at};
  auto receipt = take_all(database, sender, delivery, state);
  if (!receipt) {
    return receipt;
  }
  // With gaps nobody knows what is complete.
  if (delivery.complete && state.gaps == 0) {
    STORE_TRY(drop_older(database, sender));
  }
  STORE_TRY(write_state(database, delivery, state, gaps));
  return receipt;
}

Result<Receipt> take_delivery(Database& database, const Delivery& delivery, Gaps gaps) {
  const auto known = state_of(database, delivery.sensor);
  if (!known) {
    return fail(known.error());
  }
  State state = known->value_or(State{});
  const bool same_epoch = *known && state.epoch == delivery.epoch;
  if (!same_epoch) {
    const bool is_earlier = *known && delivery.sent_at < state.last_sent;
    if (gaps == Gaps::refused ? delivery.sequence != 1 : is_earlier) {
      return mismatch(delivery, 0);
    }
    state.epoch = delivery.epoch;
    state.sequence = 0;
    state.gaps = 0;
    ++state.generation;
  } else if (delivery.sequence == state.sequence) {
    const bool same = delivery.flight.empty() || delivery.flight == state.flight;
    return same ? repeated(delivery, state) : mismatch(delivery, 0);
  } else if (delivery.sequence < state.sequence ||
             (delivery.sequence > state.sequence + 1 && gaps == Gaps::refused)) {
    return mismatch(delivery, state.sequence);
  }
  return take_next(database, delivery, std::move(state), gaps);
}

Result<std::vector<Sensor>> take_sensors(Query& query) {
  std::vector<Sensor> sensors;
  while (query.next()) {
    sensors.push_back({.name = query.text(),
                       .epoch = query.text(),
                       .sequence = query.integer(),
                       .gaps = query.integer(),
                       .last_contact = query.time(),
                       .skew = std::chrono::milliseconds(query.integer()),
                       .assets = static_cast<std::uint64_t>(query.integer()),
                       .files = static_cast<std::uint64_t>(query.integer())});
  }
  STORE_TRY(query.end());
  return sensors;
}

Result<std::int64_t> forget_sensor(Database& database, const std::string& sensor) {
  const auto count =
      integer_from(database,
                   "SELECT (SELECT count(*) FROM received WHERE sensor = ?1) +"
                   " (SELECT count(*) FROM files WHERE sensor = ?1 AND sensor <> '')",
                   sensor);
  if (!count) {
    return fail(count.error());
  }
  constexpr auto kAll = std::numeric_limits<std::int64_t>::max();
  STORE_TRY(drop_older(database, {.sensor = sensor, .generation = kAll, .arrived_at = now()}));
  STORE_TRY(run(database, "DELETE FROM sensors WHERE sensor = ?", sensor));
  return count->value_or(0);
}

}  // namespace

Result<Receipt> Inbox::take(const Delivery& delivery, Gaps gaps) {
  auto& database = store_.impl_->database;
  auto receipt = Result<Receipt>();
  STORE_TRY(store_.impl_->batch.add(database, [&]() -> Result<void> {
    receipt = take_delivery(database, delivery, gaps);
    return receipt ? Result<void>{} : fail(receipt.error());
  }));
  return receipt;
}

Result<std::vector<Sensor>> Inbox::sensors() {
  Query query(store_.impl_->database,
              "SELECT sensor, epoch, sequence, gaps, last_contact, skew,"
              " (SELECT count(*) FROM received r WHERE r.sensor = s.sensor),"
              " (SELECT count(*) FROM files f WHERE f.sensor = s.sensor AND f.sensor <> ''"
              " AND f.status <> 'Deleted') FROM sensors s ORDER BY sensor");
  return take_sensors(query);
}

Result<std::optional<Key>> Inbox::known_of(const std::vector<Key>& keys) {
  for (const auto& key : keys) {
    const auto known =
        integer_from(store_.impl_->database,
                     "SELECT 1 FROM asset_keys WHERE kind = ? AND value = ?", key.kind, key.value);
    if (!known || *known) {
      return known ? Result<std::optional<Key>>(key) : fail(known.error());
    }
  }
  return std::nullopt;
}

Result<std::int64_t> Inbox::forget(const std::string& sensor) {
  auto& database = store_.impl_->database;
  auto removed = Result<std::int64_t>(0);
  STORE_TRY(store_.impl_->batch.add(database, [&]() -> Result<void> {
    removed = forget_sensor(database, sensor);
    return removed ? Result<void>{} : fail(removed.error());
  }));
  return removed;
}

}  // namespace ot::store
