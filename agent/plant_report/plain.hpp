#pragma once

#include <string>

#include "agent/plant_report/model.hpp"
#include "base/result.hpp"

// The forms of a report that other programs read. All of them list devices by site, area, station
// and name, and modules as they sit in their racks and on their buses.
namespace ot::agent::plant_report {

/// One flat table: a row for every device and for every module, which repeats where its device is.
void write_csv(const PlantReport& report, const Sink& sink);

/// Everything that the report holds:
/// {"report","summary","assets","projectFiles","targets","sent", ...}
void write_json(const PlantReport& report, const Sink& sink);

/// A bill of materials, CycloneDX 1.5. Of equal content it is the same document, however often
/// and whenever it is written: its serial number is made of its text, and its time is that of what
/// it tells.
void write_cyclonedx(const PlantReport& report, const Sink& sink);

/// A folder (made where it is missing) with devices.csv, modules.csv, networks.csv, files.csv,
/// not_read.csv and sent.csv, as spreadsheets like them: UTF-8 with its mark, lines that end in
/// CR LF, times as "2026-11-05 10:20:30" in UTC. Files of these names are replaced; each is there
/// whole or not at all.
Result<void> write_table_set(const PlantReport& report, const std::string& folder);

}  // namespace ot::agent::plant_report
