#include "agent/bundle/replay_text.hpp"

#include <map>
#include <set>

#include <fmt/format.h>

#include "agent/json_text.hpp"
#include "agent/process.hpp"
#include "base/text.hpp"

namespace ot::agent::bundle {
namespace {

constexpr std::size_t kShown = 5;  ///< exchanges of a kind; --format json has them all
constexpr std::size_t kLongestValue = 120;

void write_line(const TextSink& sink, const std::string& line) {
  sink(escape_for_terminal(line) + "\n");
}

/// "unit address 17: firmwareVersion: "" -> "V1.2""
std::string change_text(const FieldChange& change) {
  const auto value = [](const std::string& text) { return fit_to_width(text, kLongestValue); };
  return fmt::format("{}{}{}: \"{}\" -> \"{}\"", change.place, change.place.empty() ? "" : ": ",
                     change.field, value(change.before), value(change.after));
}

void write_targets(const ReplayReport& report, const TextSink& sink) {
  for (const auto& target : report.changed) {
    for (const auto& change : target.changes) {
      write_line(sink, fmt::format("{}: {}", target.name(), change_text(change)));
    }
  }
  for (const auto& target : report.gained) {
    write_line(sink, fmt::format("{}: is read now: {}", target.name(), target.device));
  }
  for (const auto& target : report.lost) {
    write_line(sink, fmt::format("{}: is not read any more: {}", target.name(), target.device));
  }
}

std::string fields_text(const Json& fields) {
  std::string text;
  for (const auto& [name, value] : fields.items()) {
    const auto shown = value.is_string() ? value.get<std::string>() : json_text(value, -1);
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, shown);
  }
  return fit_to_width(text, 2 * kLongestValue);
}

std::string unused_text(const UnusedExchange& exchange) {
  const auto fields =
      exchange.reading.fields.is_object() ? fields_text(exchange.reading.fields) : std::string();
  return fmt::format("  {}  {}{}{}: {}{}{}", iso8601(exchange.at), exchange.area,
                     exchange.area.empty() ? "" : ", ", exchange.target, exchange.reading.outcome,
                     fields.empty() ? "" : "; ", fields);
}

using Group = std::vector<const UnusedExchange*>;

/// "10.0.0.5:9600", "10.0.0.5:9600 and 2 others"
std::string partners_of(const Group& group) {
  std::set<std::string> targets;
  for (const auto* exchange : group) {
    targets.insert(exchange->target);
  }
  const auto others = targets.size() - 1;
  return others == 0
             ? *targets.begin()
             : fmt::format("{} and {}", *targets.begin(), counted(others, "other", "others"));
}

void write_group(const std::string& kind, const Group& group, const TextSink& sink) {
  write_line(sink, fmt::format("not asked by any probe today: {}, {} with {}", kind,
                               counted(group.size(), "exchange", "exchanges"), partners_of(group)));
  for (std::size_t i = 0; i < std::min(group.size(), kShown); ++i) {
    write_line(sink, unused_text(*group[i]));
  }
  if (group.size() > kShown) {
    write_line(sink, fmt::format("  and {} more", group.size() - kShown));
  }
}

Json target_json(const ReplayedTarget& target) {
  Json out = Json::object();
  if (!target.area.empty()) {
    out["area"] = target.area;
  }
  out["target"] = target.target;
  out["protocol"] = target.protocol;
  out["device"] = target.device;
  for (const auto& change : target.changes) {
    Json one = {{"field", change.field}, {"before", change.before}, {"after", change.after}};
    if (!change.place.empty()) {
      one["place"] = change.place;
    }
    out["changes"].push_back(std::move(one));
  }
  return out;
}

Json unused_json(const UnusedExchange& exchange) {
  Json out = {{"time", iso8601(exchange.at)}};
  if (!exchange.area.empty()) {
    out["area"] = exchange.area;
  }
  out["target"] = exchange.target;
  out["protocol"] = protocols::link::to_string(exchange.wire);
  out["kind"] = exchange.reading.kind;
  out["outcome"] = exchange.reading.outcome;
  if (!exchange.reading.fields.is_null()) {
    out["fields"] = exchange.reading.fields;
  }
  return out;
}

template <class Item>
Json list_json(const std::vector<Item>& items, Json (*each)(const Item&)) {
  Json list = Json::array();
  for (const auto& item : items) {
    list.push_back(each(item));
  }
  return list;
}

}  // namespace

void write_replay_text(const ReplayReport& report, const TextSink& sink) {
  write_targets(report, sink);
  std::map<std::string, Group> groups;
  for (const auto& exchange : report.unused) {
    groups[exchange.reading.kind].push_back(&exchange);
  }
  for (const auto& [kind, group] : groups) {
    write_group(kind, group, sink);
  }
  write_line(sink, fmt::format("{}, {} used by today's probes",
                               counted(report.exchanges, "exchange", "exchanges"), report.used));
  write_line(sink, fmt::format("{} read as before, {} otherwise, {} now, {} not any more",
                               counted(report.same, "device is", "devices are"),
                               report.changed.size(), report.gained.size(), report.lost.size()));
}

Json replay_json(const ReplayReport& report) {
  Json out;
  out["counts"] = {{"exchanges", report.exchanges},
                   {"used", report.used},
                   {"same", report.same},
                   {"changed", report.changed.size()},
                   {"gained", report.gained.size()},
                   {"lost", report.lost.size()}};
  out["changed"] = list_json(report.changed, target_json);
  out["gained"] = list_json(report.gained, target_json);
  out["lost"] = list_json(report.lost, target_json);
  out["unused"] = list_json(report.unused, unused_json);
  return out;
}

}  // namespace ot::agent::bundle
