#include "agent/uplink/csam_reply.hpp"

#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "agent/uplink/csam_errors.hpp"
#include "agent/uplink/csam_json.hpp"
#include "agent/uplink/csam_reply_text.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

// Its objects are searched by halves, those of ordered_json one by one: too slow for an
// object of a hundred thousand members.
using nlohmann::json;

constexpr int kDeepest = 16;

/// Without a value: no object, or one too large or too deep to be an answer.
std::optional<json> parsed(std::string_view body) {
  if (body.size() > kLongestCsamReply) {
    return std::nullopt;
  }
  bool too_deep = false;
  const auto watch = [&too_deep](int depth, json::parse_event_t /*event*/, const json& /*value*/) {
    too_deep = too_deep || depth > kDeepest;
    return !too_deep;
  };
  auto value = json::parse(body, watch, false);
  return !too_deep && value.is_object() ? std::optional(std::move(value)) : std::nullopt;
}

std::string message_in(const json& answer) {
  const auto* message = member_of(answer, "responseMessage");
  return message != nullptr ? reason_of(*message) : reason_in(answer);
}

/// "FAILED", "ERROR_IN_REQUEST"
bool tells_failure(const json& answer) {
  const auto* code = member_of(answer, "responseCode");
  const auto text = code != nullptr ? to_lower_ascii(reason_of(*code)) : std::string();
  return text.find("fail") != std::string::npos || text.find("error") != std::string::npos;
}

bool has_form(const json& answer) {
  return answer.contains("assetsError") || answer.contains("responseCode") ||
         !message_in(answer).empty();
}

CsamReply without_form(CsamReply reply, std::string_view body) {
  const bool too_large = body.size() > kLongestCsamReply;
  reply.message = too_large ? "the answer is larger than 1 MiB" : reason_line(body);
  return reply;
}

/// The message of the answer, cut so that all notes come behind it.
std::string message_with(const std::string& message, const std::string& notes) {
  constexpr std::size_t kBetween = 2;  // bytes
  const auto room = kLongestCsamReason - notes.size();
  auto text = room > kBetween ? cut_to(message, room - kBetween) : std::string();
  append_reason(text, notes);
  return text;
}

}  // namespace

CsamReply read_csam_reply(unsigned status, std::string_view body,
                          std::span<const std::string> keys) {
  CsamReply reply;
  reply.whole_failed = status < 200 || status > 299;
  const auto answer = parsed(body);
  if (!answer || !has_form(*answer)) {
    return without_form(std::move(reply), body);
  }
  CsamErrors errors(keys);
  if (const auto* told = member_of(*answer, "assetsError")) {
    errors.read(*told);
  }
  reply.failed = errors.take_failed();
  reply.message = message_with(message_in(*answer), errors.notes());
  reply.whole_failed =
      reply.whole_failed || errors.about_all() || (reply.failed.empty() && tells_failure(*answer));
  reply.understood = errors.has_form();
  return reply;
}

}  // namespace ot::agent
