#pragma once

#include "agent/plant_report/html_page.hpp"
#include "agent/plant_report/rack_layout.hpp"

namespace ot::agent::plant_report {

// Racks and buses as drawings: each place is a small SVG of its own, so that a wide rack wraps
// where the screen or the paper ends.

/// The faces that all drawings share; once, before the first of them.
void put_faces(Page& page);

/// What shades, shapes and fillings mean.
void put_legend(Page& page);

void put_rack(Page& page, const RackRow& rack);
void put_bus(Page& page, const Bus& bus);

}  // namespace ot::agent::plant_report
