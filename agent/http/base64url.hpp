#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ot::agent::http {

/// RFC 4648, 5, without padding, as RFC 7515 has it.
std::string base64url(std::string_view bytes);

/// The reverse, strictly: no padding, no blanks, and the bits that are left over are
/// zero, so that each run of bytes has one text.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace ot::agent::http
