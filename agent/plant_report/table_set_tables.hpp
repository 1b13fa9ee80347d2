#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/plant_report/model.hpp"

namespace ot::agent::plant_report {

/// A table of the set: its cells as they are, not yet made safe for spreadsheets.
struct SheetTable {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};

/// A file of the set, and what is in it.
struct Sheet {
  std::string_view file;  ///< "devices.csv"
  SheetTable (*table)(const PlantReport& report);
};

const std::vector<Sheet>& sheets();

}  // namespace ot::agent::plant_report
