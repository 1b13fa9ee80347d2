#include "agent/service/asker.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <random>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>

#include "agent/ledger_file.hpp"
#include "agent/probe_options.hpp"
#include "agent/progress.hpp"
#include "agent/service/failures.hpp"
#include "base/log.hpp"

namespace ot::agent {
namespace {

/// After a turn that came to nothing for a reason that may pass.
constexpr std::chrono::minutes kTryAgain{1};

std::chrono::seconds random_part(std::chrono::seconds most) {
  static std::mt19937 engine{std::random_device{}()};
  std::uniform_int_distribution<std::int64_t> part(0, most.count());
  return std::chrono::seconds(part(engine));
}

bool is_there(const std::string& path) {
  struct stat status {};
  return !path.empty() && ::lstat(path.c_str(), &status) == 0;
}

std::vector<std::string> unit_texts(const std::vector<std::uint8_t>& units) {
  std::vector<std::string> texts;
  texts.reserve(units.size());
  for (const auto unit : units) {
    texts.push_back(std::to_string(unit));
  }
  return texts;
}

/// The same as somebody would type.
ProbeOptionTexts texts_of(const Config& config, const TargetGroup& group) {
  ProbeOptionTexts texts;
  texts.targets = group.targets;
  for (const auto* probe : group.protocols) {
    texts.protocols.emplace_back(probe->name);
  }
  texts.exclude = config.exclude;
  texts.exclude_files = config.exclude_files;
  texts.units = unit_texts(group.units);
  texts.serial = group.serial;
  texts.site = group.site;
  texts.area = group.area;
  texts.gap = static_cast<std::uint32_t>(config.gap.count());
  texts.at_once = config.at_once;
  return texts;
}

using Stop = std::function<std::string()>;
using OnEnd = std::function<void(const TargetEnd&)>;

/// Looks up host names and reads lists of exclusions, which may take long.
Result<ProbeJob> prepared(const ProbeOptionTexts& texts, std::string_view first, Stop stop,
                          OnEnd on_end) {
  auto job = job_of(texts);
  if (job) {
    if (const auto why = stop(); !why.empty()) {
      return fail(Errc::cancelled, why);
    }
    job->stop = std::move(stop);
    job->on_end = std::move(on_end);
    job->targets_in_batch = 1;
    job->targets.begin_with(first);
  }
  return job;
}

/// A run on its own thread, with its ledger.
Result<ProbeSummary> run_job(StoreThread& store, ProbeJob job, const std::string& ledger_path) {
  std::unique_ptr<LedgerFile> ledger;
  if (!ledger_path.empty()) {
    auto opened = LedgerFile::open(ledger_path);
    if (!opened) {
      return fail(std::move(opened).error());
    }
    ledger = std::move(*opened);
    job.ledger = ledger.get();
    job.stop = [stop = std::move(job.stop), kept = ledger.get()] {
      return kept->failed() ? "the ledger can't be written" : stop();
    };
  }
  Progress progress("probe");
  auto summary = run_probes(store, std::move(job), progress);
  if (summary && ledger) {
    if (auto written = ledger->finish(); !written) {
      return fail(std::move(written).error());
    }
  }
  return summary;
}

/// Why a run should end, if it should. It is asked on the thread of the run, so that it
/// has its own copy of all that a reload may change.
struct Reasons {
  const std::atomic<bool>& ending;
  const std::atomic<std::uint64_t>& generation;
  std::uint64_t began;  ///< the generation then
  std::string file;
  std::vector<Window> all;
  std::vector<Window> own;

