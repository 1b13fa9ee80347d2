#pragma once

#include <cstdint>
#include <string>

#include "agent/http/response.hpp"
#include "base/time.hpp"

namespace ot::agent::http {

/// What the connection adds to an answer.
struct Delivery {
  bool keeps_alive = false;
  bool http_1_0 = false;
  bool gzipped = false;  ///< the body is compressed already
  bool head_only = false;
  Time now{};
};

/// Status line, headers, body. What would end a header early is taken out of its value.
std::string message_text(const Response& response, const Delivery& delivery);

/// "Sun, 06 Nov 1994 08:49:37 GMT": RFC 9110, 5.6.7.
std::string http_date(Time time);

}  // namespace ot::agent::http
