#pragma once

#include <string_view>

namespace ot::agent::http {

/// Whether the client wants gzip: its Accept-Encoding names it, or `*`, with a weight
/// that is neither 0 nor below that of `identity`. RFC 9110, 12.5.3.
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace ot::agent::http
