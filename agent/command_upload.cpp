#include <malloc.h>

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "agent/commands.hpp"
#include "agent/config/read.hpp"
#include "agent/output.hpp"
#include "agent/process.hpp"
#include "agent/progress.hpp"
#include "agent/service/failures.hpp"
#include "agent/service/status_socket.hpp"
#include "agent/store_path.hpp"
#include "agent/uplink/uplink.hpp"

namespace ot::agent {
namespace {

constexpr const char* kExamples = R"(Examples:
  rackscout upload                         all that waits, to every configured sink
  rackscout upload --sink hub              to one of them
  rackscout upload --sink platform --dry-run
                                           print the requests, secrets masked; send nothing

A running service does this by itself. What could not be sent stays in the
outbox and goes the next time; what a sink refused is in `rackscout outbox`.)";

constexpr unsigned kTries = 5;
constexpr std::chrono::seconds kLongestWait{60};

struct Options {
  std::string store;
  std::string config;
  std::vector<std::string> sinks;
  bool dry_run = false;
};

/// What an upload needs.
struct Plan {
  std::string store_path;
  std::string sensor_name;
  std::vector<SinkConfig> sinks;
};

Result<std::vector<SinkConfig>> sinks_meant(const Config& config,
                                            const std::vector<std::string>& names) {
  if (config.sinks.empty()) {
    return fail(Error(Errc::wrong_use, "no sink is configured")
                    .hint("add a [[sink]] to the configuration: see rackscout.toml(5)"));
  }
  if (names.empty()) {
    return config.sinks;
  }
  std::vector<SinkConfig> sinks;
  for (const auto& name : names) {
    const auto found = std::find_if(config.sinks.begin(), config.sinks.end(),
                                    [&name](const auto& sink) { return sink.name == name; });
    if (found == config.sinks.end()) {
      return fail(Errc::wrong_use, fmt::format("--sink: there is no sink \"{}\"", name));
    }
    sinks.push_back(*found);
  }
  return sinks;
}

Result<Plan> plan_of(const Options& options) {
  auto config = load_sound_config(config_path(options.config),
                                  [](const Finding& finding) { say(text_of(finding)); });
  if (!config) {
    return fail(std::move(config).error());
  }
  auto sinks = sinks_meant(*config, options.sinks);
  auto path = store_path(options.store.empty() ? config->store.path : options.store);
  if (!sinks || !path) {
    return fail(sinks ? path.error() : sinks.error());
  }
  return Plan{std::move(*path), sensor_name(*config), std::move(*sinks)};
}

/// Tells a sink everything, or gives up.
class Drain {
 public:
  Drain(std::shared_ptr<Sender> sender, std::uint64_t waiting)
      : sender_(std::move(sender)), progress_("upload " + sender_->config().name) {
    progress_.total(waiting);
  }

  asio::awaitable<void> run() {
    unsigned failures = 0;
    while (!stop_on_signals()) {
      const auto turn = co_await sender_->turn();
      show();
      if (turn.kind == Sender::Turn::Kind::idle) {
        is_done_ = true;
        break;
      }
      if (turn.kind == Sender::Turn::Kind::told) {
        failures = 0;
      } else if (turn.needs_person || ++failures == kTries ||
                 turn.wait.value_or(kLongestWait) > kLongestWait) {
        break;
      } else {
        co_await wait(turn, failures);
      }
    }
    co_await sender_->close();
    progress_.finish();
  }

  bool is_done() const { return is_done_; }

 private:
  void show() {
    for (const auto told = sender_->status().told; shown_ < told; ++shown_) {
      progress_.step(sender_->config().name, 0);
    }
  }

  /// In slices, between which a signal is looked for.
  static asio::awaitable<void> wait(Sender::Turn turn, unsigned failures) {
    constexpr std::chrono::milliseconds kSlice{100};
    const std::chrono::milliseconds wanted =
        turn.wait ? std::chrono::milliseconds(*turn.wait) : Sender::back_off(failures);
    for (auto left = wanted; left > left.zero() && !stop_on_signals(); left -= kSlice) {
      co_await pause(kSlice);
    }
  }

