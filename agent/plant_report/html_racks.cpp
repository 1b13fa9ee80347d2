#include <set>

#include "agent/plant_report/html_sections.hpp"
#include "agent/plant_report/rack_drawing.hpp"
#include "agent/process.hpp"

namespace ot::agent::plant_report {
namespace {

/// Up to so many modules are listed openly; more on demand.
constexpr std::size_t kShort = 8;

void append(std::string& text, const std::string& part) {
  if (!part.empty()) {
    text += (text.empty() ? "" : " \u00b7 ") + part;
  }
}

/// The files and the protocols that speak for a station.
std::string sources_text(const Station& station) {
  constexpr std::size_t kMost = 6;
  std::set<std::string> files;
  std::set<std::string> asked;
  for (const auto* asset : station.assets) {
    const auto& path = asset->shown.path;
    if (!path.empty()) {
      files.insert(path.substr(path.rfind('/') + 1));
    }
    for (const auto& sighting : asset->sightings) {
      asked.insert(fmt::format("{} at {}", sighting.protocol, sighting.target));
    }
  }
  std::string text;
  if (files.size() + asked.size() > kMost) {
    return text;
  }
  for (const auto& file : files) {
    append(text, "project file " + html_part(file));
  }
  for (const auto& one : asked) {
    append(text, "asked by " + html_part(one));
  }
  return text;
}

void put_module_row(HtmlTable& table, const std::string& where, const Module& module) {
  const auto differences = fmt::format("{}", fmt::join(module.differences, "; "));
  table.row({where, module.name, module.model, module.order_id, module.firmware, module.serial,
             module.io_addresses, to_string(module.from), differences});
}

void put_module_rows(HtmlTable& table, const std::string& front,
                     const std::vector<Module>& modules) {
  for (const auto& module : modules) {
    put_module_row(table, front + module.where, module);
    for (const auto& part : module.parts) {
      put_module_row(table, front + part.where, part);
    }
  }
}

void put_table(Page& page, const Station& station) {
  HtmlTable table(page, "Modules of this station",
                  {{"Place"},
                   {"Module"},
                   {"Model"},
                   {"Order number", Look::code},
                   {"Firmware", Look::code},
                   {"Serial number", Look::code},
                   {"I/O addresses"},
                   {"Source"},
                   {"Differences"}});
  const bool alone = station.racks.size() == 1 && station.buses.empty();
  for (const auto& rack : station.racks) {
    put_module_rows(table, alone ? std::string() : rack.title + ", ", rack.modules);
  }
  for (const auto& bus : station.buses) {
    for (const auto& member : bus.members) {
      const auto front = bus.title + ", ";
      if (member.has_head) {
        put_module_row(table, front + member.where, member.head);
      }
      put_module_rows(table, front + member.where + ", ", member.modules);
    }
  }
}

void put_station(Page& page, const Station& station) {
  page.put("<section class=\"st cv\"><h3>{}</h3>", html_part(station.name));
  std::string line;
  const auto area = area_text(station.site, station.area);
  append(line, area.empty() ? area : html_part(area));
  append(line, sources_text(station));
  page.put("<p>{}</p>\n", line);
  for (const auto& rack : station.racks) {
    put_rack(page, rack);
  }
  for (const auto& bus : station.buses) {
    put_bus(page, bus);
  }
  const auto modules = station.modules();
  if (modules == 0) {
    page.put("<p>No module of it is known.</p></section>\n");
    return;
  }
  page.put("<details{}><summary>{}</summary>", modules <= kShort ? " open" : "",
           counted(modules, "place as a table", "places as a table"));
  put_table(page, station);
  page.put("</details></section>\n");
}

/// Nothing is known to be in it.
bool is_lone(const Station& station) {
  return station.racks.size() == 1 && station.buses.empty() && station.modules() == 1 &&
         station.racks.front().kind == RackRow::Kind::units;
}

/// Those of one area side by side, as if in one rack.
std::vector<Station> gather_lone(const std::vector<Station>& stations) {
  std::vector<Station> gathered;
  for (const auto& station : stations) {
    if (!is_lone(station)) {
      continue;
    }
    if (gathered.empty() || gathered.back().site != station.site ||
        gathered.back().area != station.area) {
      Station& area = gathered.emplace_back();
      area.name = "Devices without known modules";
      area.site = station.site;
      area.area = station.area;
      area.racks.resize(1);
      area.racks.front().kind = RackRow::Kind::units;
    }
    Station& area = gathered.back();
    area.assets.push_back(station.assets.front());
    area.racks.front().modules.push_back(station.racks.front().modules.front());
  }
  return gathered;
}

}  // namespace

void put_racks(Page& page, const std::vector<Station>& stations) {
  page.put("<section class=\"s racks\" id=racks><h2>Racks</h2>\n");
  if (stations.empty()) {
    page.put("<p>Nothing was found.</p></section>\n");
    return;
  }
  put_faces(page);
  put_legend(page);
  for (const auto& station : stations) {
    if (!is_lone(station)) {
      put_station(page, station);
    }
  }
  for (const auto& station : gather_lone(stations)) {
    put_station(page, station);
  }
  page.put("</section>\n");
}

}  // namespace ot::agent::plant_report
