#include "agent/uplink/json_fields.hpp"

#include <limits>

#include <fmt/format.h>

namespace ot::agent {
namespace {

constexpr std::size_t kDeepest = 32;
constexpr std::size_t kMostParts = 100'000;

/// Goes over a text without keeping anything of it, until it is found to be too large. A callback
/// of parse() could tell as much, but looks through each list once for each object in it.
class Bounds final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool is_too_deep() const { return is_too_deep_; }
  bool has_too_many() const { return parts_ > kMostParts; }

  bool null() override { return value(); }
  bool boolean(bool) override { return value(); }
  bool number_integer(number_integer_t) override { return value(); }
  bool number_unsigned(number_unsigned_t) override { return value(); }
  bool number_float(number_float_t, const string_t&) override { return value(); }
  bool string(string_t&) override { return value(); }
  bool binary(binary_t&) override { return value(); }
  bool key(string_t&) override { return value(); }
  bool start_object(std::size_t) override { return begin(); }
  bool start_array(std::size_t) override { return begin(); }
  bool end_object() override { return end(); }
  bool end_array() override { return end(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override {
    return false;
  }

 private:
  bool value() {
    is_too_deep_ = depth_ > kDeepest;
    return !is_too_deep_;
  }
  bool begin() {
    ++parts_;
    const bool fits = value() && !has_too_many();
    ++depth_;
    return fits;
  }
  bool end() {
    --depth_;
    return true;
  }

  std::size_t depth_ = 0;
  std::size_t parts_ = 0;
  bool is_too_deep_ = false;
};

}  // namespace

Result<nlohmann::json> parse_bounded(std::string_view text) {
  Bounds bounds;
  nlohmann::json::sax_parse(text, &bounds);
  if (bounds.is_too_deep()) {
    return fail(Errc::too_large, fmt::format("it is nested over {} deep", kDeepest));
  }
  if (bounds.has_too_many()) {
    return fail(Errc::too_large, fmt::format("it has over {} objects and lists", kMostParts));
  }
  return nlohmann::json::parse(text, nullptr, false);
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
