#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "agent/records_json.hpp"

namespace ot::agent {

/// Bytes of a text that are sent; what is longer is cut.
constexpr std::size_t kLongestCsamText = 1024;

/// At most so many bytes of the text; no letter is cut in two.
std::string cut_to(std::string_view text, std::size_t bytes);

/// Sets a member, cut to kLongestCsamText, unless the value is empty: a field
/// without a value is left out.
void put_text(Json& object, const char* key, std::string_view value);

/// The same for an array or an object.
void put_filled(Json& object, const char* key, Json value);

/// The texts that are not empty, between blanks.
std::string joined_words(std::initializer_list<std::string_view> words);

}  // namespace ot::agent
