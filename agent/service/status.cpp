#include "agent/service/status.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <version.hpp>

namespace ot::agent {
namespace {

void put(Json& out, const char* key, const std::string& value) {
  if (!value.empty()) {
    out[key] = value;
  }
}
void put(Json& out, const char* key, const std::optional<Time>& value) {
  if (value) {
    out[key] = iso8601(*value);
  }
}

Json store_json(const StoreStatus& store) {
  return {{"path", store.path},
          {"bytes", store.bytes},
          {"files", store.counts.files},
          {"assets", store.counts.assets},
          {"addOns", store.counts.add_ons}};
}

Json folder_json(const watch::RootStatus& folder) {
  Json out = {{"path", folder.path},
              {"mode", to_string(folder.mode)},
              {"foldersWatched", folder.folders},
              {"filesWaiting", folder.dirty}};
  if (folder.restless > 0) {
    out["filesRestless"] = folder.restless;
  }
  put(out, "lastRescan", folder.last_rescan);
  put(out, "problem", folder.problem ? folder.problem->text() : "");
  return out;
}

Json intake_json(const Intake::Status& intake) {
  Json out = Json::object();
  put(out, "wall", intake.wall);
  put(out, "noWall", intake.no_wall);
  put(out, "busyWith", intake.busy_with);
  out["waiting"] = intake.waiting;
  out["imported"] = intake.totals.imported;
  out["failed"] = intake.totals.failed;
  out["gone"] = intake.totals.gone;
  put(out, "lastChange", intake.last_change);
  return out;
}

Json target_json(const store::TargetState& target) {
  Json out = {{"target", target.target},
              {"outcome", target.outcome},
              {"lastTry", iso8601(target.last_try)}};
  put(out, "lastSuccess", target.last_answer);
  put(out, "reason", target.reason);
  return out;
}

void put_run(Json& out, const std::string& group, const StoreStatus& store) {
  for (const auto& run : store.runs) {
    if (run.group == group) {
      out["lastRun"] = {{"began", iso8601(run.began)}, {"ended", iso8601(run.ended)},
                        {"targets", run.targets},      {"answered", run.answered},
                        {"requests", run.requests},    {"stopped", run.stopped}};
    }
  }
  Json targets = Json::array();
  for (const auto& target : store.targets) {
    if (target.group == group) {
      targets.push_back(target_json(target));
    }
  }
  if (!targets.empty()) {
    out["targets"] = std::move(targets);
  }
}

Json group_json(const Schedule::Turn& turn, const Asker::Status& asker, const StoreStatus& store,
                Time now) {
  Json out = {{"name", turn.group}};
  const auto until = turn.due - std::chrono::steady_clock::now();
  const auto wait = std::max(std::chrono::duration_cast<std::chrono::milliseconds>(until),
                             std::chrono::milliseconds{0});
  out["nextTry"] = iso8601(now + wait);
  if (turn.waits_for_window) {
    out["waitsForWindow"] = true;
  }
  if (asker.asking == turn.group) {
    out["asking"] = true;
  }
  if (const auto found = asker.problems.find(turn.group); found != asker.problems.end()) {
    out["problem"] = found->second;
  }
  put_run(out, turn.group, store);
  return out;
}

Json sink_json(const SinkStatus& sink) {
  Json out = {{"name", sink.sink.name}, {"waiting", sink.waiting.records}};
  put(out, "oldest", sink.waiting.oldest);
  out["setAside"] = sink.set_aside;
  put(out, "lastSuccess", sink.sink.last_answer);
  return out;
}

/// What the store knows, and what the service does about it.
Json sinks_json(const StoreStatus& store, const std::vector<Sender::Status>& senders) {
  Json out = Json::array();
  for (const auto& sender : senders) {
    Json entry = {{"name", sender.sink}};
    for (const auto& sink : store.sinks) {
      if (sink.sink.name == sender.sink) {
        entry = sink_json(sink);
      }
    }
    entry["state"] = sender.state;
    entry["told"] = sender.told;
    put(entry, "problem", sender.problem);
    put(entry, "hint", sender.hint);
    put(entry, "nextTry", sender.next_try);
    out.push_back(std::move(entry));
  }
  return out;
}

/// A clock that is so far off is no small matter: which record is the newest goes by it.
constexpr std::chrono::minutes kMostSkew{5};

Json sensors_json(const StoreStatus& store) {
  Json out = Json::array();
  for (const auto& sensor : store.sensors) {
    Json entry = {{"sensorId", sensor.name},
                  {"lastContact", iso8601(sensor.last_contact)},
                  {"assets", sensor.assets},
                  {"files", sensor.files}};
    if (sensor.gaps > 0) {
      entry["missing"] = sensor.gaps;
    }
    if (std::chrono::abs(sensor.skew) > kMostSkew) {
      entry["clockAheadSeconds"] = sensor.skew.count() / 1000;
    }
    out.push_back(std::move(entry));
  }
  return out;
}

Result<std::vector<SinkStatus>> sink_states(store::Store& store) {
  store::Outbox outbox(store);
  auto sinks = outbox.sinks();
  if (!sinks) {
    return fail(std::move(sinks).error());
  }
  std::vector<SinkStatus> out;
  for (auto& sink : *sinks) {
    const auto waiting = outbox.waiting(sink);
    const auto aside = outbox.set_aside(sink.name);
    if (!waiting || !aside) {
      return fail(waiting ? aside.error() : waiting.error());
    }
    out.push_back({std::move(sink), *waiting, aside->size()});
  }
  return out;
}

}  // namespace

Result<StoreStatus> store_status(store::Store& store, const std::string& path) {
  StoreStatus out{.path = path};
  auto bytes = store.size();
  auto counts = store.counts();
  auto runs = store.group_runs();
  auto targets = store.targets();
  if (!bytes || !counts) {
    return fail(bytes ? counts.error() : bytes.error());
  }
  if (!runs || !targets) {
    return fail(runs ? targets.error() : runs.error());
  }
  out.bytes = *bytes;
  out.counts = *counts;
  out.runs = std::move(*runs);
  out.targets = std::move(*targets);
  auto sinks = sink_states(store);
  auto sensors = store::Inbox(store).sensors();
  if (!sinks || !sensors) {
    return fail(sinks ? sensors.error() : sinks.error());
  }
  out.sinks = std::move(*sinks);
  out.sensors = std::move(*sensors);
  return out;
}

Json status_json(const ServiceStatus& service, const StoreStatus& store, Time now) {
  Json out = {{"running", true},
              {"version", RACKSCOUT_VERSION},
              {"pid", ::getpid()},
              {"started", iso8601(service.started)},
              {"sensorName", service.sensor_name},
              {"config", service.config_path}};
  put(out, "api", service.api);
  out["store"] = store_json(store);
  out["projectFiles"] = intake_json(service.intake);
  Json folders = Json::array();
  for (const auto& folder : service.folders) {
    folders.push_back(folder_json(folder));
  }
  out["folders"] = std::move(folders);
  Json groups = Json::array();
  for (const auto& turn : service.asker.turns) {
    groups.push_back(group_json(turn, service.asker, store, now));
  }
  out["probes"] = std::move(groups);
  if (!service.sinks.empty()) {
    out["sinks"] = sinks_json(store, service.sinks);
  }
  if (service.accepts || !store.sensors.empty()) {
    out["sensors"] = sensors_json(store);
  }
  Json errors = service.intake.failures;
  for (const auto& error : service.errors) {
    errors.push_back(error);
  }
  out["errors"] = std::move(errors);
  return out;
}

Json idle_status_json(const StoreStatus& store) {
  Json out = {{"running", false}};
  out["store"] = store_json(store);
  Json groups = Json::array();
  for (const auto& run : store.runs) {
    Json group = {{"name", run.group}};
    put_run(group, run.group, store);
    groups.push_back(std::move(group));
  }
  out["probes"] = std::move(groups);
  Json sinks = Json::array();
  std::transform(store.sinks.begin(), store.sinks.end(), std::back_inserter(sinks), sink_json);
  if (!sinks.empty()) {
    out["sinks"] = std::move(sinks);
  }
  if (!store.sensors.empty()) {
    out["sensors"] = sensors_json(store);
  }
  return out;
}

}  // namespace ot::agent
