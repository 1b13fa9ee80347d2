#include <algorithm>
#include <array>

#include "agent/config/keys.hpp"
#include "agent/config/sections.hpp"
#include "agent/presence.hpp"

namespace ot::agent {
namespace {

using namespace std::chrono_literals;

/// Nobody keeps projects there, and a look at all of it never ends.
bool is_no_place_for_projects(const std::string& path) {
  constexpr std::array<std::string_view, 3> kOfTheKernel = {"/proc", "/sys", "/dev"};
  const auto holds = [&path](std::string_view folder) { return is_at_or_below(path, folder); };
  return path == "/" || std::any_of(kOfTheKernel.begin(), kOfTheKernel.end(), holds);
}

}  // namespace

void read_top(TableReader& reader, Config& config) {
  config.site = reader.text("site");
  config.area = reader.text("area");
  config.plant_location = reader.text("plant_location");
  config.sensor_name = reader.text("sensor_name");
  config.log_level = kLevelWords[reader.word("log_level", kLevelWords, 1)];
  config.settle = reader.duration("settle", config.settle, {.least = 0ms, .most = 10min});
}

void read_folder(TableReader& reader, Config& config) {
  WatchedFolder folder;
  folder.path = reader.path("path");
  reader.require("path");
  if (is_no_place_for_projects(folder.path)) {
    reader.mistake("path", "this folder belongs to the system",
                   "name the folder with the projects");
  }
  folder.mode = static_cast<WatchedFolder::Mode>(reader.word("mode", kModeWords, 0));
  folder.site = reader.text("site", config.site);
  folder.area = reader.text("area", config.area);
  folder.plant_location = reader.text("plant_location", config.plant_location);
  folder.rescan = std::chrono::duration_cast<std::chrono::seconds>(
      reader.duration("rescan", 0s, {.least = 1min, .most = 30 * 24h}, true));
  config.folders.push_back(std::move(folder));
}

}  // namespace ot::agent
