#include "agent/http/response.hpp"

#include "agent/json_text.hpp"

namespace ot::agent::http {

std::string_view reason_of(Status status) {
  switch (status) {
    case Status::ok: return "OK";
    case Status::no_content: return "No Content";
    case Status::bad_request: return "Bad Request";
    case Status::unauthorized: return "Unauthorized";
    case Status::forbidden: return "Forbidden";
    case Status::not_found: return "Not Found";
    case Status::method_not_allowed: return "Method Not Allowed";
    case Status::conflict: return "Conflict";
    case Status::content_too_large: return "Content Too Large";
    case Status::unsupported_media_type: return "Unsupported Media Type";
    case Status::expectation_failed: return "Expectation Failed";
    case Status::misdirected_request: return "Misdirected Request";
    case Status::too_many_requests: return "Too Many Requests";
    case Status::head_too_large: return "Request Header Fields Too Large";
    case Status::internal_error: return "Internal Server Error";
    case Status::unavailable: return "Service Unavailable";
    case Status::insufficient_storage: return "Insufficient Storage";
  }
  return "";
}

Response refusal(Status status, std::string_view code, std::string_view message,
                 std::optional<std::size_t> position) {
  Json body = {{"responseCode", code}, {"responseMessage", message}};
  if (position) {
    body["position"] = *position;
  }
  Response response;
  response.status = status;
  response.body = json_text(body, -1);
  return response;
}

}  // namespace ot::agent::http
