#include "agent/probe_run.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "agent/probe_recorder.hpp"
#include "agent/progress.hpp"
#include "base/log.hpp"
#include "protocols/link/network.hpp"

namespace ot::agent {
namespace {

namespace link = protocols::link;
using protocols::Probe;

class ProbeRun {
 public:
  ProbeRun(StoreThread& store, ProbeJob job, Progress& progress)
      : job_(std::move(job)),
        progress_(progress),
        network_(io_.get_executor(), job_.rules, job_.exclusions),
        recorder_(store, job_.place, job_.targets_in_batch) {}

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
  void tell_present(const TargetHost& target, const link::Host& host,
                    const std::vector<Answer>& answers, bool answered);
  void end(const TargetHost& target, TargetEnd ended);
  void tell_cut(const TargetHost& target, const link::Host& host);
  void go_on_with(const TargetHost& target, bool heard);
  void tell_rest();
  void put_in_order();
  bool stopped();
  std::string state_text() const;

  ProbeJob job_;
  Progress& progress_;
  asio::io_context io_{1};
  link::Network network_;
  Recorder recorder_;
  ProbeSummary summary_;
  std::pair<bool, std::size_t> next_place_;  ///< of summary_.next: it was asked; its turn
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
  const auto unrecorded = host.unrecorded;
  const auto dialogue = link::converse(network_, host, target);
  auto options = job_.options;
  options.serial = target.is_serial();
  auto found = co_await probe.run(*dialogue, std::move(options));
  answer.at = host.heard == Time{} ? now() : host.heard;
  answer.connected = host.connections > connections;
  answer.heard = host.frames > frames;
  answer.unheard = host.unheard > unheard;
  if (found) {
    answer.found = std::move(*found);
    answer.found->whole &= host.unrecorded == unrecorded;
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
  end(target, {.outcome = refused ? "refused" : "silent"});
}

void ProbeRun::end(const TargetHost& target, TargetEnd ended) {
  if (job_.on_end) {
    ended.target = target.text();
    ended.named = target.named || target.is_serial();
    job_.on_end(ended);
  }
}

/// It was there, whether it told anything or not.
void ProbeRun::tell_present(const TargetHost& target, const link::Host& host,
                            const std::vector<Answer>& answers, bool answered) {
  const Answer* failed = nullptr;
  for (const Answer& answer : answers) {
    const bool counts = answer.failure() && !is_absence(answer) &&
                        (answer.found || !answered || !host.ended().empty());
    failed = failed == nullptr && counts ? &answer : failed;
  }
  TargetEnd ended{.answered = answered, .outcome = "answered"};
  if (failed != nullptr) {
    ended.outcome = to_string(kind_of(*failed, *failed->failure(), host));
    ended.reason = failed->failure()->text();
  } else if (!answered) {
    ended.outcome = "silent";
  }
  end(target, std::move(ended));
}

void ProbeRun::tell_cut(const TargetHost& target, const link::Host& host) {
  const bool was_asked = host.requests > 0 || host.shows_life();
  (was_asked ? summary_.cut_short : summary_.not_asked).add(target);
  go_on_with(target, host.requests > 0);
}

/// Who heard nothing comes before who was cut short: a target that takes longer than the
/// time there is must not keep the others from their turn.
void ProbeRun::go_on_with(const TargetHost& target, bool heard) {
  const std::pair place(heard, target.turn);
  if (summary_.next.empty() || place < next_place_) {
    summary_.next = target.text();
    next_place_ = place;
  }
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
  } else {
    tell_present(target, host, answers, answered);
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
  if (job_.on_answers) {
    job_.on_answers(answers);
  }
  auto assets = co_await recorder_.record(answers);
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
      end(target, {.outcome = "excluded"});
    } else {
      co_await ask_safely(target);
    }
    if (progress_.active()) {
      progress_.tell(state_text());
    }
    progress_.step(target.text(), 0);
  }
}

/// "12 found, 3 refused, 230 silent"
std::string ProbeRun::state_text() const {
  return fmt::format("{} found, {} refused, {} silent", summary_.answered, summary_.refused.size(),
                     summary_.silent.size());
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
    if (job_.exclusions.holds(target.address, target.device)) {
      summary_.excluded.add(target);
      continue;
    }
    summary_.not_asked.add(target);
    go_on_with(target, false);
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
  network_.recollection = job_.recollection;
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
  StoreThread thread(store);
  return run_probes(thread, std::move(job), progress);
}

Result<ProbeSummary> run_probes(StoreThread& store, ProbeJob job, Progress& progress) {
  return ProbeRun(store, std::move(job), progress).run();
}

}  // namespace ot::agent
