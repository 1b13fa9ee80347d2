#pragma once

#include <string_view>

#include "base/result.hpp"
#include "tests/plant/scene.hpp"

namespace ot::plant {

/// Reads a scene written in TOML. A mistake names its line, its key and what may be meant.
Result<Scene> read_scene(std::string_view toml);

}  // namespace ot::plant
