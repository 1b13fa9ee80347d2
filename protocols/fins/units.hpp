#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/records.hpp"

namespace ot::protocols::fins {

/// What OMRON sells under a model. A model that is not known has neither a product
/// name nor a category: a unit address alone tells neither.
Hardware hardware_of(std::string_view model);

/// Whether the model is a controller that guards people.
bool is_safety_controller(std::string_view model);

}  // namespace ot::protocols::fins
