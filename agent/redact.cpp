#include "agent/redact.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"

namespace ot::agent {
namespace {

constexpr std::string_view kUser = "<user>";

/// Folders whose children bear the names of users.
constexpr std::array<std::string_view, 7> kHomes = {"users",
                                                    "documents and settings",
                                                    "dokumente und einstellungen",
                                                    "docume~1",
                                                    "profiles",
                                                    "home",
                                                    "homes"};

/// Children that are nobody's.
constexpr std::array<std::string_view, 5> kNobody = {"public", "default", "all users",
                                                     "default user", "<user>"};

bool is_separator(char c) {
  return c == '\\' || c == '/';
}

/// What can stand in no folder's name, and what separates words of a sentence.
bool ends_path(char c) {
  return static_cast<unsigned char>(c) < 0x20 ||
         std::string_view("\"<>|*?:;,()[]{}=").find(c) != std::string_view::npos;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Where the path that holds the separator at `at` begins, drive letter not
/// counted; nothing for a relative path.
std::optional<std::size_t> absolute_root(std::string_view text, std::size_t at) {
  auto start = at;
  while (start > 0 && !ends_path(text[start - 1]) && text[start - 1] != ' ' &&
         text[start - 1] != '\'') {
    --start;
  }
  return is_separator(text[start]) ? std::optional(start) : std::nullopt;
}

/// C:\ or C:/ in front of `root`, but no http:// or file://.
bool has_drive(std::string_view text, std::size_t root) {
  return root >= 2 && text[root - 1] == ':' && is_letter(text[root - 2]) &&
         (root == 2 || !is_letter(text[root - 3]));
}

/// The length of the folder of homes at `at`, if there is one and more follows.
std::optional<std::size_t> home_at(std::string_view text, std::size_t at) {
  for (const auto home : kHomes) {
    if (at + home.size() < text.size() && is_separator(text[at + home.size()]) &&
        equals_ignoring_case(text.substr(at, home.size()), home)) {
      return home.size();
    }
  }
  return std::nullopt;
}

/// Where the user's name that starts at `at` ends. Windows allows blanks in it.
std::size_t end_of_name(std::string_view text, std::size_t at, bool blanks) {
  auto end = at;
  while (end < text.size() && !is_separator(text[end]) && !ends_path(text[end]) &&
         (blanks || (text[end] != ' ' && text[end] != '\''))) {
    ++end;
  }
  return end;
}

bool is_nobody(std::string_view name) {
  return name.empty() || std::any_of(kNobody.begin(), kNobody.end(), [name](auto nobody) {
           return equals_ignoring_case(name, nobody);
         });
}

/// The range of a user's name, if a path to one begins with the separator at `at`.
struct Name {
  std::size_t begin;
  std::size_t end;
};
std::optional<Name> name_behind(std::string_view text, std::size_t at) {
  const auto home = home_at(text, at + 1);
  const auto root = home ? absolute_root(text, at) : std::nullopt;
  if (!root) {
    return std::nullopt;
  }
  auto begin = at + 1 + *home;
  const bool windows = text[begin] == '\\' || has_drive(text, *root);
  while (begin < text.size() && is_separator(text[begin])) {
    ++begin;
  }
  const auto end = end_of_name(text, begin, windows);
  if (is_nobody(trim(text.substr(begin, end - begin)))) {
    return std::nullopt;
  }
  return Name{begin, end};
}

}  // namespace

std::string redact(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto name = is_separator(text[at]) ? name_behind(text, at) : std::nullopt;
    if (name) {
      out.append(text.substr(at, name->begin - at)).append(kUser);
      at = name->end;
    } else {
      out += text[at++];
    }
  }
  return out;
}

void redact(Asset& asset) {
  for (auto& detail : asset.details) {
    detail.value = redact(detail.value);
  }
}

void redact(std::vector<Warning>& warnings) {
  for (auto& warning : warnings) {
    warning.message = redact(warning.message);
  }
}

void redact(Project& project) {
  project.project_name = redact(project.project_name);
  redact(project.warnings);
  for (auto& asset : project.assets) {
    redact(asset);
  }
}

void redact(store::StoredFile& file) {
  file.project_name = redact(file.project_name);
  file.error = redact(file.error);
  redact(file.warnings);
}

void redact(store::StoredAsset& asset) {
  redact(asset.shown.record);
}

}  // namespace ot::agent
