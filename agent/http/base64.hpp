#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ot::agent::http {

/// RFC 4648, 4: with '+', '/' and padding.
std::string base64(std::string_view bytes);

/// The reverse, strictly: whole groups of four, so that each run of bytes has one text.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace ot::agent::http
