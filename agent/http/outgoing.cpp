#include "agent/http/outgoing.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <version.hpp>

#include "agent/http/target.hpp"
#include "base/text.hpp"

namespace ot::agent::http {
namespace {

/// Ours to say, as they tell where a request begins and ends and who it is for.
constexpr std::array<std::string_view, 7> kOurs{
    "Host",       "User-Agent", "Accept-Encoding", "Content-Length", "Transfer-Encoding",
    "Connection", "Expect"};

/// RFC 9110, 5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view kLetters =
      "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  return !text.empty() && text.find_first_not_of(kLetters) == text.npos;
}

bool is_blank_or_control(char letter) {
  return static_cast<unsigned char>(letter) <= ' ' || letter == 0x7F;
}

bool breaks_field(char letter) {
  return (static_cast<unsigned char>(letter) < ' ' && letter != '\t') || letter == 0x7F;
}

bool is_ours(std::string_view name) {
  return std::any_of(kOurs.begin(), kOurs.end(),
                     [name](std::string_view one) { return equals_ignoring_case(one, name); });
}

Result<void> check_start(const OutgoingRequest& request) {
  const auto& target = request.target;
  const bool is_sound =
      target.substr(0, 1) == "/" && std::none_of(target.begin(), target.end(), is_blank_or_control);
  if (!is_token(request.method) || !is_sound) {
    return fail(Error(Errc::wrong_use, "the request has no method and path that can be sent")
                    .hint("GET and /path, where blanks and the like are written as %XX"));
  }
  return {};
}

/// The value may be a secret, or what was read from a file in its place.
Result<void> check_field(const std::string& name, const std::string& value) {
  if (!is_token(name) || is_ours(name)) {
    return fail(Errc::wrong_use, fmt::format("\"{}\" is no header to be set", shown(name)));
  }
  if (std::any_of(value.begin(), value.end(), breaks_field)) {
    return fail(
        Error(Errc::wrong_use, fmt::format("the value for header {} has a line break or another "
                                           "control character in it",
                                           shown(name)))
            .hint("if it comes from a file: one line, nothing else"));
  }
  return {};
}

bool tells_length(const OutgoingRequest& request) {
  const auto& method = request.method;
  return !request.body.empty() || method == "POST" || method == "PUT" || method == "PATCH";
}

}  // namespace

std::string user_agent() {
  return "rackscout/" RACKSCOUT_VERSION;
}

Result<std::string> request_text(OutgoingRequest request, const Url& url) {
  if (auto sound = check_start(request); !sound) {
    return fail(std::move(sound).error());
  }
  auto head =
      fmt::format("{} {}{} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\nAccept-Encoding: identity\r\n",
                  request.method, url.path, request.target, url.host_field(), user_agent());
  for (const auto& [name, value] : request.headers) {
    if (auto sound = check_field(name, value); !sound) {
      return fail(std::move(sound).error());
    }
    head += fmt::format("{}: {}\r\n", name, value);
  }
  if (tells_length(request)) {
    head += fmt::format("Content-Length: {}\r\n", request.body.size());
  }
  head += "\r\n";
  auto text = std::move(request.body);
  text.insert(0, head);
  return text;
}

}  // namespace ot::agent::http
