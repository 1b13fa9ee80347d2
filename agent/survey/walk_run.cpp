#include "agent/survey/walk_run.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>

#include "agent/bundle/observed.hpp"
#include "agent/commands.hpp"
#include "agent/json_text.hpp"
#include "agent/probe_report.hpp"
#include "agent/process.hpp"
#include "agent/progress.hpp"
#include "agent/survey/legs.hpp"
#include "protocols/link/carrier.hpp"

namespace ot::agent::survey {
namespace {

/// Whether a way leads to any of the first targets. Without a network everybody would seem to be
/// silent, and the area done.
bool has_network(const ProbeJob& job) {
  constexpr int kMostTried = 16;
  asio::io_context io;
  Targets targets = job.targets;
  TargetHost host;
  bool is_any = false;
  for (int tried = 0; tried < kMostTried && targets.next(host);) {
    if (job.exclusions.holds(host.address, host.device)) {
      continue;
    }
    is_any = true;
    ++tried;
    if (host.is_serial() || protocols::link::own_address_towards(io.get_executor(), host.address)) {
      return true;
    }
  }
  return !is_any;
}

/// One leg after the other, over one store and one ledger.
class Run {
 public:
  Run(store::Store& store, const WalkFolder& folder, Walk& walk, WalkLedger& ledger,
      WalkLedger::Recordings& heard, const WalkOptions& options)
      : store_(store),
        folder_(folder),
        walk_(walk),
        ledger_(ledger),
        heard_(heard),
        options_(options) {}

  Result<WalkSummary> walk();

 private:
  Result<void> read_projects();
  Result<void> walk_leg(bundle::Leg& leg);
  Result<ProbeJob> job_for(const bundle::Leg& leg, std::vector<TargetEnd>& ends);
  std::string what_stops() const;
  void take(const bundle::Leg& leg, const std::vector<TargetEnd>& ends,
            const ProbeSummary& leg_summary);

  store::Store& store_;
  const WalkFolder& folder_;
  Walk& walk_;
  WalkLedger& ledger_;
  WalkLedger::Recordings& heard_;
  const WalkOptions& options_;
  WalkSummary summary_;
  bool asked_ = false;  ///< somebody was asked in this run
};

Result<void> Run::read_projects() {
  if (walk_.projects.empty()) {
    return {};
  }
  IngestOptions options;
  options.wall = options_.wall;
  for (const auto& folder : walk_.projects) {
    options.paths.push_back(folder.path);
    options.places.emplace_back(
        folder.path,
        store::Place{.site = walk_.manifest.site, .area = folder.area, .plant_location = {}});
  }
  options.uploaded_by =
      walk_.manifest.operator_name.empty() ? user_name() : walk_.manifest.operator_name;
  Progress progress("project files");
  auto files = ingest(store_, options, progress, stop_on_signals());
  progress.finish();
  if (!files) {
    return fail(std::move(files).error());
  }
  summary_.files = std::move(*files);
  options_.on_files(summary_.files);
  if (summary_.files.stopped) {
    summary_.stopped_by = stop_signal();
  }
  return {};
}

std::string Run::what_stops() const {
  return ledger_.failed() ? "the ledger" : options_.stop();
}

Result<ProbeJob> Run::job_for(const bundle::Leg& leg, std::vector<TargetEnd>& ends) {
  auto job = job_of(leg, walk_.manifest.site);
  if (!job) {
    return job;
  }
  job->ledger = &ledger_;
  // What is walked to its end is never asked again: its addresses may be those of others by now.
  using Use = bundle::Recording::Use;
  auto& heard = heard_[leg.area];
  if (!heard) {
    heard = std::make_unique<bundle::Recording>(Use::resume);
  }
  const auto use = options_.ask_nobody ? Use::finish : Use::resume;
  heard->rewind();
  heard->set_use(leg.is_walked() ? Use::replay : use);
  job->recollection = heard.get();
  job->stop = [this] { return what_stops(); };
  job->on_end = [&ends](const TargetEnd& end) { ends.push_back(end); };
  job->on_answers = [this, area = leg.area](const std::vector<Answer>& answers) {
    for (const auto& answer : answers) {
      const auto line = bundle::observed_json(answer, area);
      summary_.findings.observations += line.is_null() ? "" : json_text(line, -1) + "\n";
    }
  };
  return job;
}

void Run::take(const bundle::Leg& leg, const std::vector<TargetEnd>& ends,
               const ProbeSummary& leg_summary) {
  summary_.findings.add(leg.area, ends, leg_summary);
  summary_.targets += leg_summary.targets;
  summary_.answered += leg_summary.answered;
  summary_.requests += leg_summary.requests;
  summary_.stopped_by = leg_summary.stopped_by;
  const bool trouble = exit_code_of(leg_summary) == exit_code::kWithFailures;
  summary_.trouble |= trouble;
  if (!leg.is_walked()) {
    options_.on_leg(leg, leg_summary);
  } else if (trouble) {
    summary_.trouble_before.push_back(leg.area);
  }
}

Result<void> Run::walk_leg(bundle::Leg& leg) {
  std::vector<TargetEnd> ends;
  auto job = job_for(leg, ends);
  if (!job) {
    return fail(std::move(job).error());
  }
  const bool was_done = leg.is_walked();
  if (!was_done && !options_.ask_nobody && !has_network(*job)) {
    summary_.stopped_by = "want of a network: no way leads to the targets";
    return {};
  }
  if (leg.began == Time{} && !options_.ask_nobody) {
    leg.began = now();
    if (auto saved = folder_.save(walk_); !saved) {
      return saved;
    }
  }
  ledger_.set_area(leg.area);
  Progress progress(leg.area.empty() ? "survey" : leg.area);
  auto result = run_probes(store_, std::move(*job), progress);
  progress.finish();
  if (!result) {
    return fail(std::move(result).error());
  }
  take(leg, ends, *result);
  if (summary_.stopped_by.empty() && !was_done && !options_.ask_nobody) {
    leg.ended = now();
  }
  if (auto finished = ledger_.finish(); !finished) {
    return finished;
  }
  return was_done ? Result<void>{} : folder_.save(walk_);
}

Result<WalkSummary> Run::walk() {
  if (auto read = read_projects(); !read) {
    return fail(std::move(read).error());
  }
  for (auto& leg : walk_.manifest.legs) {
    if (!summary_.stopped_by.empty()) {
      break;
    }
    const bool is_done = leg.is_walked();
    summary_.waits = !is_done && !options_.ask_nobody && asked_ && !options_.go_on(leg);
    if (summary_.waits) {
      break;
    }
    asked_ = asked_ || !is_done;
    if (auto walked = walk_leg(leg); !walked) {
      return fail(std::move(walked).error());
    }
  }
  return std::move(summary_);
}

}  // namespace

Result<WalkSummary> run_walk(store::Store& store, const WalkFolder& folder, Walk& walk,
                             WalkLedger& ledger, WalkLedger::Recordings& heard,
                             const WalkOptions& options) {
  return Run(store, folder, walk, ledger, heard, options).walk();
}

}  // namespace ot::agent::survey
