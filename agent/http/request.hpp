#pragma once

#include <map>
#include <string>

namespace ot::agent::http {

/// Of the query part, by name; no name comes twice.
using Parameters = std::map<std::string, std::string, std::less<>>;

/// What a handler is asked for. It is always a GET: the server itself answers the
/// other methods, and cuts the body of a HEAD's answer.
struct Request {
  Request() = default;

  std::string path;  ///< percent-decoded once, UTF-8
  Parameters parameters;
  std::string peer;  ///< the client's address, without its port
};

}  // namespace ot::agent::http
