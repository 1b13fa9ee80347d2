#pragma once

#include "tests/plant/scene.hpp"

namespace ot::plant {

/// Every text of these devices becomes an attack on who shows or stores it.
void make_hostile(Host& host);
void make_hostile(SerialLine& line);

}  // namespace ot::plant