  std::string operator()() const {
    if (ending) {
      return "the service ends";
    }
    if (generation != began) {
      return "the configuration changed";
    }
    if (is_there(file)) {
      return "the stop file " + file;
    }
    const auto local = this_moment().local;
    return is_open(all, local) && is_open(own, local) ? "" : "its window ended";
  }
};

}  // namespace

Asker::Asker(const asio::any_io_executor& executor, StoreThread& store,
             const std::atomic<bool>& stop)
    : executor_(executor), store_(store), stop_(stop), schedule_(random_part), timer_(executor) {}

void Asker::remember(const std::vector<store::GroupRun>& runs,
                     const std::vector<store::TargetState>& targets) {
  for (const auto& run : runs) {
    next_[run.group] = run.next;
    // One that was cut short is due again.
    if (!run.stopped) {
      last_runs_[run.group] = run.began;
    }
  }
  for (const auto& target : targets) {
    known_.emplace(target.group, target.target);
  }
}

std::optional<std::chrono::seconds> Asker::since_last(const std::string& group) const {
  const auto found = last_runs_.find(group);
  return found == last_runs_.end()
             ? std::nullopt
             : std::optional(std::chrono::floor<std::chrono::seconds>(now() - found->second));
}

void Asker::configure(const Config& config) {
  config_ = config;
  ++generation_;
  const auto ago = [this](const std::string& group) { return since_last(group); };
  schedule_.set_groups(config.groups, config.windows, this_moment().steady, ago);
  timer_.cancel();
}

void Asker::start() {
  asio::co_spawn(executor_, work(), failed_by("asking controllers"));
}

void Asker::stop() {
  timer_.cancel();
}

Asker::Status Asker::status() const {
  return {asking_, schedule_.turns(this_moment()), problems_, requests_};
}

asio::awaitable<void> Asker::work() {
  while (!stop_) {
    const auto moment = this_moment();
    auto group = schedule_.take(moment);
    if (group) {
      co_await ask(std::move(*group));
      continue;
    }
    const auto nap = schedule_.nap(moment);
    const auto longest = asio::steady_timer::time_point::max();
    timer_.expires_at(nap ? moment.steady + *nap : longest);
    co_await timer_.async_wait(no_throw);
  }
}

const TargetGroup* Asker::group_named(const std::string& name) const {
  const auto found = std::find_if(config_.groups.begin(), config_.groups.end(),
                                  [&name](const TargetGroup& group) { return group.name == name; });
  return found == config_.groups.end() ? nullptr : &*found;
}

std::function<std::string()> Asker::stop_of(const TargetGroup& group) const {
  return Reasons{stop_,           generation_,  generation_.load(), config_.stop_file,
                 config_.windows, group.windows};
}

/// Silence of a range's addresses is no news: only who was named, or answered once, is kept.
void Asker::take_end(const std::string& group, const TargetEnd& end,
                     std::vector<store::TargetState>& ends) const {
  const bool is_news = end.outcome != "excluded";  // it was not asked
  if (!is_news || (!end.named && !end.answered && !known_.contains({group, end.target}))) {
    return;
  }
  const auto at = now();
  ends.push_back({.group = group,
                  .target = end.target,
                  .last_try = at,
                  .last_answer = end.answered ? std::optional(at) : std::nullopt,
                  .outcome = end.outcome,
                  .reason = end.reason});
}

/// Once for each reason: it is tried again soon.
void Asker::complain(const std::string& group, const Error& error) {
  auto text = error.text();
  if (problems_[group] != text) {
    log::warning(fmt::format("probe \"{}\": {}", group, text));
    problems_[group] = std::move(text);
  }
}

asio::awaitable<void> Asker::ask(std::string group) {
  const TargetGroup* found = group_named(group);
  if (found == nullptr) {
    co_return;
  }
  store::GroupRun run{.group = group, .began = now()};
  std::vector<store::TargetState> ends;
  auto on_end = [this, &group, &ends](const TargetEnd& end) { take_end(group, end, ends); };
  auto work = [this, texts = texts_of(config_, *found), first = next_[group],
               stop = stop_of(*found), on_end, ledger = config_.ledger]() -> Result<ProbeSummary> {
    auto job = prepared(texts, first, stop, on_end);
    return job ? run_job(store_, std::move(*job), ledger) : fail(std::move(job).error());
  };
  asking_ = group;
  const auto summary = co_await offload(pool_, std::move(work));
  asking_.clear();
  if (!summary) {
    complain(group, summary.error());
    schedule_.again(group, this_moment().steady + kTryAgain);
    co_return;
  }
  last_runs_[group] = run.began;
  take_summary(*summary, run);
  auto recorded = co_await record(std::move(run), std::move(ends));
  if (!recorded) {
    complain(group, recorded.error());
  }
}

void Asker::take_summary(const ProbeSummary& summary, store::GroupRun& run) {
  requests_ += summary.requests;
  next_[run.group] = summary.next;
  run.next = summary.next;
  problems_.erase(run.group);
  if (summary.stopped()) {
    problems_[run.group] = "stopped: " + summary.stopped_by;
    schedule_.again(run.group, this_moment().steady);
  }
  run.ended = now();
  run.targets = static_cast<std::int64_t>(summary.targets);
  run.answered = static_cast<std::int64_t>(summary.answered);
  run.requests = static_cast<std::int64_t>(summary.requests);
  run.stopped = summary.stopped();
  log::info(fmt::format("probe \"{}\": {} of {} targets answered{}", run.group, run.answered,
                        run.targets, run.stopped ? ", stopped: " + summary.stopped_by : ""));
}

Task<void> Asker::record(store::GroupRun run, std::vector<store::TargetState> ends) {
  for (const auto& end : ends) {
    if (end.answered()) {
      known_.emplace(end.group, end.target);
    }
  }
  auto work = [&run, &ends](store::Store& store) {
    auto noted = store.note_run(run, ends);
    return noted ? store.commit() : noted;
  };
  auto done = co_await store_.run(std::move(work));
  co_return done;
}

}  // namespace ot::agent
