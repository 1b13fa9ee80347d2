#include <algorithm>
#include <array>

#include "agent/list_view.hpp"
#include "agent/plant_report/html_sections.hpp"

namespace ot::agent::plant_report {

std::vector<bundle::WalkTarget> outcomes_of(const PlantReport& report) {
  if (!report.targets.empty() || report.states.empty()) {
    return report.targets;
  }
  std::vector<bundle::WalkTarget> targets;
  targets.reserve(report.states.size());
  for (const auto& state : report.states) {
    bundle::WalkTarget target;
    target.area = state.group;
    target.target = state.target;
    target.answered = state.answered();
    target.outcome = state.outcome;
    target.reason = state.reason;
    targets.push_back(std::move(target));
  }
  return targets;
}

int rank_of(std::string_view outcome) {
  constexpr std::array<std::string_view, 9> kOrder = {"answered",   "incomplete", "safety",
                                                      "distressed", "failed",     "silent",
                                                      "refused",    "excluded",   "not asked"};
  return static_cast<int>(std::find(kOrder.begin(), kOrder.end(), outcome) - kOrder.begin());
}

std::string area_text(std::string_view site, std::string_view area) {
  return std::string(site) + (site.empty() || area.empty() ? "" : " / ") + std::string(area);
}

std::string time_text(Time time) {
  return time == Time{} ? std::string() : minute_text(time);
}

}  // namespace ot::agent::plant_report
