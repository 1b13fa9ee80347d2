#include <algorithm>
#include <array>
#include <iterator>

#include "agent/bundle/leg_json.hpp"
#include "agent/plant_report/json_object.hpp"
#include "agent/plant_report/plain.hpp"
#include "agent/plant_report/plain_facts.hpp"

namespace ot::agent::plant_report {
namespace {

void put(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) {
    object[key] = text;
  }
}

void put(Json& object, const char* key, const std::vector<std::string>& texts) {
  if (!texts.empty()) {
    object[key] = texts;
  }
}

void put(Json& object, const char* key, Time time) {
  if (time != Time{}) {
    object[key] = iso8601(time);
  }
}

/// Where it comes from, and whose word it is.
Json head_json(const PlantReport& report) {
  Json out = {{"source", report.has_ledger() ? "bundle" : "store"}};
  put(out, "origin", report.origin);
  put(out, "site", report.site);
  put(out, "operator", report.operator_name);
  put(out, "note", report.note);
  put(out, "walk", report.walk);
  put(out, "sensorName", report.sensor);
  put(out, "version", report.version);
  if (!report.trust.empty()) {
    out["trust"] = {{"trusted", report.trusted}, {"text", report.trust}};
  }
  put(out, "began", report.began);
  put(out, "ended", report.ended);
  put(out, "made", report.made);
  Json legs = Json::array();
  std::transform(report.legs.begin(), report.legs.end(), std::back_inserter(legs),
                 bundle::leg_json);
  if (!legs.empty()) {
    out["legs"] = std::move(legs);
  }
  put(out, "projects", report.projects);
  return out;
}

Json file_counts(const PlantReport& report) {
  Json out = {{"all", report.files.size()}};
  for (const auto status :
       {FileStatus::imported, FileStatus::failed, FileStatus::importing, FileStatus::deleted}) {
    const auto count = std::count_if(report.files.begin(), report.files.end(),
                                     [status](const auto& file) { return file.status == status; });
    if (count > 0) {
      out[std::string(to_string(status))] = count;
    }
  }
  return out;
}

Json target_counts(const PlantReport& report) {
  Json outcomes = Json::object();
  for (const auto& target : report.targets) {
    if (!target.outcome.empty()) {
      auto& count = outcomes[target.outcome];
      count = count.is_null() ? 1 : count.get<std::int64_t>() + 1;
    }
  }
  const auto answered = std::count_if(report.targets.begin(), report.targets.end(),
                                      [](const auto& target) { return target.answered; });
  Json out = {{"all", report.targets.size()}, {"answered", answered}};
  if (!outcomes.empty()) {
    out["outcomes"] = std::move(outcomes);
  }
  return out;
}

struct Counted {
  const char* name;
  std::uint64_t SentCount::*count;
};
constexpr std::array<Counted, 9> kCounted = {{
    {"tries", &SentCount::tries},
    {"connections", &SentCount::connections},
    {"refused", &SentCount::refused},
    {"requests", &SentCount::requests},
    {"answers", &SentCount::answers},
    {"silences", &SentCount::silences},
    {"strays", &SentCount::strays},
    {"bytesSent", &SentCount::bytes_sent},
    {"bytesReceived", &SentCount::bytes_received},
}};

Json sent_sums(const PlantReport& report) {
  Json out = Json::object();
  for (const auto& [name, count] : kCounted) {
    std::uint64_t sum = 0;
    for (const auto& sent : report.sent) {
      sum += sent.*count;
    }
    out[name] = sum;
  }
  return out;
}

Json summary_json(const PlantReport& report) {
  std::size_t modules = 0;
  Json by_origin = {{"configured", 0}, {"observed", 0}, {"both", 0}};
  for (const auto& asset : report.assets) {
    modules += asset.shown.add_ons.size();
    auto& count = by_origin[std::string(origin_of(asset))];
    count = count.get<std::int64_t>() + 1;
  }
  Json out = {{"assets", report.assets.size()},
              {"assetsByOrigin", std::move(by_origin)},
              {"addOns", modules},
              {"projectFiles", file_counts(report)},
              {"notRead", not_read(report).size()}};
  if (report.has_ledger()) {
    out["targets"] = target_counts(report);
    out["sent"] = sent_sums(report);
  }
  return out;
}

Json target_json(const bundle::WalkTarget& target) {
  Json out = Json::object();
  put(out, "area", target.area);
  put(out, "target", target.target);
  out["named"] = target.named;
  out["answered"] = target.answered;
  put(out, "outcome", target.outcome);
  put(out, "reason", target.reason);
  Json troubles = Json::array();
  for (const auto& trouble : target.troubles) {
    Json entry = Json::object();
    put(entry, "kind", trouble.kind);
    put(entry, "protocol", trouble.protocol);
    put(entry, "text", trouble.text);
    troubles.push_back(std::move(entry));
  }
  if (!troubles.empty()) {
    out["troubles"] = std::move(troubles);
  }
  return out;
}

Json sent_json(const SentCount& sent) {
  Json out = Json::object();
  put(out, "area", sent.area);
  put(out, "target", sent.target);
  put(out, "protocol", sent.protocol);
  for (const auto& [name, count] : kCounted) {
    out[name] = sent.*count;
  }
  Json functions = Json::array();
  for (const auto& [name, requests] : sent.functions) {
    Json entry = Json::object();
    put(entry, "name", name);
    entry["requests"] = requests;
    functions.push_back(std::move(entry));
  }
  if (!functions.empty()) {
    out["functions"] = std::move(functions);
  }
  return out;
}

Json state_json(const store::TargetState& state) {
  Json out = Json::object();
  put(out, "group", state.group);
  put(out, "target", state.target);
  put(out, "outcome", state.outcome);
  put(out, "reason", state.reason);
  put(out, "lastTry", state.last_try);
  put(out, "lastAnswer", state.last_answer.value_or(Time{}));
  return out;
}

Json run_json(const store::GroupRun& run) {
  Json out = Json::object();
  put(out, "group", run.group);
  put(out, "began", run.began);
  put(out, "ended", run.ended);
  out["targets"] = run.targets;
  out["answered"] = run.answered;
  out["requests"] = run.requests;
  out["stopped"] = run.stopped;
  put(out, "next", run.next);
  return out;
}

/// One without anything in it is left out, unless `always`.
template <class Records, class Shown>
void write_list(JsonObject& object, const char* key, const Records& records, const Shown& shown,
                bool always) {
  if (records.empty() && !always) {
    return;
  }
  object.begin_list(key);
  for (const auto& record : records) {
    object.element(shown(record));
  }
  object.end_list();
}

}  // namespace

void write_json(const PlantReport& report, const Sink& sink) {
  const auto asset = [&report](const store::StoredAsset* stored) {
    const auto& sensor = stored->sensor.empty() ? report.sensor : stored->sensor;
    return sensor.empty() ? asset_json(*stored, Shape::extended)
                          : asset_json(*stored, Shape::extended, sensor);
  };
  const auto file = [](const auto& stored) { return file_json(stored, Shape::extended); };
  const auto text = [](const std::string& line) { return Json(line); };
  JsonObject object(sink);
  object.member("report", head_json(report));
  object.member("summary", summary_json(report));
  write_list(object, "assets", devices_in_order(report), asset, true);
  write_list(object, "projectFiles", report.files, file, true);
  write_list(object, "targets", report.targets, target_json, report.has_ledger());
  write_list(object, "sent", report.sent, sent_json, report.has_ledger());
  write_list(object, "scheduledTargets", report.states, state_json, false);
  write_list(object, "scheduledRuns", report.runs, run_json, false);
  write_list(object, "rejected", report.rejected, text, false);
  object.finish();
}

}  // namespace ot::agent::plant_report
