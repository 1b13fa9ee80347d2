#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ot::agent::http {

/// RFC 9110, 15; the ones that we give.
enum class Status : unsigned {
  ok = 200,
  no_content = 204,
  bad_request = 400,
  unauthorized = 401,
  forbidden = 403,
  not_found = 404,
  method_not_allowed = 405,
  conflict = 409,
  content_too_large = 413,
  unsupported_media_type = 415,
  expectation_failed = 417,
  misdirected_request = 421,
  too_many_requests = 429,
  head_too_large = 431,
  internal_error = 500,
  unavailable = 503,
  insufficient_storage = 507,
};
std::string_view reason_of(Status status);

struct Response {
  Response() = default;

  Status status = Status::ok;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  ///< further ones, as `count`
  std::optional<std::chrono::seconds> retry_after;
};

/// {"responseCode":"INVALID_FILTER","responseMessage":"...","position":0}
Response refusal(Status status, std::string_view code, std::string_view message,
                 std::optional<std::size_t> position = std::nullopt);

}  // namespace ot::agent::http
