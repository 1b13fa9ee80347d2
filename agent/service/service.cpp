#include "agent/service/service.hpp"

#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <deque>
#include <iterator>
#include <memory>

#include <fmt/format.h>
#include <malloc.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "agent/config/changes.hpp"
#include "agent/config/read.hpp"
#include "agent/json_text.hpp"
#include "agent/output.hpp"
#include "agent/presence.hpp"
#include "agent/service/asker.hpp"
#include "agent/service/failures.hpp"
#include "agent/service/intake.hpp"
#include "agent/service/notify.hpp"
#include "agent/service/service_metrics.hpp"
#include "agent/service/status.hpp"
#include "agent/service/status_socket.hpp"
#include "agent/service/web.hpp"
#include "agent/store_path.hpp"
#include "agent/uplink/outbox_change.hpp"
#include "agent/uplink/uplink.hpp"
#include "agent/watch/watcher.hpp"
#include "base/log.hpp"

namespace ot::agent {
namespace {

constexpr std::size_t kReaders = 2;
constexpr std::chrono::hours kTrimEvery{24};
/// After a stop was asked for: then what is still in hand is cut, which the
/// store stands as it stands a power failure.
constexpr timeval kLastCall{1, 800'000};
constexpr std::size_t kMostErrors = 20;

void leave_at_once(int) {
  ::_exit(0);
}

void leave_soon() {
  std::signal(SIGALRM, leave_at_once);
  const itimerval timer{{}, kLastCall};
  ::setitimer(ITIMER_REAL, &timer, nullptr);
}

log::Level level_named(std::string_view name) {
  if (name == "debug") {
    return log::Level::debug;
  }
  if (name == "warning") {
    return log::Level::warning;
  }
  return name == "error" ? log::Level::error : log::Level::info;
}

void tell_log(const Finding& finding) {
  finding.is_mistake() ? log::error(text_of(finding)) : log::warning(text_of(finding));
}

bool is_within(const WatchedFolder& inner, const WatchedFolder& outer) {
  return inner.path != outer.path && is_looked_at_with(inner.path, outer.path);
}

/// Another one when files within belong somewhere else than before.
std::string places_within(const WatchedFolder& outer, const std::vector<WatchedFolder>& folders) {
  std::string places;
  for (const auto& folder : folders) {
    if (is_within(folder, outer)) {
      places += fmt::format("{}\n{}\n{}\n{}\n", folder.path, folder.site, folder.area,
                            folder.plant_location);
    }
  }
  return places;
}

/// A folder below another one is watched with it; whose place counts is the intake's to say.
std::vector<WatchedFolder> outermost(const std::vector<WatchedFolder>& folders) {
  std::vector<WatchedFolder> out;
  for (const auto& folder : folders) {
    const bool inside = std::any_of(folders.begin(), folders.end(), [&folder](const auto& other) {
      return is_within(folder, other);
    });
    if (!inside) {
      out.push_back(folder);
      out.back().within = places_within(folder, folders);
    }
  }
  return out;
}

template <class Table>
std::vector<std::string> names_of(const std::vector<Table>& tables) {
  std::vector<std::string> names;
  std::transform(tables.begin(), tables.end(), std::back_inserter(names),
                 [](const Table& table) { return table.name; });
  return names;
}

class Service {
 public:
  Service(std::string config_path, Config config, OpenStore open,
          std::vector<std::unique_ptr<ListReader>> readers);

  Result<void> run();

 private:
  Result<void> remember();
  void set_up(const Config& config);
  asio::awaitable<void> start();
  asio::awaitable<void> wait_for_reloads();
  asio::awaitable<void> wait_for_end();
  asio::awaitable<void> reload();
  asio::awaitable<void> stop();
  asio::awaitable<void> trim_daily();
  asio::awaitable<void> keep_alive();
  asio::awaitable<std::string> answer(std::string request);
  asio::awaitable<std::string> tell_status();
  ServiceStatus status() const;
  void complain(const Error& error);
  void tell_manager(const Result<void>& told);
  std::string summary() const;

  std::string config_path_;
  Config config_;
  OpenStore open_;
  std::atomic<bool> stop_{false};
  Time started_ = now();
  std::deque<std::string> errors_;
  std::optional<Error> failure_;

  asio::io_context io_{1};
  StoreThread store_;
  Readers<ListReader> readers_;
  Hub hub_;
  Uplink uplink_;
  Api api_;
  Web web_;
  Asker asker_;
  std::unique_ptr<watch::Watcher> watcher_;
  Intake intake_;
  StatusSocket socket_;
  asio::signal_set ends_{io_, SIGTERM, SIGINT};
  asio::signal_set reloads_{io_, SIGHUP};
  bool reloading_ = false;
  asio::steady_timer reloaded_{io_};
  bool trim_again_ = false;  ///< other limits came while it was done
  asio::steady_timer trim_timer_{io_};
  asio::steady_timer alive_timer_{io_};
  ServiceManager manager_ = ServiceManager::from_environment();
};

Service::Service(std::string config_path, Config config, OpenStore open,
                 std::vector<std::unique_ptr<ListReader>> readers)
    : config_path_(std::move(config_path)),
      config_(std::move(config)),
      open_(std::move(open)),
      store_(open_.store, [this] { asio::post(io_, [this] { uplink_.ring(); }); }),
      readers_(std::move(readers)),
      hub_(io_.get_executor(), store_),
      uplink_(io_.get_executor(), store_, readers_),
      api_(readers_, hub_,
           [this](const store::Counts& counts, std::uint64_t bytes) {
             return metrics_text(status(), web_.counters(), counts, bytes);
           }),
      web_(io_.get_executor(), api_),
      asker_(io_.get_executor(), store_, stop_),
      intake_(io_.get_executor(), store_, stop_,
              [this](const watch::Looked& looked) {
                if (watcher_) {
                  watcher_->looked(looked);
                }
              }),
      socket_(io_.get_executor(), status_socket_of(open_.path),
              [this](std::string request) { return answer(std::move(request)); }) {}

void Service::complain(const Error& error) {
  log::error(error.text());
  errors_.push_back(fmt::format("{} {}", iso8601(now()), error.text()));
  if (errors_.size() > kMostErrors) {
    errors_.pop_front();
  }
}

/// That systemd can't be told is no reason to end.
void Service::tell_manager(const Result<void>& told) {
  if (!told) {
    log::warning(told.error().text());
  }
}

ServiceStatus Service::status() const {
  return {.sensor_name = sensor_name(config_),
          .config_path = config_path_,
          .started = started_,
          .api = web_.url(),
          .folders = watcher_ ? watcher_->status() : std::vector<watch::RootStatus>(),
          .intake = intake_.status(),
          .asker = asker_.status(),
          .sinks = uplink_.status(),
          .accepts = config_.hub.accept,
          .hub = hub_.counters(),
          .errors = {errors_.begin(), errors_.end()}};
}

/// At the socket beside the store: what a command wants that may not write itself.
asio::awaitable<std::string> Service::answer(std::string request) {
  if (request.empty()) {
    co_return co_await tell_status();
  }
  auto work = [request = std::move(request)](store::Store& store) {
    return change_outbox(store, request);
  };
  const auto changed = co_await store_.run(std::move(work));
  co_return json_text(
      changed ? Json{{"records", *changed}} : Json{{"error", changed.error().message()}}, -1);
}

asio::awaitable<std::string> Service::tell_status() {
  auto work = [path = open_.path](ListReader& reader) {
    return store_status(reader.store(), path);
  };
  const auto store = co_await readers_.read(std::move(work));
  co_return store ? json_text(status_json(status(), *store, now()), -1) + "\n"
                  : json_text(Json{{"error", store.error().text()}}, -1) + "\n";
}

std::string Service::summary() const {
  const auto api = web_.url();
  return fmt::format("{} folders, {} groups of targets, {} sinks, API {}", config_.folders.size(),
                     config_.groups.size(), config_.sinks.size(),
                     api.empty() ? "off" : "at " + api);
}

/// What earlier runs left: whom not to ask too soon.
Result<void> Service::remember() {
  auto runs = open_.store.group_runs();
  auto targets = open_.store.targets();
  if (!runs || !targets) {
    return fail(runs ? targets.error() : runs.error());
  }
  asker_.remember(*runs, *targets);
  return {};
}

/// All but the API, which may fail.
void Service::set_up(const Config& config) {
  log::set_level(level_named(config.log_level));
  api_.set_sensor_name(sensor_name(config));
  intake_.configure(config);
  asker_.configure(config);
  uplink_.configure(config.sinks, sensor_name(config));
  if (watcher_) {
    watcher_->reconfigure(outermost(config.folders), config.settle);
  }
}

asio::awaitable<void> Service::start() {
  auto web = co_await web_.configure(config_.api, config_.hub, open_.path);
  if (!web) {
    failure_ = web.error();
    io_.stop();
    co_return;
  }
  if (auto listening = socket_.start(); !listening) {
    complain(listening.error());
  }
  set_up(config_);
  watcher_ = std::make_unique<watch::Watcher>(
      io_.get_executor(), outermost(config_.folders), config_.settle,
      [this](watch::Changes changes) { intake_.take(std::move(changes)); });
  watcher_->start();
  asker_.start();
  asio::co_spawn(io_, trim_daily(), failed_by("trimming the history"));
  asio::co_spawn(io_, keep_alive(), failed_by("the watchdog"));
  asio::co_spawn(io_, wait_for_reloads(), failed_by("waiting for reloads"));
  asio::co_spawn(io_, wait_for_end(), failed_by("waiting for the end"));
  log::info("ready: " + summary());
  tell_manager(manager_.ready(summary()));
}

asio::awaitable<void> Service::wait_for_reloads() {
  while (!stop_) {
    const auto came = co_await reloads_.async_wait(no_throw);
    if (std::get<0>(came)) {
      co_return;
    }
    reloading_ = true;
    co_await reload();
    reloading_ = false;
    reloaded_.cancel();
  }
}

/// A reload may take a while; the time that a stop may take runs from now on.
asio::awaitable<void> Service::wait_for_end() {
  const auto came = co_await ends_.async_wait(no_throw);
  if (std::get<0>(came)) {
    co_return;
  }
  log::info("stopping");
  leave_soon();
  stop_ = true;
  reloads_.cancel();
  tell_manager(manager_.stopping());
  if (reloading_) {
    reloaded_.expires_at(asio::steady_timer::time_point::max());
    co_await reloaded_.async_wait(no_throw);
  }
  co_await stop();
}

/// Whole or not at all.
asio::awaitable<void> Service::reload() {
  tell_manager(manager_.reloading());
  auto config = load_sound_config(config_path_, tell_log);
  auto web = Result<void>{};
  if (config) {
    web = co_await web_.configure(config->api, config->hub, open_.path);
  }
  if (!config || !web) {
    complain(
        Error(config ? web.error() : config.error()).during("the configuration stays as it was"));
  } else {
    for (const auto& change : changes(config_, *config)) {
      log::info("configuration: " + change);
    }
    if (config->store.path != config_.store.path) {
      log::warning("store.path takes effect at the next start");
    }
    config_ = std::move(*config);
    set_up(config_);
    trim_again_ = true;  // other limits hold at once
    trim_timer_.cancel();
    log::info("reloaded: " + summary());
  }
  tell_manager(manager_.ready(summary()));
}

asio::awaitable<void> Service::stop() {
  watcher_->stop();
  asker_.stop();
  uplink_.stop();
  socket_.stop();
  trim_timer_.cancel();
  alive_timer_.cancel();
  co_await web_.stop();
}

asio::awaitable<void> Service::trim_daily() {
  while (!stop_) {
    auto work = [kept = config_.store, groups = names_of(config_.groups),
                 sinks = names_of(config_.sinks)](store::Store& store) {
      auto forgot = store.keep_groups(groups);
      if (forgot) {
        forgot = store::Outbox(store).keep_sinks(sinks);
      }
      const store::Retention retention{kept.journal_age, kept.removals_age, kept.journal_size};
      return forgot ? store.trim(retention, now()) : Result<std::int64_t>(fail(forgot.error()));
    };
    const auto trimmed = co_await store_.run(std::move(work));
    if (!trimmed) {
      complain(Error(trimmed.error()).during("trim the history"));
    }
    if (!stop_ && !trim_again_) {
      trim_timer_.expires_after(kTrimEvery);
      co_await trim_timer_.async_wait(no_throw);
    }
    trim_again_ = false;
  }
}

asio::awaitable<void> Service::keep_alive() {
  const auto interval = manager_.watchdog_interval();
  while (interval && !stop_) {
    tell_manager(manager_.alive());
    alive_timer_.expires_after(*interval);
    co_await alive_timer_.async_wait(no_throw);
  }
}

Result<void> Service::run() {
  if (auto remembered = remember(); !remembered) {
    return remembered;
  }
  asio::co_spawn(io_, start(), failed_by("the start"));
  io_.run();
  watcher_.reset();
  store_.join();
  if (failure_) {
    return fail(*failure_);
  }
  log::info("stopped");
  return {};
}

}  // namespace

Result<void> run_service(const ServiceOptions& options) {
  // Threads that allocate little share their heaps: each of its own would keep what it had.
  ::mallopt(M_ARENA_MAX, 2);
  std::signal(SIGPIPE, SIG_IGN);
  log::for_service();
  auto config = load_sound_config(options.config_path, tell_log);
  if (!config) {
    return fail(std::move(config).error());
  }
  log::set_level(level_named(config->log_level));
  auto open =
      open_for_writing(options.store_path.empty() ? config->store.path : options.store_path);
  if (!open) {
    return fail(std::move(open).error());
  }
  auto readers = open_readers(open->path, kReaders);
  if (!readers) {
    return fail(std::move(readers).error());
  }
  Service service(options.config_path, std::move(*config), std::move(*open), std::move(*readers));
  return service.run();
}

}  // namespace ot::agent
