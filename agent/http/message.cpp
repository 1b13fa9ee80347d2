#include "agent/http/message.hpp"

#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace ot::agent::http {
namespace {

void add_header(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(": ");
  std::replace_copy_if(
      value.begin(), value.end(), std::back_inserter(text),
      [](char letter) { return static_cast<unsigned char>(letter) < ' ' || letter == '\x7f'; },
      ' ');
  text += "\r\n";
}

/// Those of the platform's own answers.
void add_fixed_headers(std::string& text) {
  add_header(text, "Cache-Control", "no-cache,no-store,max-age=0,must-revalidate");
  add_header(text, "Pragma", "no-cache");
  add_header(text, "Referrer-Policy", "no-referrer");
  add_header(text, "Vary", "Accept-Encoding");
  add_header(text, "X-Content-Type-Options", "nosniff");
}

void add_connection(std::string& text, const Delivery& delivery) {
  if (!delivery.keeps_alive) {
    add_header(text, "Connection", "close");
  } else if (delivery.http_1_0) {
    add_header(text, "Connection", "keep-alive");
  }
}

void add_body_headers(std::string& text, const Response& response, bool gzipped) {
  if (response.status == Status::no_content) {
    return;
  }
  add_header(text, "Content-Type", response.content_type);
  add_header(text, "Content-Length", fmt::to_string(response.body.size()));
  if (gzipped) {
    add_header(text, "Content-Encoding", "gzip");
  }
}

}  // namespace

std::string http_date(Time time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto broken_down = fmt::gmtime(std::chrono::system_clock::to_time_t(seconds));
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", broken_down);
}

std::string message_text(const Response& response, const Delivery& delivery) {
  const bool has_body = !delivery.head_only && response.status != Status::no_content;
  auto text = fmt::format("HTTP/1.1 {} {}\r\n", static_cast<unsigned>(response.status),
                          reason_of(response.status));
  constexpr std::size_t kHeadSize = 1024;
  text.reserve(kHeadSize + (has_body ? response.body.size() : 0));
  add_header(text, "Date", http_date(delivery.now));
  add_connection(text, delivery);
  add_body_headers(text, response, delivery.gzipped);
  for (const auto& [name, value] : response.headers) {
    add_header(text, name, value);
  }
  if (response.retry_after) {
    add_header(text, "Retry-After", fmt::to_string(response.retry_after->count()));
  }
  add_fixed_headers(text);
  text += "\r\n";
  return has_body ? text += response.body : text;
}

}  // namespace ot::agent::http
