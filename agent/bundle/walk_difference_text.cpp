#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "agent/bundle/walk_difference.hpp"
#include "agent/process.hpp"
#include "base/text.hpp"

namespace ot::agent::bundle {
namespace {

using Kind = WalkChange::Kind;

struct KindName {
  std::string_view for_programs;
  std::string_view for_people;
};
/// In the order of the enumeration.
constexpr std::array<KindName, 10> kNames = {{
    {"deviceNew", "new"},
    {"deviceGone", "gone"},
    {"moduleAdded", "added"},
    {"moduleRemoved", "removed"},
    {"moduleSwapped", "swapped"},
    {"firmware", "firmware"},
    {"fact", ""},
    {"fileAdded", "added"},
    {"fileRemoved", "removed"},
    {"fileChanged", "changed"},
}};
constexpr std::size_t kMostNamed = 20;

const KindName& name_of(Kind kind) {
  return kNames.at(static_cast<std::size_t>(kind));
}

std::string value_text(const std::string& value) {
  return value.empty() ? "nothing" : value;
}

/// "123 -> 456", or what there is.
std::string values_text(const WalkChange& change) {
  switch (change.kind) {
    case Kind::device_new:
    case Kind::module_added:
    case Kind::file_added: return change.after;
    case Kind::device_gone:
    case Kind::module_removed:
    case Kind::file_removed: return change.before;
    default: break;
  }
  return fmt::format("{} -> {}", value_text(change.before), value_text(change.after));
}

std::string heading(const WalkChange& change) {
  return change.area.empty() ? change.device : change.area + ", " + change.device;
}

void put(Json& out, const char* name, const std::string& value) {
  if (!value.empty()) {
    out[name] = value;
  }
}

std::string target_text(const WalkTarget& target) {
  const auto text = target.area.empty() ? target.target : target.area + ", " + target.target;
  return escape_for_terminal(text);
}

std::string targets_text(const std::vector<WalkTarget>& targets) {
  std::string text;
  for (std::size_t i = 0; i < std::min(targets.size(), kMostNamed); ++i) {
    text += "  " + target_text(targets[i]);
    text +=
        targets[i].outcome.empty() ? "\n" : ": " + escape_for_terminal(targets[i].outcome) + "\n";
  }
  return targets.size() > kMostNamed
             ? text + fmt::format("  and {} more\n", targets.size() - kMostNamed)
             : text;
}

std::string coverage_text(const Coverage& coverage) {
  std::string text;
  if (coverage.is_whole()) {
    text += fmt::format("The later walk asked all of the {} that the earlier one asked.\n",
                        counted(coverage.targets, "target", "targets"));
  }
  if (!coverage.not_asked.empty()) {
    text += fmt::format("Of the {} of the earlier walk, {} not asked by the later one; then:\n",
                        counted(coverage.targets, "target", "targets"),
                        counted(coverage.not_asked.size(), "was", "were"));
    text += targets_text(coverage.not_asked);
  }
  for (const auto& folder : coverage.projects) {
    text += fmt::format("Project files in {} were not read.\n", escape_for_terminal(folder));
  }
  if (!coverage.silent.empty()) {
    text += fmt::format("{} answered then and not now:\n",
                        counted(coverage.silent.size(), "target", "targets"));
    text += targets_text(coverage.silent);
  }
  return text;
}

Json targets_json(const std::vector<WalkTarget>& targets) {
  Json out = Json::array();
  for (const auto& target : targets) {
    Json entry = Json::object();
    put(entry, "area", target.area);
    put(entry, "target", target.target);
    put(entry, "outcome", target.outcome);
    put(entry, "reason", target.reason);
    out.push_back(std::move(entry));
  }
  return out;
}

Json change_json(const WalkChange& change) {
  Json out = {{"kind", to_string(change.kind)}};
  put(out, "area", change.area);
  put(out, change.kind >= Kind::file_added ? "path" : "device", change.device);
  put(out, "address", change.address);
  put(out, "place", change.place);
  put(out, "what", change.what);
  put(out, "before", change.before);
  put(out, "after", change.after);
  put(out, "note", change.note);
  return out;
}

}  // namespace

std::string_view to_string(WalkChange::Kind kind) {
  return name_of(kind).for_programs;
}

std::string words(const WalkChange& change) {
  std::string text;
  for (const auto part : {std::string_view(change.place), name_of(change.kind).for_people}) {
    text += part.empty() ? "" : fmt::format("{}: ", part);
  }
  if (!change.what.empty()) {
    text += fmt::format("{}{} ", change.what, change.kind == Kind::fact ? ":" : "");
  }
  text += values_text(change);
  return change.note.empty() ? text : fmt::format("{} ({})", text, change.note);
}

std::string difference_text(const std::vector<WalkChange>& changes, const Coverage& coverage) {
  std::string text;
  std::string last;
  for (const auto& change : changes) {
    if (const auto name = heading(change); name != last) {
      text += escape_for_terminal(name) + "\n";
      last = name;
    }
    text += "  " + escape_for_terminal(words(change)) + "\n";
  }
  text += changes.empty() ? "" : "\n";
  return text + coverage_text(coverage);
}

Json difference_json(const std::vector<WalkChange>& changes, const Coverage& coverage) {
  Json list = Json::array();
  std::transform(changes.begin(), changes.end(), std::back_inserter(list), change_json);
  Json covered = {{"whole", coverage.is_whole()},
                  {"targets", coverage.targets},
                  {"notAsked", targets_json(coverage.not_asked)},
                  {"silent", targets_json(coverage.silent)},
                  {"projectsNotRead", coverage.projects}};
  return {{"changes", std::move(list)}, {"coverage", std::move(covered)}};
}

}  // namespace ot::agent::bundle
