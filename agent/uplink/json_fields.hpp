#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/result.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"

namespace ot::agent {

/// Reads the members of one object. The first that can't be is kept as the reason.
class Fields {
 public:
  using Json = nlohmann::json;

  Fields(const Json& object, std::string& reason) : object_(object), reason_(&reason) {}

  // A member that is missing leaves the value as it is.
  void text(const char* name, std::string& value) const;
  void time(const char* name, Time& value) const;
  void time(const char* name, std::optional<Time>& value) const;
  void number(const char* name, std::optional<std::uint32_t>& value) const;
  template <class Number>
  void integer(const char* name, Number& value) const;
  void flag(const char* name, bool& value) const;
  /// A word that `from` knows.
  template <class Value, class From>
  void word(const char* name, Value& value, From from) const;

  /// An object, or nothing.
  const Json* object(const char* name) const;
  /// The elements of a list, each an object.
  template <class Each>
  void list(const char* name, const Each& each) const;

  void refuse(const char* name, const char* what) const;
  bool is_sound() const { return reason_->empty(); }

 private:
  const Json* find(const char* name) const;
  std::optional<std::uint64_t> unsigned_at(const char* name) const;

  const Json& object_;
  std::string* reason_;
};

constexpr std::size_t kMostElements = 10'000;
constexpr std::size_t kLongestText = 4096;

/// JSON as others send it: at most 32 levels deep, and 100,000 objects and lists in all. Errors:
/// too_large; what is no JSON is a discarded value.
Result<nlohmann::json> parse_bounded(std::string_view text);

template <class Number>
void Fields::integer(const char* name, Number& value) const {
  if (const auto found = unsigned_at(name)) {
    value = static_cast<Number>(*found);
  }
}

template <class Value, class From>
void Fields::word(const char* name, Value& value, From from) const {
  std::string text;
  this->text(name, text);
  if (text.empty()) {
    return;
  }
  const auto found = from(text);
  found ? void(value = *found) : refuse(name, "is a word that is not known");
}

template <class Each>
void Fields::list(const char* name, const Each& each) const {
  const Json* found = find(name);
  if (found == nullptr) {
    return;
  }
  if (!found->is_array() || found->size() > kMostElements) {
    return refuse(name, found->is_array() ? "has too many elements" : "is no list");
  }
  for (const auto& element : *found) {
    if (!element.is_object()) {
      return refuse(name, "has an element that is no object");
    }
    each(Fields(element, *reason_));
  }
}

}  // namespace ot::agent
