#include "agent/sort_keys.hpp"

#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/nearest.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

using Tokens = std::span<const std::string_view>;
using Keys = std::vector<store::SortKey>;

Error wrong(std::string message) {
  return Error(Errc::wrong_use, "sort: " + std::move(message))
      .hint(
          "write for example: name, -lastUpdated, name:asc,lastUpdated:desc, or "
          "[{\"lastUpdated\":\"desc\"}]");
}

Result<std::string> known_token(std::string_view word, Tokens tokens) {
  Nearest nearest(word, 2);
  for (const auto token : tokens) {
    if (equals_ignoring_case(word, token)) {
      return std::string(token);
    }
    nearest.consider(token);
  }
  return fail(wrong(fmt::format("unknown token \"{}\"{}", word, did_you_mean(nearest.take()))));
}

Result<bool> is_descending(std::string_view direction) {
  if (equals_ignoring_case(direction, "desc") || equals_ignoring_case(direction, "dec")) {
    return true;
  }
  if (equals_ignoring_case(direction, "asc")) {
    return false;
  }
  return fail(wrong(fmt::format("unknown direction \"{}\": asc, desc or dec", direction)));
}

Result<store::SortKey> make_key(std::string_view word, std::string_view direction, Tokens tokens) {
  auto token = known_token(word, tokens);
  if (!token) {
    return fail(std::move(token.error()));
  }
  auto descending = is_descending(direction);
  if (!descending) {
    return fail(std::move(descending.error()));
  }
  return store::SortKey{std::move(*token), *descending};
}

/// `name`, `-name`, `name:desc`
Result<store::SortKey> parse_word(std::string_view text, Tokens tokens) {
  const auto colon = text.find(':');
  if (colon != std::string_view::npos) {
    return make_key(trim(text.substr(0, colon)), trim(text.substr(colon + 1)), tokens);
  }
  const bool minus = text.starts_with('-');
  return make_key(trim(text.substr(minus ? 1 : 0)), minus ? "desc" : "asc", tokens);
}

Result<Keys> parse_words(std::string_view text, Tokens tokens) {
  Keys keys;
  for (bool more = true; more;) {
    const auto comma = text.find(',');
    auto key = parse_word(trim(text.substr(0, comma)), tokens);
    if (!key) {
      return fail(std::move(key.error()));
    }
    keys.push_back(std::move(*key));
    more = comma != std::string_view::npos;
    text.remove_prefix(more ? comma + 1 : 0);
  }
  return keys;
}

Result<Keys> parse_json(std::string_view text, Tokens tokens) {
  const auto list = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!list.is_array()) {
    return fail(wrong(fmt::format("not a JSON array of objects: \"{}\"", text)));
  }
  Keys keys;
  for (const auto& entry : list) {
    if (!entry.is_object() || entry.size() != 1 || !entry.begin()->is_string()) {
      return fail(wrong("each entry must be an object of one token and its direction"));
    }
    const auto& direction = entry.begin()->get_ref<const std::string&>();
    auto key = make_key(entry.begin().key(), direction, tokens);
    if (!key) {
      return fail(std::move(key.error()));
    }
    keys.push_back(std::move(*key));
  }
  return keys;
}

}  // namespace

Result<Keys> parse_sort(std::string_view text, Tokens tokens) {
  const auto trimmed = trim(text);
  return trimmed.starts_with('[') ? parse_json(trimmed, tokens) : parse_words(trimmed, tokens);
}

}  // namespace ot::agent
