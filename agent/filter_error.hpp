#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ot::agent {

/// A filter, or what surrounds the character of it, and under it a line with a
/// caret below that character.
struct Pointed {
  std::string text;
  std::string caret;
};
Pointed point_at(std::string_view written, std::uint64_t character);

/// Tells on stderr what is wrong with a filter, and where.
void say_filter_error(const Error& error, std::string_view filter);

}  // namespace ot::agent
