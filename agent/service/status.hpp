#pragma once

#include <string>
#include <vector>

#include "agent/records_json.hpp"
#include "agent/service/asker.hpp"
#include "agent/service/hub.hpp"
#include "agent/service/intake.hpp"
#include "agent/uplink/sender.hpp"
#include "agent/watch/changes.hpp"
#include "base/result.hpp"
#include "store/inbox.hpp"
#include "store/outbox.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// How far a sink was told.
struct SinkStatus {
  store::Sink sink;
  store::Waiting waiting;
  std::size_t set_aside = 0;
};

/// What the store knows of past runs, for a service that may be running or not.
struct StoreStatus {
  std::string path;
  std::uint64_t bytes = 0;
  store::Counts counts;
  std::vector<store::GroupRun> runs;
  std::vector<store::TargetState> targets;
  std::vector<SinkStatus> sinks;
  std::vector<store::Sensor> sensors;  ///< who sends here
};
Result<StoreStatus> store_status(store::Store& store, const std::string& path);

/// What a running service knows of itself.
struct ServiceStatus {
  std::string sensor_name;
  std::string config_path;
  Time started{};
  std::string api;  ///< "http://127.0.0.1:8640"; empty: there is none
  std::vector<watch::RootStatus> folders;
  Intake::Status intake;
  Asker::Status asker;
  std::vector<Sender::Status> sinks;
  bool accepts = false;  ///< records of others
  Hub::Counters hub;
  std::vector<std::string> errors;  ///< of the service as a whole, newest last
};

Json status_json(const ServiceStatus& service, const StoreStatus& store, Time now);

/// The same where no service runs.
Json idle_status_json(const StoreStatus& store);

/// The JSON of either as text for people.
std::string status_text(const Json& status);

}  // namespace ot::agent
