#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "agent/config/quantities.hpp"
#include "agent/config/table_reader.hpp"
#include "agent/config/windows.hpp"
#include "agent/http/secret_file.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

using std::chrono::milliseconds;

/// Letters of any alphabet, and no control or direction characters.
bool is_visible(std::string_view text, std::size_t longest = kLongestText) {
  constexpr std::size_t kBytesOfOne = 4;
  const auto begins = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; };
  return text.size() <= longest * kBytesOfOne && escape_for_terminal(text) == text &&
         static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins)) <= longest;
}

/// Of a name that is also one of a file or a line of a log.
bool is_plain(std::string_view name) {
  constexpr std::string_view kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return name.find_first_not_of(kLetters) == name.npos;
}

/// Without "." and double or trailing slashes.
std::string plain_path(std::string_view path) {
  auto plain = std::filesystem::path(path).lexically_normal().string();
  if (plain.size() > 1 && plain.ends_with('/')) {
    plain.pop_back();
  }
  return plain;
}

}  // namespace

bool is_whole_path(std::string_view path) {
  const std::filesystem::path parts(path);
  return path.starts_with('/') && path.find('\0') == std::string_view::npos &&
         std::find(parts.begin(), parts.end(), "..") == parts.end();
}

std::string TableReader::text(std::string_view key, std::string fallback, std::size_t longest) {
  const auto* value = find(key, TomlValue::Kind::text);
  if (value == nullptr) {
    return fallback;
  }
  if (!is_visible(value->text, longest)) {
    mistake(key, fmt::format("must be at most {} letters that can be seen", longest));
    return fallback;
  }
  return value->text;
}

std::string TableReader::plain_name(std::string_view key) {
  require(key);
  auto name = text(key);
  if (!is_plain(name)) {
    mistake(key, fmt::format("{} has other letters than A to Z, a to z, digits, \".\", \"_\" and "
                             "\"-\"",
                             quote(name)));
  }
  return name;
}

std::string TableReader::path(std::string_view key) {
  const auto* value = find(key, TomlValue::Kind::text);
  if (value == nullptr || value->text.empty()) {
    return {};
  }
  if (!is_whole_path(value->text)) {
    mistake(key, fmt::format("{} is no path from the root on", quote(value->text)));
    return {};
  }
  return plain_path(value->text);
}

std::string TableReader::secret(std::string_view key) {
  const auto* value = find(key, TomlValue::Kind::text);
  if (value == nullptr || value->text.empty()) {
    return {};
  }
  if (http::is_credential(value->text)) {
    if (const auto sound = http::check_credential(value->text); !sound) {
      mistake(key, sound.error().message(), sound.error().hint());
    }
    return value->text;
  }
  // It may be the secret itself, which no message repeats.
  if (!is_whole_path(value->text)) {
    mistake(key, "is neither a path from the root on nor credential:NAME");
    return {};
  }
  return plain_path(value->text);
}

bool TableReader::flag(std::string_view key, bool fallback) {
  const auto* value = find(key, TomlValue::Kind::flag);
  return value == nullptr ? fallback : value->flag;
}

std::uint32_t TableReader::number(std::string_view key, std::uint32_t fallback,
                                  Bounds<std::uint32_t> bounds) {
  const auto* value = find(key, TomlValue::Kind::integer);
  if (value == nullptr) {
    return fallback;
  }
  if (value->integer < bounds.least || value->integer > bounds.most) {
    mistake(key,
            fmt::format("{} is not between {} and {}", value->integer, bounds.least, bounds.most));
    return fallback;
  }
  return static_cast<std::uint32_t>(value->integer);
}

milliseconds TableReader::duration(std::string_view key, milliseconds fallback,
                                   Bounds<milliseconds> bounds, bool zero) {
  const auto* value = find(key, TomlValue::Kind::text);
  if (value == nullptr) {
    return fallback;
  }
  const auto duration = parse_duration(value->text.size() <= kLongestText ? value->text : "");
  if (!duration) {
    mistake(key, duration.error().message(), duration.error().hint());
    return fallback;
  }
  if ((*duration < bounds.least && !(zero && *duration == milliseconds{0})) ||
      *duration > bounds.most) {
    mistake(key, fmt::format("{} is not between {} and {}{}", quote(value->text),
                             duration_text(bounds.least), duration_text(bounds.most),
                             zero ? ", nor 0" : ""));
    return fallback;
  }
  return *duration;
}

std::uint64_t TableReader::size(std::string_view key, std::uint64_t fallback, std::uint64_t least,
                                bool zero) {
  const auto* value = find(key, TomlValue::Kind::text);
  if (value == nullptr) {
    return fallback;
  }
  const auto size = parse_size(value->text.size() <= kLongestText ? value->text : "");
  if (!size) {
    mistake(key, size.error().message(), size.error().hint());
    return fallback;
  }
  if (*size < least && !(zero && *size == 0)) {
    mistake(key, fmt::format("{} is less than {}", quote(value->text), size_text(least)));
    return fallback;
  }
  return *size;
}

std::size_t TableReader::word(std::string_view key, std::span<const std::string_view> words,
                              std::size_t fallback) {
  const auto* value = find(key, TomlValue::Kind::text);
  if (value == nullptr) {
    return fallback;
  }
  Nearest nearest(value->text, 1);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (equals_ignoring_case(value->text, words[i])) {
      return i;
    }
    nearest.consider(words[i]);
  }
  mistake(
      key,
      fmt::format("{} is none of its words{}", quote(value->text), did_you_mean(nearest.take())),
      fmt::format("its words are {}", fmt::join(words, ", ")));
  return fallback;
}

std::vector<TextItem> TableReader::texts(std::string_view key, bool integers) {
  std::vector<TextItem> all;
  const auto* list = find(key, TomlValue::Kind::list);
  for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
    const auto& value = list->items[i];
    TextItem item{value.text, fmt::format("{}[{}]", key, i), value.at};
    if (integers && value.kind == TomlValue::Kind::integer) {
      item.text = std::to_string(value.integer);
    } else if (value.kind != TomlValue::Kind::text) {
      mistake(item, fmt::format("must be a list of texts, not of {}", to_string(value.kind)));
      continue;
    }
    if (item.text.empty() || !is_visible(item.text)) {
      mistake(item, fmt::format("each must be 1 to {} letters that can be seen", kLongestText));
      continue;
    }
    all.push_back(std::move(item));
  }
  return all;
}

std::vector<Window> TableReader::windows(std::string_view key) {
  std::vector<Window> all;
  for (const auto& item : texts(key)) {
    if (const auto window = parse_window(item.text)) {
      all.push_back(*window);
    } else {
      mistake(item, window.error().message(), window.error().hint());
    }
  }
  return all;
}

}  // namespace ot::agent
