#include <fmt/format.h>

#include "agent/service/status.hpp"
#include "agent/tree.hpp"

namespace ot::agent {
namespace {

std::string text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) {
    return "";
  }
  return found->is_string() ? found->get<std::string>() : found->dump();
}

/// "2024-03-09 11:06:15"
std::string time_at(const Json& object, const char* key) {
  auto text = text_at(object, key).substr(0, 19);
  if (text.size() == 19) {
    text[10] = ' ';
  }
  return text;
}

std::string size_text(std::uint64_t bytes) {
  constexpr double kMebi = 1024.0 * 1024.0;
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / kMebi);
}

std::string head_text(const Json& status) {
  const auto& store = status["store"];
  std::string text;
  if (status["running"] == true) {
    text = fmt::format("rackscout {} runs since {} UTC (pid {}, sensor {})\n",
                       text_at(status, "version"), time_at(status, "started"),
                       text_at(status, "pid"), text_at(status, "sensorName"));
    const auto api = text_at(status, "api");
    text += fmt::format("config  {}\napi     {}\n", text_at(status, "config"),
                        api.empty() ? "none" : api);
    const auto files = status.value("projectFiles", Json::object());
    const auto missing = text_at(files, "noWall");
    text += missing.empty() ? "wall    " + text_at(files, "wall") + "\n"
                            : "wall    none, so that no project file is read: " + missing + "\n";
  } else {
    text = "rackscout does not run with this store\n";
  }
  text += fmt::format("store   {} ({}): {} files, {} assets, {} add-ons\n", text_at(store, "path"),
                      size_text(store["bytes"].get<std::uint64_t>()), text_at(store, "files"),
                      text_at(store, "assets"), text_at(store, "addOns"));
  return text;
}

std::string folders_text(const Json& status) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& folder : status.value("folders", Json::array())) {
    const auto waiting = text_at(folder, "filesWaiting");
    rows.push_back({text_at(folder, "path"), text_at(folder, "mode"),
                    waiting == "0" ? "" : waiting + " waiting",
                    "looked at " + time_at(folder, "lastRescan"), text_at(folder, "problem")});
  }
  return rows.empty() ? "" : "\nfolders\n" + render_rows(rows, "  ");
}

std::string group_text(const Json& group) {
  std::string text = "  " + text_at(group, "name");
  if (group.contains("asking")) {
    text += ": being asked now";
  } else if (group.contains("nextTry")) {
    text += fmt::format(": next at {} UTC{}", time_at(group, "nextTry"),
                        group.contains("waitsForWindow") ? ", waiting for its window" : "");
  }
  text += "\n";
  if (const auto run = group.find("lastRun"); run != group.end()) {
    text += fmt::format("    last run {} UTC: {} of {} targets answered{}\n",
                        time_at(*run, "began"), text_at(*run, "answered"), text_at(*run, "targets"),
                        (*run)["stopped"] == true ? ", stopped" : "");
  }
  const auto problem = text_at(group, "problem");
  text += problem.empty() ? "" : "    " + problem + "\n";
  std::vector<std::vector<std::string>> rows;
  for (const auto& target : group.value("targets", Json::array())) {
    const auto success = time_at(target, "lastSuccess");
    rows.push_back({text_at(target, "target"), text_at(target, "outcome"),
                    success.empty() ? "never answered" : "answered " + success,
                    text_at(target, "reason")});
  }
  return text + render_rows(rows, "    ");
}

std::string sink_text(const Json& sink) {
  const auto waiting = text_at(sink, "waiting");
  const auto aside = text_at(sink, "setAside");
  const auto state = text_at(sink, "state");
  auto text = fmt::format("  {}: {}{}", text_at(sink, "name"), state, state.empty() ? "" : ", ");
  if (waiting.empty()) {
    text += "nothing was told yet";
  } else if (waiting == "0") {
    text += "everything is told";
  } else {
    text += fmt::format("{} records to tell since {} UTC", waiting, time_at(sink, "oldest"));
  }
  text += aside.empty() || aside == "0" ? "" : ", " + aside + " set aside";
  const auto success = time_at(sink, "lastSuccess");
  text += success.empty() ? "\n" : fmt::format(", last answer {} UTC\n", success);
  for (const char* line : {"problem", "hint"}) {
    const auto words = text_at(sink, line);
    text += words.empty() ? "" : "    " + words + "\n";
  }
  const auto next = time_at(sink, "nextTry");
  return next.empty() ? text : text + fmt::format("    next try {} UTC\n", next);
}

std::string clock_text(const std::string& ahead) {
  if (ahead.empty()) {
    return "";
  }
  return ahead.front() == '-' ? fmt::format("its clock is {} s behind", ahead.substr(1))
                              : fmt::format("its clock is {} s ahead", ahead);
}

std::string sensors_text(const Json& status) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& sensor : status.value("sensors", Json::array())) {
    const auto missing = text_at(sensor, "missing");
    rows.push_back({text_at(sensor, "sensorId"), text_at(sensor, "assets") + " assets",
                    text_at(sensor, "files") + " files",
                    "last heard of " + time_at(sensor, "lastContact"),
                    clock_text(text_at(sensor, "clockAheadSeconds")),
                    missing.empty() ? "" : missing + " requests never came"});
  }
  return rows.empty() ? "" : "\nsensors\n" + render_rows(rows, "  ");
}

}  // namespace

std::string status_text(const Json& status) {
  std::string text = head_text(status) + folders_text(status);
  const auto groups = status.value("probes", Json::array());
  text += groups.empty() ? "" : "\nprobes\n";
  for (const auto& group : groups) {
    text += group_text(group);
  }
  const auto sinks = status.value("sinks", Json::array());
  text += sinks.empty() ? "" : "\nsinks\n";
  for (const auto& sink : sinks) {
    text += sink_text(sink);
  }
  text += sensors_text(status);
  const auto errors = status.value("errors", Json::array());
  std::vector<std::vector<std::string>> rows;
  for (const auto& error : errors) {
    rows.push_back({error.is_string() ? error.get<std::string>() : error.dump()});
  }
  text += rows.empty() ? "" : "\nlast errors\n" + render_rows(rows, "  ");
  return text;
}

}  // namespace ot::agent
