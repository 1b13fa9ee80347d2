#include "agent/probe_run.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "agent/progress.hpp"
#include "base/log.hpp"
#include "protocols/link/network.hpp"

namespace ot::agent {
namespace {

namespace link = protocols::link;
using protocols::Observation;
using protocols::Probe;

/// What one protocol brought from one target.
struct Answer {
  const Probe* probe = nullptr;
  link::Endpoint target;
  Time at;
  std::optional<Observation> found;
  std::optional<Error> error;
  bool connected = false;  ///< over TCP
  bool heard = false;      ///< it sent a frame
  bool of_part = false;    ///< what answered is but a module of the device
  bool unheard = false;    ///< what it sent may have gone to a port that was taken

  /// Why not all is known.
  const std::optional<Error>& failure() const { return found ? found->incomplete : error; }
};

/// The address at which it answered comes first among its interfaces.
void put_address_first(Asset& asset, const link::Endpoint& target) {
  if (target.is_serial()) {
    asset.station = asset.station.empty() ? target.device : asset.station;
    return;
  }
  auto& interfaces = asset.interfaces;
  const auto own = target.address.text();
  const auto found = std::find_if(interfaces.begin(), interfaces.end(),
                                  [&own](const Interface& item) { return item.address == own; });
  if (found == interfaces.end()) {
    Interface item;
    item.address = own;
    interfaces.insert(interfaces.begin(), std::move(item));
  } else {
    std::rotate(interfaces.begin(), found, found + 1);
  }
}

/// Whether what answered is but a module of the device: its communication module,
/// when its CPU was not reached, or when another protocol speaks for the CPU.
bool is_of_part(const Answer& answer, const std::vector<Answer>& answers) {
  const auto names_cpu = [](const Answer& other) {
    return other.found && other.found->asset.hardware.category == Category::plc;
  };
  // A CPU with a port of its own answers there by its own name.
  const auto names_it = [&](const Answer& other) {
    const auto& model = answer.found->asset.hardware.model;
    return names_cpu(other) && !model.empty() && other.found->asset.hardware.model == model;
  };
  if (answer.target.is_serial() || std::any_of(answers.begin(), answers.end(), names_it) ||
      names_cpu(answer)) {
    return false;
  }
  const bool is_module = answer.found->asset.hardware.category == Category::communication;
  const bool is_whole = answer.found->whole && !answer.found->incomplete;
  return is_module && (!is_whole || std::any_of(answers.begin(), answers.end(), names_cpu));
}

store::Observation observation_of(Answer& answer, const store::Place& place) {
  store::Observation out;
  out.protocol = answer.probe->name;
  out.target = answer.target.text();
  out.place = place;
  out.at = answer.at;
  out.chassis_serial = std::move(answer.found->chassis_serial);
  out.complete = answer.found->whole && !answer.found->incomplete && answer.found->safety.empty();
  out.asked = std::move(answer.found->asked);
  out.of_part = answer.of_part;
  out.record = std::move(answer.found->asset);
  put_address_first(out.record, answer.target);
  return out;
}

/// Carries observations into the store, on a thread of its own.
class Recorder {
 public:
  Recorder(store::Store& store, store::Place place) : store_(store), place_(std::move(place)) {}

  asio::thread_pool& pool() { return pool_; }
  bool failed() const { return failed_; }

  /// The assets that a target's answers are. Runs on the pool.
  std::vector<Found> record(std::vector<Answer>& answers);
  Result<void> finish();

 private:
  /// Few writes: a commit for so many targets.
  static constexpr int kTargetsInBatch = 16;

