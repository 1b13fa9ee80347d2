#include "agent/redact.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "agent/free_texts.hpp"
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

/// What can stand in no folder's name on Windows.
bool is_forbidden(char c) {
  return static_cast<unsigned char>(c) < 0x20 ||
         std::string_view("\"<>|*?:").find(c) != std::string_view::npos;
}

/// That, and what separates the words of a sentence.
bool ends_path(char c) {
  return is_forbidden(c) || std::string_view(";,()[]{}=").find(c) != std::string_view::npos;
}

bool ends_word(char c) {
  return c == ' ' || c == '\'';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// C:\ or C:/ in front of `root`, but no http:// or file://.
bool has_drive(std::string_view text, std::size_t root) {
  return root >= 2 && text[root - 1] == ':' && is_letter(text[root - 2]) &&
         (root == 2 || !is_letter(text[root - 3]));
}

/// Where the run of letters before `at` begins that `ends` tells the end of.
std::size_t run_before(std::string_view text, std::size_t at, bool (*ends)(char)) {
  while (at > 0 && !ends(text[at - 1])) {
    --at;
  }
  return at;
}

/// Where the path that holds the separator at `at` begins, drive letter not
/// counted; nothing for a relative path. Folders' names may hold blanks, so a
/// path begins at a drive or at the first word that begins with a separator.
std::optional<std::size_t> absolute_root(std::string_view text, std::size_t at) {
  const auto drive = run_before(text, at, is_forbidden);
  if (is_separator(text[drive]) && has_drive(text, drive)) {
    return drive;
  }
  const auto first = run_before(text, at, ends_path);
  for (auto start = first; start <= at; ++start) {
    const bool begins = start == first || ends_word(text[start - 1]);
    if (begins && is_separator(text[start]) && text[start + 1] != ' ') {
      return start;
    }
  }
  return std::nullopt;
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
         (blanks || !ends_word(text[end]))) {
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

/// In place. Most texts hold no path at all.
void redact_text(std::string& text) {
  if (std::any_of(text.begin(), text.end(), is_separator)) {
    text = redact(text);
  }
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

void redact(Project& project) {
  each_free_text(project, redact_text);
}

void redact(store::StoredFile& file) {
  each_free_text_of_file(file, redact_text);
  redact_text(file.error);
}

void redact(store::StoredAsset& asset) {
  each_free_text(asset.shown.record, redact_text);
  for (auto& add_on : asset.shown.add_ons) {
    each_free_text(add_on.record, redact_text);
  }
  if (asset.sides) {
    each_free_text(asset.sides->configured, redact_text);
    each_free_text(asset.sides->observed, redact_text);
  }
}

Error redacted(const Error& error) {
  return Error(error.code(), redact(error.message()))
      .hint(redact(error.hint()))
      .at(error.position());
}

}  // namespace ot::agent
