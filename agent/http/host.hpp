#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ot::agent::http {

/// The host of "gateway.plant:8640" or "[::1]:8640", in lower case, without brackets
/// and port.
Result<std::string> parse_host(std::string_view authority);

/// Whether a page of somebody else's can't have this host: an IP address, "localhost",
/// or one of our names. A browser sends the name that it resolved, so a foreign name
/// that was pointed at 127.0.0.1 (DNS rebinding) is none of these.
bool is_own_host(std::string_view host, const std::vector<std::string>& names);

}  // namespace ot::agent::http
