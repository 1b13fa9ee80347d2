#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/records.hpp"

namespace ot::store {

// These are stored as numbers: a new enumerator goes to the end.
static_assert(Category::hmi == Category{11} && Confidence::heuristic == Confidence{3} &&
              Origin::observed == Origin{1});

/// One source's view of an asset as JSON, its add-ons apart.
std::string facts_text(const Asset& asset);

/// The reverse. What is no such text gives an empty record.
Asset facts_from(std::string_view text);

std::string warnings_text(const std::vector<Warning>& warnings);
std::vector<Warning> warnings_from(std::string_view text);

std::string details_text(const std::vector<Detail>& details);
std::vector<Detail> details_from(std::string_view text);

}  // namespace ot::store
