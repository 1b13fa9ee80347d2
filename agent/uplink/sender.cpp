#include "agent/uplink/sender.hpp"

#include <algorithm>
#include <random>

#include <fmt/format.h>

#include "base/async.hpp"
#include "base/log.hpp"

namespace ot::agent {
namespace {

using Kind = Sender::Turn::Kind;
using Taken = store::Outbox::Taken;
using std::chrono::milliseconds;

/// Changes come in bursts: those of one go together.
constexpr milliseconds kGather{200};
constexpr std::chrono::hours kGreetEvery{24};
constexpr std::chrono::minutes kAfterStrife{10};
constexpr std::size_t kMostRenewals = 3;
constexpr unsigned kMostAlone = 20;

Result<store::Sink> open_sink(store::Store& store, const std::string& name,
                              const std::string& settings) {
  store::Outbox outbox(store);
  auto sink = outbox.find(name);
  if (!sink) {
    return fail(std::move(sink).error());
  }
  if (*sink && (**sink).settings == settings) {
    return std::move(**sink);
  }
  auto begun = outbox.begin_epoch(name, settings);
  begun = begun ? store.commit() : begun;
  if (begun) {
    sink = outbox.find(name);
  }
  return begun && sink && *sink
             ? Result<store::Sink>(std::move(**sink))
             : fail(begun ? Error(Errc::io, "the sink's row is gone") : begun.error());
}

}  // namespace

Sender::Sender(const asio::any_io_executor& executor, StoreThread& store,
               Readers<ListReader>& readers, SinkConfig config, Packing packing,
               std::unique_ptr<Outlet> outlet)
    : store_(store),
      readers_(readers),
      config_(std::move(config)),
      packing_(std::move(packing)),
      most_records_(packing_.most_records),
      outlet_(std::move(outlet)),
      timer_(executor) {
  status_.sink = config_.name;
  status_.state = "idle";
}

milliseconds Sender::back_off(unsigned failures) {
  constexpr milliseconds kFirst{1'000};
  constexpr milliseconds kLongest{5 * 60'000};
  constexpr unsigned kDoublings = 9;
  static std::mt19937 engine{std::random_device{}()};
  const auto most = std::min(kLongest, kFirst * (1U << std::min(failures, kDoublings)));
  std::uniform_int_distribution<std::int64_t> part(0, most.count());
  return milliseconds(part(engine));
}

void Sender::ring() {
  rung_ = true;
  if (status_.state == "idle") {
    timer_.cancel();
  }
}

void Sender::stop() {
  stopped_ = true;
  timer_.cancel();
  outlet_->abort();
}

Sender::Status Sender::status() const {
  return status_;
}

Task<store::Sink> Sender::known_sink() {
  auto look = [name = config_.name](ListReader& reader) {
    return store::Outbox(reader.store()).find(name);
  };
  auto known = co_await readers_.read(std::move(look));
  if (!known) {
    co_return fail(std::move(known).error());
  }
  const auto settings = packing_.settings();
  if (*known && (**known).settings == settings) {
    co_return std::move(**known);
  }
  auto work = [name = config_.name, settings](store::Store& store) {
    return open_sink(store, name, settings);
  };
  co_return co_await store_.run(std::move(work));
}

/// A hub is told once that there is nothing, too: it may hold what an earlier epoch told. And it
/// is greeted now and then: one whose store was restored says so.
Task<bool> Sender::has_more(store::Sink sink) {
  const bool greets = config_.kind == SinkConfig::Kind::hub && now() >= greet_at_;
  const bool owes = sink.flight || greets || (sink.fresh && config_.kind != SinkConfig::Kind::csam);
  auto look = [sink = std::move(sink)](ListReader& reader) {
    return store::Outbox(reader.store()).waiting(sink);
  };
  const auto waiting = co_await readers_.read(std::move(look));
  if (!waiting) {
    co_return fail(waiting.error());
  }
  co_return owes || waiting->records > 0;
}

Task<Parcel> Sender::packed(store::Sink sink) {
  auto packing = packing_;
  packing.most_records = most_records_;
  auto work = [sink = std::move(sink), packing = std::move(packing)](ListReader& reader) {
    reader.set_sensor_name(packing.sensor_name);
    return pack(reader.store(), sink, packing);
  };
  co_return co_await readers_.read(std::move(work));
}

Task<void> Sender::take_off(const store::Sink& sink, const Parcel& parcel) {
  auto work = [sink, flight = parcel.flight, retried = parcel.retried](store::Store& store) {
    auto done = store::Outbox(store).take_off(sink, flight, retried);
    return done ? store.commit() : done;
  };
  co_return co_await store_.run(std::move(work));
}

Task<void> Sender::land(store::Sink sink, const Parcel& parcel, Outcome::Refused refused,
                        store::Outbox::Taken taken) {
  std::vector<store::SetAside> aside;
  for (auto& [index, reason] : refused) {
    const auto& record = parcel.records.at(index);
    aside.push_back({.sink = sink.name,
                     .kind = record.kind,
                     .id = record.id,
                     .at = now(),
                     .reason = std::move(reason)});
  }
  sink.flight = parcel.flight;
  auto work = [sink = std::move(sink), aside = std::move(aside), taken](store::Store& store) {
    auto done = store::Outbox(store).land(sink, aside, taken);
    return done ? store.commit() : done;
  };
  co_return co_await store_.run(std::move(work));
}

Task<void> Sender::turn_back(store::Sink sink, const Parcel& parcel) {
  sink.flight = parcel.flight;
  auto work = [sink = std::move(sink)](store::Store& store) {
    auto done = store::Outbox(store).turn_back(sink);
    return done ? store.commit() : done;
  };
  co_return co_await store_.run(std::move(work));
}

Task<void> Sender::renew(store::Sink sink) {
  auto work = [sink = std::move(sink)](store::Store& store) {
    auto done = store::Outbox(store).begin_epoch(sink.name, sink.settings);
    return done ? store.commit() : done;
  };
  co_return co_await store_.run(std::move(work));
}

Sender::Turn Sender::later(const Outcome& outcome) {
  status_.problem = outcome.reason;
  status_.hint = outcome.hint;
  if (std::exchange(told_problem_, outcome.reason) != outcome.reason) {
    log::warning(fmt::format("sink {}: {}{}{}", config_.name, outcome.reason,
                             outcome.hint.empty() ? "" : "; ", outcome.hint));
  }
  Turn turn(Kind::later);
  turn.wait = outcome.wait;
  turn.needs_person = outcome.needs_person;
  return turn;
}

/// Where another one was quicker it is looked at again.
Sender::Turn Sender::failed(const Error& error) {
  if (error.code() == Errc::changed) {
    return Turn(Kind::told);
  }
  Outcome outcome(Outcome::Kind::later, error.message());
  outcome.hint = error.hint();
  return later(outcome);
}

Sender::Turn Sender::told(const Parcel& parcel) {
  if (!told_problem_.empty()) {
    log::info(fmt::format("sink {}: it takes records again", config_.name));
    told_problem_.clear();
  }
  status_.problem.clear();
  status_.hint.clear();
  status_.told += parcel.records.size();
  greet_at_ = now() + kGreetEvery;
  failures_ = 0;
  return Turn(Kind::told);
}

/// Whatever is sent is refused: no fault of the records, most likely.
bool Sender::is_refused_all_over() const {
  return refused_alone_ >= kMostAlone;
}

/// Half of it goes next, until the one record that is refused stands alone.
asio::awaitable<Sender::Turn> Sender::split(store::Sink sink, const Parcel& parcel,
                                            Outcome outcome) {
  const auto size = parcel.records.size();
  if (size <= 1 && is_refused_all_over()) {
    outcome.reason = fmt::format("{} records were refused one after the other, the last one: {}",
                                 refused_alone_, outcome.reason);
    co_return later(outcome);
  }
  auto done = Result<void>{};
  if (size <= 1) {
    Outcome::Refused refused;
    if (size == 1) {
      refused.emplace_back(0, outcome.reason);
    }
    ++refused_alone_;
    done = co_await land(std::move(sink), parcel, std::move(refused), Taken::no);
  } else {
    most_records_ = size / 2;
    done = co_await turn_back(std::move(sink), parcel);
  }
  if (!done) {
    co_return failed(done.error());
  }
  co_return Turn(Kind::told);
}

/// Two that send as the same sensor would make each other begin anew for ever.
asio::awaitable<Sender::Turn> Sender::begin_anew(store::Sink sink, Outcome outcome) {
  const auto at = now();
  std::erase_if(renewals_, [at](Time then) { return then + kAfterStrife < at; });
  if (renewals_.size() >= kMostRenewals) {
    outcome.hint = "does another rackscout send as the same sensor? Give each its own sensor_name";
    outcome.wait = kAfterStrife;
    co_return later(outcome);
  }
  renewals_.push_back(at);
  log::warning(fmt::format("sink {}: {}; everything is told anew", config_.name, outcome.reason));
  const auto renewed = co_await renew(std::move(sink));
  if (!renewed) {
    co_return failed(renewed.error());
  }
  co_return Turn(Kind::told);
}

asio::awaitable<Sender::Turn> Sender::conclude(store::Sink sink, const Parcel& parcel,
                                               Outcome outcome) {
  if (outcome.kind == Outcome::Kind::later) {
    co_return later(outcome);
  }
  if (outcome.kind == Outcome::Kind::unknown) {
    co_return co_await begin_anew(std::move(sink), std::move(outcome));
  }
  if (outcome.kind == Outcome::Kind::too_much) {
    co_return co_await split(std::move(sink), parcel, std::move(outcome));
  }
  for (const auto& [index, reason] : outcome.refused) {
    log::warning(fmt::format("sink {}: a record is set aside: {}", config_.name, reason));
  }
  const auto landed =
      co_await land(std::move(sink), parcel, std::move(outcome.refused), Taken::yes);
  if (!landed) {
    co_return failed(landed.error());
  }
  refused_alone_ = 0;
  most_records_ = std::min(packing_.most_records, most_records_ * 2);
  co_return told(parcel);
}

asio::awaitable<Sender::Turn> Sender::turn() {
  auto sink = co_await known_sink();
  if (!sink) {
    co_return failed(sink.error());
  }
  const auto more = co_await has_more(*sink);
  if (!more || !*more) {
    co_return more ? Turn(Kind::idle) : failed(more.error());
  }
  const auto parcel = co_await packed(*sink);
  if (!parcel) {
    co_return failed(parcel.error());
  }
  if (!sink->flight && !stopped_) {
    const auto ready = co_await take_off(*sink, *parcel);
    if (!ready) {
      co_return failed(ready.error());
    }
  }
  Outcome outcome;
  // The platform takes assets alone; a hub counts the requests, also those without a record.
  const bool is_for_nobody = parcel->records.empty() && config_.kind == SinkConfig::Kind::csam;
  if (!is_for_nobody && !stopped_) {
    outcome = co_await outlet_->send(*parcel);
  }
  if (stopped_) {
    co_return Turn(Kind::later);
  }
  co_return co_await conclude(std::move(*sink), *parcel, std::move(outcome));
}

asio::awaitable<void> Sender::rest(Turn turn) {
  if (turn.kind == Kind::idle) {
    status_.state = "idle";
    if (rung_) {
      co_return;
    }
    timer_.expires_after(kGreetEvery);
    co_await timer_.async_wait(no_throw);
    co_await pause(kGather);
    co_return;
  }
  status_.state = "waiting";
  const auto own = back_off(failures_++);
  const auto wait = turn.wait ? std::max<milliseconds>(*turn.wait, milliseconds{0}) + own / 8 : own;
  status_.next_try = now() + wait;
  timer_.expires_after(wait);
  co_await timer_.async_wait(no_throw);
  status_.next_try.reset();
}

asio::awaitable<void> Sender::run(std::shared_ptr<Sender> sender) {
  while (!sender->stopped_) {
    sender->rung_ = false;
    sender->status_.state = "sending";
    auto turn = co_await sender->turn();
    if (turn.kind != Kind::told && !sender->stopped_) {
      co_await sender->rest(turn);
    }
  }
  co_await sender->close();
}

}  // namespace ot::agent