  store::Store& store_;
  store::Place place_;
  asio::thread_pool pool_{1};
  std::optional<Error> failure_;
  std::atomic<bool> failed_{false};  ///< for other threads
  int in_batch_ = 0;
};

std::vector<Found> Recorder::record(std::vector<Answer>& answers) {
  for (Answer& answer : answers) {
    answer.of_part = answer.found && is_of_part(answer, answers);
  }
  // The one with a serial number first: it decides which asset all of them are.
  std::stable_partition(answers.begin(), answers.end(), [](const Answer& item) {
    return item.found && !item.found->asset.serial_number.empty() && !item.of_part;
  });
  std::vector<Found> assets;
  for (Answer& answer : answers) {
    if (!answer.found || failure_) {
      continue;
    }
    const auto asset = store_.observe(observation_of(answer, place_));
    if (!asset) {
      failure_ = asset.error();
      continue;
    }
    assets.push_back({answer.target.address, *asset, answer.found->incomplete.has_value()});
  }
  if (!assets.empty() && ++in_batch_ >= kTargetsInBatch && !failure_) {
    in_batch_ = 0;
    if (auto done = store_.commit(); !done) {
      failure_ = done.error();
    }
  }
  failed_ = failure_.has_value();
  return assets;
}

Result<void> Recorder::finish() {
  pool_.join();
  return failure_ ? fail(*failure_) : store_.commit();
}

class ProbeRun {
 public:
  ProbeRun(store::Store& store, ProbeJob job, Progress& progress)
      : job_(std::move(job)),
        progress_(progress),
        network_(io_.get_executor(), job_.rules, job_.exclusions),
        recorder_(store, job_.place) {}

  Result<ProbeSummary> run();

 private:
  asio::awaitable<void> work();
  asio::awaitable<void> ask_safely(TargetHost target);
  asio::awaitable<void> ask_host(TargetHost target);
  asio::awaitable<Answer> ask(link::Host& host, const Probe& probe, link::Endpoint target);
  std::vector<std::pair<const Probe*, link::Endpoint>> questions(const TargetHost& target) const;
  void tell(const TargetHost& target, const link::Host& host, const std::vector<Answer>& answers,
            bool cut);
  void tell_answer(const Answer& answer, const link::Host& host, bool answered);
  void tell_absent(const TargetHost& target, const link::Host& host,
                   const std::vector<Answer>& answers);
  void tell_cut(const TargetHost& target, const link::Host& host);
  void tell_rest();
  void put_in_order();
  bool stopped();

