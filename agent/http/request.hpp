#pragma once

#include <map>
#include <string>

namespace ot::agent::http {

/// Of the query part, by name; no name comes twice.
using Parameters = std::map<std::string, std::string, std::less<>>;

/// What a handler is asked for: a GET, or a POST where the site takes one. The server itself
/// answers the other methods, and cuts the body of a HEAD's answer.
struct Request {
  Request() = default;

  bool is_post = false;
  std::string path;  ///< percent-decoded once, UTF-8
  Parameters parameters;
  std::string peer;      ///< the client's address, without its port
  std::string sensor;    ///< of a POST: whose credential came with it
  std::string body;      ///< of a POST, as it came
  bool gzipped = false;  ///< the body is
};

}  // namespace ot::agent::http
