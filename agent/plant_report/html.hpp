#pragma once

#include "agent/plant_report/model.hpp"

namespace ot::agent::plant_report {

/// The report as one HTML file that needs nothing else: no script, no picture, no font from
/// elsewhere. Text of the plant stays text, whatever is in it.
void write_html(const PlantReport& report, const Sink& sink);

}  // namespace ot::agent::plant_report