  ProbeJob job_;
  Progress& progress_;
  asio::io_context io_{1};
  link::Network network_;
  Recorder recorder_;
  ProbeSummary summary_;
};

/// Once stopped it stays so, whatever becomes of the reason.
bool ProbeRun::stopped() {
  if (!summary_.stopped() && recorder_.failed()) {
    summary_.stopped_by = "the store";
  }
  if (!summary_.stopped() && job_.stop) {
    summary_.stopped_by = job_.stop();
  }
  return summary_.stopped();
}

std::vector<std::pair<const Probe*, link::Endpoint>> ProbeRun::questions(
    const TargetHost& target) const {
  std::vector<std::pair<const Probe*, link::Endpoint>> questions;
  for (const Probe* probe : job_.protocols) {
    link::Endpoint endpoint;
    endpoint.address = target.address;
    endpoint.device = target.device;
    endpoint.serial = job_.serial;
    endpoint.named = target.named;
    if (target.is_serial() && probe->speaks_serial) {
      questions.emplace_back(probe, endpoint);
    }
    for (const auto port : target.ports) {
      endpoint.port = port == 0 ? probe->port : port;
      questions.emplace_back(probe, endpoint);
    }
  }
  return questions;
}

asio::awaitable<Answer> ProbeRun::ask(link::Host& host, const Probe& probe, link::Endpoint target) {
  Answer answer;
  answer.probe = &probe;
  answer.target = target;
  const auto connections = host.connections;
  const auto frames = host.frames;
  const auto unheard = host.unheard;
  const auto dialogue = link::converse(network_, host, target);
  auto options = job_.options;
  options.serial = target.is_serial();
  auto found = co_await probe.run(*dialogue, std::move(options));
  answer.at = now();
  answer.connected = host.connections > connections;
  answer.heard = host.frames > frames;
  answer.unheard = host.unheard > unheard;
  if (found) {
    answer.found = std::move(*found);
  } else {
    answer.error = std::move(found).error();
  }
  co_return answer;
}

bool is_cancelled(const Answer& answer) {
  return answer.failure() && answer.failure()->code() == Errc::cancelled;
}

/// Nobody is there, or nobody who listens.
bool is_absence(const Answer& answer) {
  if (!answer.error || answer.connected || answer.heard || answer.unheard ||
      answer.target.is_serial()) {
    return false;
  }
  const auto code = answer.error->code();
  return code == Errc::refused || code == Errc::unreachable || code == Errc::silent;
}

/// How an error is told of a target that is there.
Trouble::Kind kind_of(const Answer& answer, const Error& error, const link::Host& host) {
  if (error.code() == Errc::ended && !host.ended().empty()) {
    return Trouble::Kind::distressed;
  }
  if (answer.found) {
    return Trouble::Kind::incomplete;
  }
  return error.code() == Errc::silent && !answer.heard ? Trouble::Kind::silent
                                                       : Trouble::Kind::failed;
}

void ProbeRun::tell_answer(const Answer& answer, const link::Host& host, bool answered) {
  const auto add = [&](Trouble::Kind kind, std::string text) {
    summary_.troubles.push_back({kind, answer.target.address, answer.target.text(),
                                 std::string(answer.probe->name), std::move(text)});
  };
  const auto& error = answer.failure();
  const auto why = error ? error->text() : std::string();
  if (answer.found) {
    for (const auto& note : answer.found->notes) {
      if (note != why) {
        add(Trouble::Kind::note, note);
      }
    }
    if (!answer.found->safety.empty()) {
      add(Trouble::Kind::safety, answer.found->safety);
    }
  }
  if (error && !is_cancelled(answer) && !is_absence(answer)) {
    // Who answers to another protocol need not speak this one at all.
    const bool may_be_none = answer.unheard && answered && !answer.found;
    add(may_be_none ? Trouble::Kind::note : kind_of(answer, *error, host), why);
  }
}

void ProbeRun::tell_absent(const TargetHost& target, const link::Host& host,
                           const std::vector<Answer>& answers) {
  const auto is_refusal = [](const Answer& answer) {
    return answer.error && answer.error->code() == Errc::refused;
  };
  const bool refused = host.refused || std::any_of(answers.begin(), answers.end(), is_refusal);
  (refused ? summary_.refused : summary_.silent).add(target);
}

void ProbeRun::tell_cut(const TargetHost& target, const link::Host& host) {
  const bool was_asked = host.requests > 0 || host.shows_life();
  (was_asked ? summary_.cut_short : summary_.not_asked).add(target);
}

/// `cut`: a protocol was left out because of the stop.
void ProbeRun::tell(const TargetHost& target, const link::Host& host,
                    const std::vector<Answer>& answers, bool cut) {
  summary_.requests += host.requests;
  const auto is_found = [](const Answer& answer) { return answer.found.has_value(); };
  const bool answered = std::any_of(answers.begin(), answers.end(), is_found);
  summary_.answered += answered ? 1 : 0;
  for (const Answer& answer : answers) {
    tell_answer(answer, host, answered);
  }
  if (cut || std::any_of(answers.begin(), answers.end(), is_cancelled)) {
    tell_cut(target, host);
  } else if (!target.is_serial() && std::all_of(answers.begin(), answers.end(), is_absence)) {
    tell_absent(target, host, answers);
  }
}

asio::awaitable<void> ProbeRun::ask_host(TargetHost target) {
  link::Host host;
  std::vector<Answer> answers;
  bool cut = false;
  for (const auto& [probe, endpoint] : questions(target)) {
    cut = host.ended().empty() && stopped();
    if (!host.ended().empty() || cut) {
      break;
    }
    auto answer = co_await ask(host, *probe, endpoint);
    answers.push_back(std::move(answer));
    const auto& found = answers.back().found;
    if (found && !found->safety.empty()) {
      break;
    }
  }
  tell(target, host, answers, cut);
  auto work = [this, &answers] { return recorder_.record(answers); };
  auto assets = co_await offload(recorder_.pool(), std::move(work));
  summary_.found.insert(summary_.found.end(), assets.begin(), assets.end());
}

/// What goes wrong with one target costs that one alone.
asio::awaitable<void> ProbeRun::ask_safely(TargetHost target) {
  try {
    co_await ask_host(target);
  } catch (const std::exception& error) {
    summary_.troubles.push_back(
        {Trouble::Kind::failed, target.address, target.text(), {}, error.what()});
  }
}

/// Takes one target after the other until there is none left.
asio::awaitable<void> ProbeRun::work() {
  TargetHost target;
  while (!stopped() && job_.targets.next(target)) {
    if (job_.exclusions.holds(target.address, target.device)) {
      summary_.excluded.add(target);
    } else {
      co_await ask_safely(target);
    }
    progress_.step(target.text(), 0);
  }
}

void log_failure(const std::exception_ptr& failure) {
  if (!failure) {
    return;
  }
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    log::error(fmt::format("a probe ended by an exception: {}", error.what()));
  }
}

/// By address; an asset that answered in several ways stays where it came first, and is
/// incomplete if any of them was.
void each_once(std::vector<Found>& found) {
  std::sort(found.begin(), found.end());
  std::unordered_map<store::AssetId, std::size_t> places;
  std::vector<Found> once;
  for (const Found& item : found) {
    const auto [place, is_new] = places.emplace(item.asset, once.size());
    if (is_new) {
      once.push_back(item);
    } else {
      once[place->second].incomplete |= item.incomplete;
    }
  }
  found = std::move(once);
}

/// By address, serial lines behind them, each target's in the order in which it was asked.
bool comes_first(const Trouble& a, const Trouble& b) {
  const auto place = [](const Trouble& item) {
    const bool is_serial = item.address == Ipv4{};
    return std::tuple(is_serial, item.address, is_serial ? item.target : std::string());
  };
  return place(a) < place(b);
}

/// Whom nobody came to before the stop.
void ProbeRun::tell_rest() {
  for (TargetHost target; job_.targets.next(target);) {
    const bool excluded = job_.exclusions.holds(target.address, target.device);
    (excluded ? summary_.excluded : summary_.not_asked).add(target);
  }
}

void ProbeRun::put_in_order() {
  each_once(summary_.found);
  std::stable_sort(summary_.troubles.begin(), summary_.troubles.end(), comes_first);
  for (auto* list : {&summary_.excluded, &summary_.refused, &summary_.silent, &summary_.cut_short,
                     &summary_.not_asked}) {
    list->sort();
  }
}

Result<ProbeSummary> ProbeRun::run() {
  const auto begin = std::chrono::steady_clock::now();
  network_.ledger = job_.ledger;
  network_.stop = [this] { return stopped(); };
  summary_.targets = job_.targets.size();
  progress_.total(summary_.targets);
  const auto workers = std::min<std::size_t>(job_.targets.size(), job_.rules.first_connects);
  for (std::size_t i = 0; i < workers; ++i) {
    asio::co_spawn(io_, work(), log_failure);
  }
  io_.run();
  static_cast<void>(stopped());  // also when that came last
  if (auto recorded = recorder_.finish(); !recorded) {
    return fail(std::move(recorded).error());
  }
  tell_rest();
  put_in_order();
  summary_.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begin);
  return std::move(summary_);
}

}  // namespace

std::string_view to_string(Trouble::Kind kind) {
  switch (kind) {
    case Trouble::Kind::incomplete: return "incomplete";
    case Trouble::Kind::silent: return "silent";
    case Trouble::Kind::distressed: return "distressed";
    case Trouble::Kind::safety: return "safety";
    case Trouble::Kind::failed: return "failed";
    case Trouble::Kind::note: break;
  }
  return "note";
}

Result<ProbeSummary> run_probes(store::Store& store, ProbeJob job, Progress& progress) {
  return ProbeRun(store, std::move(job), progress).run();
}

}  // namespace ot::agent
