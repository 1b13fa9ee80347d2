#include "agent/service/service_metrics.hpp"

#include <version.hpp>

#include <fmt/format.h>

#include "agent/service/metrics.hpp"

namespace ot::agent {
namespace {

double number(std::uint64_t value) {
  return static_cast<double>(value);
}

double seconds_of(Time time) {
  constexpr double kMilli = 1e-3;
  return static_cast<double>(time.time_since_epoch().count()) * kMilli;
}

void add_process(MetricsText& text, Time started) {
  const auto use = process_use();
  text.family("rackscout_build_info", "gauge", "Which rackscout this is.");
  text.sample(1, {{"version", RACKSCOUT_VERSION}, {"commit", RACKSCOUT_COMMIT}});
  text.family("process_start_time_seconds", "gauge", "When the service began, in Unix time.");
  text.sample(seconds_of(started));
  text.family("process_cpu_seconds_total", "counter", "CPU time, user's and system's.");
  text.sample(use.cpu_seconds);
  text.family("process_resident_memory_bytes", "gauge", "Memory in use.");
  text.sample(use.resident_bytes);
  text.family("process_open_fds", "gauge", "Open files and sockets.");
  text.sample(use.open_files);
}

void add_store(MetricsText& text, const store::Counts& counts, std::uint64_t bytes) {
  text.family("rackscout_store_bytes", "gauge", "The store on disk, with its log.");
  text.sample(number(bytes));
  text.family("rackscout_project_files", "gauge", "Live project files.");
  text.sample(static_cast<double>(counts.files));
  text.family("rackscout_assets", "gauge", "Assets in the list.");
  text.sample(static_cast<double>(counts.assets));
  text.family("rackscout_add_ons", "gauge", "Add-ons of those assets.");
  text.sample(static_cast<double>(counts.add_ons));
}

void add_folders(MetricsText& text, const ServiceStatus& service) {
  if (!service.folders.empty()) {
    text.family("rackscout_folder_watched", "gauge",
                "Whether a configured folder can be looked at, and how it is.");
    for (const auto& folder : service.folders) {
      const bool sound =
          folder.mode == watch::RootMode::notify || folder.mode == watch::RootMode::poll;
      text.sample(sound ? 1 : 0, {{"path", folder.path}, {"mode", to_string(folder.mode)}});
    }
    text.family("rackscout_folder_pending_files", "gauge", "Files that changed and wait.");
    for (const auto& folder : service.folders) {
      text.sample(number(folder.dirty), {{"path", folder.path}});
    }
  }
  const auto& totals = service.intake.totals;
  text.family("rackscout_files_read_total", "counter", "Project files read since the start.");
  text.sample(number(totals.imported), {{"outcome", "imported"}});
  text.sample(number(totals.failed), {{"outcome", "failed"}});
  text.family("rackscout_files_gone_total", "counter", "Project files found gone since the start.");
  text.sample(number(totals.gone));
}

void add_probes(MetricsText& text, const ServiceStatus& service) {
  text.family("rackscout_probe_requests_total", "counter", "Requests sent to controllers.");
  text.sample(number(service.asker.requests));
  if (!service.asker.turns.empty()) {
    text.family("rackscout_probe_problem", "gauge",
                "Whether the last turn of a group came to nothing or was stopped.");
    for (const auto& turn : service.asker.turns) {
      text.sample(service.asker.problems.contains(turn.group) ? 1 : 0, {{"group", turn.group}});
    }
  }
}

void add_http(MetricsText& text, const http::Counters& http) {
  text.family("rackscout_http_answers_total", "counter", "Answers by the class of their status.");
  for (std::size_t digit = 1; digit < http.answers.size(); ++digit) {
    const auto status = fmt::format("{}xx", digit);
    text.sample(number(http.answers[digit]), {{"status", status}});
  }
  text.family("rackscout_http_connections", "gauge", "Open connections.");
  text.sample(number(http.open));
  text.family("rackscout_http_turned_away_total", "counter", "Connections for which no room was.");
  text.sample(number(http.turned_away));
  text.family("rackscout_http_timed_out_total", "counter", "Connections that took too long.");
  text.sample(number(http.timed_out));
  text.family("rackscout_http_wrong_tokens_total", "counter", "Requests with a wrong token.");
  text.sample(number(http.wrong_tokens));
  text.family("rackscout_http_sent_bytes_total", "counter", "Bytes sent.");
  text.sample(number(http.bytes_out));
}

void add_sinks(MetricsText& text, const std::vector<Sender::Status>& sinks) {
  if (sinks.empty()) {
    return;
  }
  text.family("rackscout_sink_told_total", "counter", "Records told to a sink since the start.");
  for (const auto& sink : sinks) {
    text.sample(number(sink.told), {{"sink", sink.sink}});
  }
  text.family("rackscout_sink_problem", "gauge", "Whether a sink can't be told anything now.");
  for (const auto& sink : sinks) {
    text.sample(sink.problem.empty() ? 0 : 1, {{"sink", sink.sink}});
  }
}

void add_hub(MetricsText& text, const Hub::Counters& hub) {
  text.family("rackscout_hub_requests_total", "counter", "Requests with records of others.");
  text.sample(number(hub.requests));
  text.family("rackscout_hub_records_total", "counter",
              "Records of others, by what became of them.");
  text.sample(number(hub.applied), {{"status", "applied"}});
  text.sample(number(hub.duplicates), {{"status", "duplicate"}});
  text.sample(number(hub.rejected), {{"status", "rejected"}});
}

}  // namespace

std::string metrics_text(const ServiceStatus& service, const http::Counters& http,
                         const store::Counts& counts, std::uint64_t store_bytes) {
  MetricsText text;
  add_process(text, service.started);
  add_store(text, counts, store_bytes);
  add_folders(text, service);
  add_probes(text, service);
  add_http(text, http);
  add_sinks(text, service.sinks);
  if (service.accepts) {
    add_hub(text, service.hub);
  }
  return text.take();
}

}  // namespace ot::agent
