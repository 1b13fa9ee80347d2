#include "agent/survey/walk_plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "agent/probe_plan.hpp"
#include "agent/process.hpp"
#include "agent/survey/legs.hpp"

namespace ot::agent::survey {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A controller with ten modules takes about so many requests over all protocols.
constexpr std::uint64_t kOrdinaryRequests = 20;

std::uint64_t in_turns(std::uint64_t targets, std::uint32_t at_once) {
  return (targets + at_once - 1) / std::max<std::uint32_t>(at_once, 1);
}

/// Every protocol's port is tried once, FINS over UDP as well.
seconds time_if_silent(const ProbeJob& job, std::uint64_t targets) {
  auto tries = job.protocols.size();
  tries += std::any_of(job.protocols.begin(), job.protocols.end(),
                       [](const auto* probe) { return probe->name == "fins"; })
               ? 1
               : 0;
  const auto each = job.rules.first_connect * static_cast<std::int64_t>(tries);
  const auto turns = static_cast<std::int64_t>(in_turns(targets, job.rules.first_connects));
  return std::chrono::ceil<seconds>(each * turns);
}

seconds time_if_answering(const ProbeJob& job, std::uint64_t targets) {
  const auto each = job.rules.gap * static_cast<std::int64_t>(kOrdinaryRequests);
  const auto turns = static_cast<std::int64_t>(in_turns(targets, job.rules.conversations));
  return std::chrono::ceil<seconds>(each * turns);
}

std::string duration_text(seconds time) {
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 3600;
  const auto count = time.count();
  if (count < 2 * kMinute) {
    return fmt::format("{} s", count);
  }
  return count < 2 * kHour ? fmt::format("{} min", (count + kMinute - 1) / kMinute)
                           : fmt::format("{} h", (count + kHour - 1) / kHour);
}

std::string name_of(const LegPlan& leg) {
  return leg.area.empty() ? "(no area)" : leg.area;
}

std::string leg_text(const LegPlan& leg) {
  if (leg.done) {
    return fmt::format("  {}: {}, walked already\n", name_of(leg),
                       counted(leg.targets, "target", "targets"));
  }
  auto text = fmt::format("  {}: {}, {} requests at most, {} if nobody answers, about {} if all do",
                          name_of(leg), counted(leg.targets, "target", "targets"), leg.requests,
                          duration_text(leg.if_silent),
                          duration_text(std::max(leg.if_silent, leg.if_answering)));
  if (leg.excluded > 0) {
    text += fmt::format("; {} excluded", leg.excluded);
  }
  return text + "\n";
}

}  // namespace

Result<std::vector<LegPlan>> plan_of(const Walk& walk) {
  std::vector<LegPlan> plan;
  for (const auto& leg : walk.manifest.legs) {
    const auto job = job_of(leg, walk.manifest.site);
    if (!job) {
      return fail(job.error());
    }
    const auto details = agent::plan_json(*job);
    LegPlan item;
    item.area = leg.area;
    item.targets = details["addresses"].size() + details["lines"].size();
    item.excluded = details["excluded"].get<std::uint64_t>();
    item.requests = details["requestsAtMost"].get<std::uint64_t>();
    item.done = leg.is_walked();
    item.if_silent = time_if_silent(*job, item.targets);
    item.if_answering = time_if_answering(*job, item.targets);
    plan.push_back(std::move(item));
  }
  return plan;
}

std::string plan_text(const Walk& walk, const std::vector<LegPlan>& plan) {
  auto text = walk.manifest.site.empty() ? std::string("The survey:\n")
                                         : fmt::format("The survey of {}:\n", walk.manifest.site);
  for (const auto& leg : plan) {
    text += leg_text(leg);
  }
  for (const auto& folder : walk.projects) {
    text += fmt::format("  project files below {}{}\n", folder.path,
                        walk.include_files ? ", which are taken along" : "");
  }
  text +=
      "Only identification reads are sent, no name is looked up, nothing else leaves this "
      "machine.\n";
  return text;
}

Json plan_json(const Walk& walk, const std::vector<LegPlan>& plan) {
  Json legs = Json::array();
  for (const auto& leg : plan) {
    Json item;
    if (!leg.area.empty()) {
      item["area"] = leg.area;
    }
    item["targets"] = leg.targets;
    item["excluded"] = leg.excluded;
    item["requestsAtMost"] = leg.requests;
    item["secondsIfSilent"] = leg.if_silent.count();
    item["secondsIfAnswering"] = leg.if_answering.count();
    item["done"] = leg.done;
    legs.push_back(std::move(item));
  }
  Json projects = Json::array();
  for (const auto& folder : walk.projects) {
    projects.push_back(folder.path);
  }
  Json out = {{"areas", std::move(legs)}, {"projects", std::move(projects)}};
  if (!walk.manifest.site.empty()) {
    out["site"] = walk.manifest.site;
  }
  return out;
}

}  // namespace ot::agent::survey
