#include "agent/service/intake.hpp"

#include <malloc.h>

#include <algorithm>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>

#include "agent/presence.hpp"
#include "agent/process.hpp"
#include "agent/progress.hpp"
#include "agent/redact.hpp"
#include "agent/service/failures.hpp"
#include "agent/wall/pool.hpp"
#include "base/log.hpp"

namespace ot::agent {
namespace {

constexpr std::size_t kMostFailures = 20;

Result<IngestSummary> look_at(store::Store& store, const IngestOptions& configured,
                              const watch::Changes& changes, const std::atomic<bool>& stop) {
  Progress progress("ingest");
  IngestOptions options = configured;
  for (auto& [folder, place] : options.places) {
    folder = whole_path(folder);  // as the paths in the store are
  }
  if (changes.rescan) {
    return ingest(store, options, progress, stop);
  }
  const ChangedPaths paths{changes.root, changes.changed, changes.gone};
  return ingest_changes(store, options, paths, progress, stop);
}

std::string text_of(const Failure& failure) {
  return redacted(failure.error).text(failure.path);
}

}  // namespace

Intake::Intake(const asio::any_io_executor& executor, StoreThread& store,
               const std::atomic<bool>& stop, OnLooked on_looked)
    : executor_(executor), store_(store), stop_(stop), on_looked_(std::move(on_looked)) {}

void Intake::configure(const Config& config) {
  folders_ = config.folders;
  settle_ = config.settle;
  wall_ = config.parsers.options();
  asio::co_spawn(executor_, try_wall(), failed_by("trying the wall around parsers"));
}

void Intake::take(watch::Changes changes) {
  queue_.push_back(std::move(changes));
  if (!working_) {
    working_ = true;
    asio::co_spawn(executor_, work(), failed_by("reading project files"));
  }
}

Intake::Status Intake::status() const {
  Status status{.wall = wall_status_.value_or(""),
                .no_wall = wall_status_ ? "" : wall_status_.error().text(),
                .busy_with = busy_with_,
                .waiting = {},
                .totals = totals_,
                .last_change = last_change_,
                .failures = {failures_.begin(), failures_.end()}};
  for (const auto& changes : queue_) {
    status.waiting.push_back(changes.root);
  }
  return status;
}

/// So that `status` says at once what files are read behind, or why none is.
asio::awaitable<void> Intake::try_wall() {
  auto work = [options = wall_](store::Store&) -> Result<std::string> {
    const auto word = wall::kStrengthWords.at(static_cast<std::size_t>(wall::strength_of(options)));
    wall::Pool pool(options);
    const auto ready = pool.ready();
    return ready ? Result<std::string>(fmt::format("{}: {}", word, ready->text()))
                 : fail(ready.error());
  };
  auto tried = co_await store_.run(std::move(work));
  wall_status_ = std::move(tried);
  if (!wall_status_) {
    log::error(wall_status_.error().text());
  }
}

asio::awaitable<void> Intake::work() {
  while (!queue_.empty() && !stop_) {
    watch::Changes next = std::move(queue_.front());
    queue_.pop_front();
    busy_with_ = next.root;
    co_await look(std::move(next));
    busy_with_.clear();
  }
  ::malloc_trim(0);  // a large project leaves much free, and it may be the last one for weeks
  working_ = false;
}

IngestOptions Intake::options_for(const std::string& root) const {
  IngestOptions options;
  options.paths = {root};
  options.uploaded_by = user_name();
  options.settle = settle_;
  options.wall = wall_;
  for (const auto& folder : folders_) {
    const store::Place place{folder.site, folder.area, folder.plant_location};
    options.places.emplace_back(folder.path, place);
  }
  return options;
}

asio::awaitable<void> Intake::look(watch::Changes changes) {
  const auto options = options_for(changes.root);
  auto work = [&options, &changes, this](store::Store& store) {
    return look_at(store, options, changes, stop_);
  };
  const auto summary = co_await store_.run(std::move(work));
  watch::Looked looked{.root = changes.root, .failed = false, .unsettled = {}, .problem = {}};
  if (summary) {
    note(changes, *summary);
    looked.unsettled = summary->unsettled;
    for (const auto& failure : summary->problems) {
      if (failure.path == changes.root) {
        looked.problem = failure.error;
      }
    }
  } else {
    log::error(summary.error().text(changes.root));
    looked.failed = true;
    looked.problem = summary.error();
  }
  on_looked_(looked);
}

/// For `status`: the last ones, each once.
void Intake::keep(std::string text) {
  if (std::find(failures_.begin(), failures_.end(), text) != failures_.end()) {
    return;
  }
  failures_.push_back(std::move(text));
  if (failures_.size() > kMostFailures) {
    failures_.pop_front();
  }
}

/// A file that stays as broken as it was is no news.
void Intake::note_failed(const std::vector<Failure>& failed) {
  for (const auto& failure : failed) {
    auto text = text_of(failure);
    if (failure.is_new) {
      ++totals_.failed;
      log::warning(text);
    }
    keep(std::move(text));
  }
}

/// Nor is a path that still can't be looked at; one that could be meanwhile is told again.
void Intake::note_problems(const watch::Changes& changes, const std::vector<Failure>& problems) {
  auto& told = told_[changes.root];
  std::set<std::string> now;
  for (const auto& problem : problems) {
    auto text = text_of(problem);
    if (!told.contains(text)) {
      log::warning(text);
    }
    now.insert(text);
    keep(std::move(text));
  }
  if (changes.rescan) {
    told = std::move(now);
  } else {
    told.merge(now);
  }
}

void Intake::note(const watch::Changes& changes, const IngestSummary& summary) {
  totals_.imported += summary.imported;
  totals_.gone += summary.gone;
  if (summary.imported + summary.gone > 0) {
    last_change_ = now();
    log::info(fmt::format("{}: {} read, {} gone ({})", changes.root, summary.imported, summary.gone,
                          to_string(changes.reason)));
  }
  note_failed(summary.failed);
  note_problems(changes, summary.problems);
}

}  // namespace ot::agent
