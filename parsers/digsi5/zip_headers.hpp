#pragma once

#include "parsers/parser.hpp"

namespace ot::parsers::digsi5 {

/// Whether the headers that the two ends of a ZIP archive show name a project
/// member. Headers are followed from one to the next, so that the same bytes
/// inside a member's data prove nothing.
bool shows_project_member(const Sample& sample);

}  // namespace ot::parsers::digsi5
