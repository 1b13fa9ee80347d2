#include "agent/probe_plan.hpp"

#include <fmt/format.h>

#include "agent/process.hpp"

namespace ot::agent {
namespace {

using protocols::PlannedRequest;
using protocols::Probe;

/// What one protocol would do, and to how many targets.
struct Part {
  const Probe* probe = nullptr;
  bool serial = false;
  std::uint64_t targets = 0;
  std::vector<PlannedRequest> requests;

  std::uint64_t each() const {
    std::uint64_t sum = 0;
    for (const auto& request : requests) {
      sum += request.at_most;
    }
    return sum;
  }
};

struct Plan {
  std::vector<Part> parts;
  std::vector<Ipv4> addresses;
  std::vector<std::string> devices;
  std::uint64_t excluded = 0;

  std::uint64_t requests() const {
    std::uint64_t sum = 0;
    for (const auto& part : parts) {
      sum += part.targets * part.each();
    }
    return sum;
  }
};

void add_parts(const ProbeJob& job, bool serial, std::uint64_t targets, Plan& plan) {
  auto options = job.options;
  options.serial = serial;
  for (const Probe* probe : job.protocols) {
    if (targets > 0 && (!serial || probe->speaks_serial)) {
      plan.parts.push_back({probe, serial, targets, probe->plan(options)});
    }
  }
}

Plan plan_of(const ProbeJob& job) {
  Plan plan;
  Targets targets = job.targets;
  std::uint64_t endpoints = 0;
  for (TargetHost host; targets.next(host);) {
    if (job.exclusions.holds(host.address, host.device)) {
      ++plan.excluded;
    } else if (host.is_serial()) {
      plan.devices.push_back(host.device);
    } else {
      plan.addresses.push_back(host.address);
      endpoints += host.ports.size();
    }
  }
  add_parts(job, false, endpoints, plan);
  add_parts(job, true, plan.devices.size(), plan);
  return plan;
}

std::string part_text(const Part& part) {
  auto text = part.serial ? fmt::format("{}, serial lines: {}\n", part.probe->title, part.targets)
                          : fmt::format("{}, targets: {}, port {} unless named\n",
                                        part.probe->title, part.targets, part.probe->port);
  for (const auto& request : part.requests) {
    text += fmt::format("  {:<7}{:>6}  {}\n", request.carrier, request.at_most, request.what);
  }
  return text;
}

}  // namespace

std::string plan_text(const ProbeJob& job) {
  constexpr std::size_t kRangesShown = 20;
  const Plan plan = plan_of(job);
  std::string text = "Nothing was sent. At most, for each target:\n";
  for (const auto& part : plan.parts) {
    text += part_text(part);
  }
  text += fmt::format("to: {}\n", ranges_text(plan.addresses, kRangesShown));
  if (!plan.devices.empty()) {
    text += fmt::format("lines: {}\n", fmt::join(plan.devices, ", "));
  }
  text += fmt::format("excluded: {}\n", plan.excluded);
  text += fmt::format(
      "in all: {} requests at most, twice that if none is answered; {} ms between frames to one "
      "target, {} targets at once\n",
      plan.requests(), job.rules.gap.count(), job.rules.conversations);
  return text;
}

Json plan_json(const ProbeJob& job) {
  const Plan plan = plan_of(job);
  Json parts = Json::array();
  for (const auto& part : plan.parts) {
    Json requests = Json::array();
    for (const auto& request : part.requests) {
      requests.push_back(
          {{"carrier", request.carrier}, {"what", request.what}, {"atMost", request.at_most}});
    }
    parts.push_back({{"protocol", part.probe->name},
                     {"targets", part.targets},
                     {"requests", std::move(requests)}});
  }
  Json addresses = Json::array();
  for (const auto address : plan.addresses) {
    addresses.push_back(address.text());
  }
  return {{"protocols", std::move(parts)},
          {"addresses", std::move(addresses)},
          {"lines", plan.devices},
          {"excluded", plan.excluded},
          {"requestsAtMost", plan.requests()},
          {"retriesAtMost", plan.requests()},
          {"gapMilliseconds", job.rules.gap.count()},
          {"targetsAtOnce", job.rules.conversations}};
}

}  // namespace ot::agent