  std::shared_ptr<Sender> sender_;
  Progress progress_;
  std::uint64_t shown_ = 0;
  bool is_done_ = false;
};

/// What is left, in words and as an exit code.
int told_end(store::Store& store, const Sender& sender, bool is_done) {
  const auto status = sender.status();
  store::Outbox outbox(store);
  const auto aside = outbox.set_aside(status.sink);
  const auto count = aside ? aside->size() : 0;
  say(fmt::format("{}: {} told{}{}", status.sink, counted(status.told, "record", "records"),
                  is_done ? ", nothing waits" : ", not all",
                  count == 0 ? "" : fmt::format(", {} set aside (rackscout outbox)", count)));
  if (!is_done && !status.problem.empty()) {
    say(fmt::format("  {}", status.problem));
    if (!status.hint.empty()) {
      say(fmt::format("  {}", status.hint));
    }
  }
  return is_done && count == 0 ? exit_code::kDone : exit_code::kWithFailures;
}

Result<std::uint64_t> waiting_for(store::Store& store, const std::string& name) {
  store::Outbox outbox(store);
  const auto sink = outbox.find(name);
  if (!sink) {
    return fail(sink.error());
  }
  const auto waiting = outbox.waiting(sink->value_or(store::Sink{.name = name}));
  return waiting ? Result<std::uint64_t>(waiting->records) : fail(waiting.error());
}

Result<int> upload_to(const SinkConfig& config, const Plan& plan, OpenStore& open) {
  const auto waiting = waiting_for(open.store, config.name);
  auto readers = open_readers(plan.store_path, 1);
  if (!waiting || !readers) {
    return fail(waiting ? readers.error() : waiting.error());
  }
  asio::io_context io{1};
  Readers<ListReader> pool(std::move(*readers));
  StoreThread store(open.store);
  auto sender = make_sender(io.get_executor(), store, pool, config, plan.sensor_name);
  if (!sender) {
    return fail(std::move(sender).error().during("sink " + config.name));
  }
  Drain drain(*sender, *waiting);
  asio::co_spawn(io, drain.run(), failed_by("upload"));
  io.run();
  store.join();
  return told_end(open.store, **sender, drain.is_done());
}

/// A service of the same store tells its sinks itself; two would take turns with one request.
Result<void> check_no_service(const std::string& store_path) {
  const auto told = ask_service(store_path);
  if (told || told.error().code() != Errc::not_found) {
    return fail(Error(Errc::wrong_use, "a service runs with this store, and uploads by itself")
                    .hint("`rackscout status` shows how far it is"));
  }
  return {};
}

Result<int> upload(const Plan& plan) {
  if (auto alone = check_no_service(plan.store_path); !alone) {
    return fail(std::move(alone).error());
  }
  auto open = open_for_writing(plan.store_path);
  if (!open) {
    return fail(std::move(open).error());
  }
  int worst = exit_code::kDone;
  for (const auto& config : plan.sinks) {
    const auto code = upload_to(config, plan, *open);
    if (!code) {
      say_error(code.error());
      worst = exit_code::kWithFailures;
      continue;
    }
    worst = std::max(worst, *code);
    if (stop_on_signals()) {
      return exit_code::kStopped;
    }
  }
  return worst;
}

Result<store::Sink> sink_as_it_is(store::Store& store, const std::string& name,
                                  const Packing& packing) {
  auto sink = store::Outbox(store).find(name);
  if (!sink) {
    return fail(std::move(sink).error());
  }
  if (*sink && (**sink).settings == packing.settings()) {
    return std::move(**sink);
  }
  return store::Sink{.name = name, .epoch = "(a new one)"};
}

/// Packs what would be packed, one request after the other, and prints them.
Result<void> print_requests(const SinkConfig& config, const Plan& plan, store::Store& store,
                            Output& output) {
  asio::io_context io;
  auto outlet = make_outlet(io.get_executor(), config);
  const auto packing = Packing::of(config, plan.sensor_name, now());
  if (!outlet || !packing) {
    return fail(outlet ? packing.error() : outlet.error());
  }
  store.set_sensor_name(plan.sensor_name);
  auto sink = sink_as_it_is(store, config.name, *packing);
  if (!sink) {
    return fail(std::move(sink).error());
  }
  for (;;) {
    const auto parcel = pack(store, *sink, *packing);
    if (!parcel) {
      return fail(parcel.error());
    }
    if (parcel->flight.upto == sink->told && parcel->records.empty()) {
      return {};
    }
    if (!parcel->records.empty()) {
      output.write(fmt::format("# sink {}\n{}", config.name, (*outlet)->preview(*parcel)));
    }
    sink->told = parcel->flight.upto;
    ++sink->sequence;
    sink->flight.reset();
    sink->name.clear();  // what is to be retried went with the first one
  }
}

Result<int> dry_run(const Plan& plan) {
  auto open = open_for_reading(plan.store_path);
  if (!open) {
    return fail(std::move(open).error());
  }
  Output output;
  for (const auto& config : plan.sinks) {
    if (auto printed = print_requests(config, plan, open->store, output); !printed) {
      return fail(std::move(printed).error().during("sink " + config.name));
    }
  }
  const auto finished = output.finish();
  return finished ? Result<int>(exit_code::kDone) : fail(finished.error());
}

int run(const Options& options) {
  // Threads that allocate little share their heaps, as those of the service do.
  ::mallopt(M_ARENA_MAX, 2);
  const auto plan = plan_of(options);
  const auto code = plan ? (options.dry_run ? dry_run(*plan) : upload(*plan)) : fail(plan.error());
  return code ? *code : ended(fail(code.error()));
}

}  // namespace

void add_upload(CLI::App& app, int& exit_code) {
  auto* command = add_command(app, "upload", "Send what waits in the outbox to the sinks");
  const auto options = std::make_shared<Options>();
  command->add_option("--config", options->config, "The configuration that names the sinks")
      ->type_name("FILE");
  command->add_option("--store", options->store, "The store")->type_name("FILE");
  command->add_option("--sink", options->sinks, "To this one; may be repeated")->type_name("NAME");
  command->add_flag("--dry-run", options->dry_run, "Print the requests and send nothing");
  command->footer(kExamples);
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace ot::agent
