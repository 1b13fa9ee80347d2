#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/http/request.hpp"
#include "base/result.hpp"

namespace ot::agent::http {

/// Whether '+' is a blank: in a query it is, as browsers and curl send it.
enum class Plus : std::uint8_t { itself, blank };

/// What a client sent, as an answer or the log may quote it: escaped, and not all of it.
std::string shown(std::string_view text);

/// The text without its %XX. A broken escape, a NUL, and what is no UTF-8 afterwards
/// is malformed.
Result<std::string> decode_percent(std::string_view text, Plus plus);

/// "a=1&b=2" by name. A name that comes twice is malformed: which of them would count?
Result<Parameters> parse_query(std::string_view query);

/// What stands behind the method: RFC 9112, 3.2.
struct Target {
  std::string path;
  Parameters parameters;
  std::string authority;  ///< of "http://authority/path"; mostly empty
};

/// "/path?query" or the same behind "http://authority". An encoded slash is malformed:
/// a proxy in front would take the path for another one.
Result<Target> parse_target(std::string_view text);

}  // namespace ot::agent::http
