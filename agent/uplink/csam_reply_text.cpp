#include "agent/uplink/csam_reply_text.hpp"

#include <algorithm>

#include "agent/uplink/csam_json.hpp"
#include "agent/uplink/csam_reply.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

using nlohmann::json;

constexpr const char* kKey = "sourceNativeKey";
constexpr std::array<std::string_view, 4> kIdentities = {kKey, "hardwareUuid", "index",
                                                         "identityAttributes"};

bool breaks_line(char c) {
  return c == '\n' || c == '\r' || c == '\t';
}

std::string reasons_of(const json& list) {
  std::string text;
  for (const auto& element : list) {
    append_reason(text, reason_of(element));
    if (text.size() + 2 >= kLongestCsamReason) {
      break;
    }
  }
  return text;
}

}  // namespace

std::string reason_line(std::string_view text) {
  auto line = cut_to(trim(text), kLongestCsamReason);
  std::replace_if(line.begin(), line.end(), breaks_line, ' ');
  return cut_to(escape_for_terminal(line), kLongestCsamReason);
}

void append_reason(std::string& to, std::string_view reason) {
  to += to.empty() || reason.empty() ? "" : "; ";
  to += reason;
  to = cut_to(to, kLongestCsamReason);
}

const json* member_of(const json& object, std::string_view name) {
  const auto at = object.find(std::string(name));
  return at == object.end() ? nullptr : &*at;
}

std::string reason_in(const json& object) {
  for (const auto name : kReasonNames) {
    const auto* reason = member_of(object, name);
    if (auto text = reason == nullptr ? std::string() : reason_of(*reason); !text.empty()) {
      return text;
    }
  }
  return {};
}

std::string reason_of(const json& value) {
  if (const auto* text = value.get_ptr<const json::string_t*>()) {
    return reason_line(*text);
  }
  if (value.is_array()) {
    return reasons_of(value);
  }
  if (value.is_null() || (value.is_object() && value.empty())) {
    return {};
  }
  auto reason = value.is_object() ? reason_in(value) : std::string();
  return reason.empty() ? reason_line(value.dump()) : reason;
}

std::optional<std::string> asset_named_in(const json& error) {
  for (const auto name : kIdentities) {
    const auto* value = member_of(error, name);
    if (value != nullptr && value->is_object()) {
      value = member_of(*value, kKey);
    }
    if (value != nullptr && !value->is_null()) {
      return reason_of(*value);
    }
  }
  return std::nullopt;
}

}  // namespace ot::agent
