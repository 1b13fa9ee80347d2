#include "agent/uplink/json_fields.hpp"

#include <limits>

#include <fmt/format.h>

namespace ot::agent {
Result<nlohmann::json> parse_bounded(std::string_view text) {
  using Json = nlohmann::json;
  constexpr int kDeepest = 32;
  constexpr std::size_t kMostParts = 100'000;
  std::size_t parts = 0;
  bool too_deep = false;
  const auto watch = [&](int depth, Json::parse_event_t event, const Json& /*value*/) {
    using Event = Json::parse_event_t;
    parts += event == Event::object_start || event == Event::array_start ? 1 : 0;
    too_deep |= depth > kDeepest;
    return !too_deep && parts <= kMostParts;
  };
  auto value = Json::parse(text, watch, false);
  if (too_deep) {
    return fail(Errc::too_large, fmt::format("it is nested over {} deep", kDeepest));
  }
  if (parts > kMostParts) {
    return fail(Errc::too_large, fmt::format("it has over {} objects and lists", kMostParts));
  }
  return value;
}

void Fields::refuse(const char* name, const char* what) const {
  if (reason_->empty()) {
    *reason_ = fmt::format("{} {}", name, what);
  }
}

const Fields::Json* Fields::find(const char* name) const {
  const auto found = object_.find(name);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

void Fields::text(const char* name, std::string& value) const {
  const Json* found = find(name);
  if (found == nullptr) {
    return;
  }
  if (!found->is_string()) {
    return refuse(name, "is no text");
  }
  const auto& text = found->get_ref<const std::string&>();
  if (text.size() > kLongestText || text.find('\0') != std::string::npos) {
    return refuse(name, "is too long, or holds a NUL");
  }
  value = text;
}

void Fields::time(const char* name, std::optional<Time>& value) const {
  std::string text;
  this->text(name, text);
  if (text.empty()) {
    return;
  }
  value = parse_iso8601(text);
  if (!value) {
    refuse(name, "is no time such as 2026-01-31T06:00:00.000Z");
  }
}

void Fields::time(const char* name, Time& value) const {
  std::optional<Time> found;
  time(name, found);
  value = found.value_or(value);
}

std::optional<std::uint64_t> Fields::unsigned_at(const char* name) const {
  const Json* found = find(name);
  if (found == nullptr) {
    return std::nullopt;
  }
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!found->is_number_unsigned() || found->get<std::uint64_t>() > kMost) {
    refuse(name, "is no whole number from 0 on");
    return std::nullopt;
  }
  return found->get<std::uint64_t>();
}

void Fields::number(const char* name, std::optional<std::uint32_t>& value) const {
  const auto found = unsigned_at(name);
  if (found && *found > std::numeric_limits<std::uint32_t>::max()) {
    return refuse(name, "is too large");
  }
  if (found) {
    value = static_cast<std::uint32_t>(*found);
  }
}

void Fields::flag(const char* name, bool& value) const {
  const Json* found = find(name);
  if (found == nullptr) {
    return;
  }
  found->is_boolean() ? void(value = found->get<bool>())
                      : refuse(name, "is neither true nor false");
}

const Fields::Json* Fields::object(const char* name) const {
  const Json* found = find(name);
  if (found != nullptr && !found->is_object()) {
    refuse(name, "is no object");
    return nullptr;
  }
  return found;
}

}  // namespace ot::agent
