#include "agent/manual/mdoc.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace ot::agent::manual {
namespace {

constexpr std::string_view kOpening = "([";
constexpr std::string_view kClosing = ".,:;)]?!";

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool all_of(std::string_view text, bool (*is_good)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_good);
}

/// What roff would read as its own.
std::string escaped(std::string_view plain, bool as_typed) {
  std::string text;
  for (const char c : plain) {
    switch (c) {
      case '\\': text += "\\e"; break;
      case '`': text += "\\(ga"; break;
      case '^': text += "\\(ha"; break;
      case '~': text += "\\(ti"; break;
      case '\'': text += as_typed ? "\\(aq" : "'"; break;
      case '-': text += as_typed ? "\\-" : "-"; break;
      default: text += c;
    }
  }
  return text;
}

/// A word with the punctuation around it.
struct Word {
  std::string_view opening;
  std::string_view core;
  std::string_view closing;
};

bool is_page(std::string_view text) {
  const auto open = text.find('(');
  return open != text.npos && open > 0 && is_lower(text.front()) && text.size() == open + 3 &&
         text.back() == ')' && text[open + 1] >= '1' && text[open + 1] <= '9';
}

Word parted(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(kOpening), text.size());
  auto end = text.size();
  while (end > begin && kClosing.find(text[end - 1]) != kClosing.npos &&
         !is_page(text.substr(begin, end - begin))) {
    --end;
  }
  return {text.substr(0, begin), text.substr(begin, end - begin), text.substr(end)};
}

bool is_option(std::string_view text) {
  return text.size() > 2 && text.starts_with("--") &&
         all_of(text.substr(2), [](char c) { return is_lower(c) || c == '-'; });
}

bool is_variable(std::string_view text) {
  return text.size() > 1 && text.front() == '$' &&
         all_of(text.substr(1), [](char c) { return is_upper(c) || c == '_'; });
}

bool is_path(std::string_view text) {
  const bool is_below_variable = text.starts_with('$') && text.find('/') != text.npos;
  const bool is_whole = text.size() > 2 && (text.starts_with('/') || text.starts_with("~/"));
  return is_whole || is_below_variable;
}

/// "`check`" or "`rackscout run`"; what else stands in such quotes is typed with them.
bool is_command(std::string_view text) {
  if (text.size() < 3 || text.front() != '`' || text.back() != '`') {
    return false;
  }
  const auto inner = text.substr(1, text.size() - 2);
  return inner.starts_with("rackscout ") ||
         all_of(inner, [](char c) { return is_lower(c) || c == '-'; });
}

/// The macro of a word and what it takes; empty for an ordinary one.
std::string marked_up(std::string_view core) {
  if (is_option(core)) {
    return fmt::format("Fl {}", core.substr(1));
  }
  if (is_variable(core)) {
    return fmt::format("Ev {}", core.substr(1));
  }
  if (is_path(core)) {
    return fmt::format("Pa {}", argument(core));
  }
  if (is_command(core)) {
    return fmt::format("Ic {}", argument(core.substr(1, core.size() - 2)));
  }
  if (is_page(core)) {
    return fmt::format("Xr {} {}", core.substr(0, core.size() - 3), core[core.size() - 2]);
  }
  return {};
}

/// Blanks part words, but not within a command in `quotes`.
std::vector<std::string_view> words_in(std::string_view text) {
  constexpr std::string_view kBlanks = " \n";
  std::vector<std::string_view> words;
  auto begin = text.find_first_not_of(kBlanks);
  while (begin != text.npos) {
    auto end = std::min(text.find_first_of(kBlanks, begin), text.size());
    if (text.substr(begin).starts_with("`rackscout ")) {
      const auto quote = std::min(text.find('`', begin + 1), text.size());
      end = std::min(text.find_first_of(kBlanks, quote), text.size());
    }
    words.push_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(kBlanks, end);
  }
  return words;
}

bool ends_sentence(std::string_view word) {
  const auto last = word.find_last_not_of(")\"'");
  return last != word.npos && std::string_view(".?!").find(word[last]) != std::string_view::npos;
}

/// Lines of text and of macros.
class Lines {
 public:
  /// `next` is the word behind it, or nothing.
  void add(std::string_view word, std::string_view next) {
    const auto parts = parted(word);
    const auto macro = marked_up(parts.core);
    if (macro.empty()) {
      add_text(word, next);
      return;
    }
    end_line();
    text_ += parts.opening.empty() ? "." : fmt::format(".No \\&{} Ns ", parts.opening);
    text_ += macro;
    for (const char c : parts.closing) {
      text_ += fmt::format(" {}", c);
    }
    text_ += '\n';
  }

  std::string take() {
    end_line();
    return std::move(text_);
  }

 private:
  void add_text(std::string_view word, std::string_view next) {
    const bool is_sign = line_.empty() && (word.front() == '.' || word.front() == '\'');
    line_ += line_.empty() ? "" : " ";
    line_ += is_sign ? "\\&" : "";
    line_ += escaped(word, word.front() == '-' || word.front() == '\'');
    if (ends_sentence(word) && (next.empty() || !is_lower(next.front()))) {
      end_line();
    }
  }

  void end_line() {
    text_ += line_.empty() ? "" : line_ + "\n";
    line_.clear();
  }

  std::string text_;
  std::string line_;
};

}  // namespace

std::string filled(std::string_view plain) {
  Lines lines;
  const auto words = words_in(plain);
  for (std::size_t i = 0; i < words.size(); ++i) {
    lines.add(words[i], i + 1 < words.size() ? words[i + 1] : std::string_view());
  }
  return lines.take();
}

std::string filled_paragraphs(std::string_view plain) {
  std::string text;
  while (!plain.empty()) {
    const auto end = plain.find("\n\n");
    const auto paragraph = filled(plain.substr(0, end));
    text += text.empty() || paragraph.empty() ? "" : ".Pp\n";
    text += paragraph;
    plain = end == plain.npos ? "" : plain.substr(end + 2);
  }
  return text;
}

std::string displayed(std::string_view plain) {
  std::string text;
  while (!plain.empty()) {
    const auto end = std::min(plain.find('\n'), plain.size());
    const auto line = plain.substr(0, end);
    text += line.starts_with('.') ? "\\&" : "";
    text += escaped(line, true) + "\n";
    plain.remove_prefix(std::min(end + 1, plain.size()));
  }
  return text;
}

std::string argument(std::string_view plain) {
  std::string text;
  for (const auto word : words_in(plain)) {
    // A word like Pa or Xr would be taken for a macro, and a bare sign for punctuation.
    const bool is_macro =
        word.size() <= 3 && is_upper(word.front()) && all_of(word.substr(1), is_lower);
    const bool is_sign = word.size() == 1 && !is_lower(word.front());
    text += text.empty() ? "" : " ";
    text += is_macro || is_sign ? "\\&" : "";
    text += escaped(word, true);
  }
  return text;
}

std::string sentence(std::string_view plain) {
  const bool is_ended = plain.empty() || ends_sentence(plain);
  return filled(is_ended ? std::string(plain) : std::string(plain) + ".");
}

}  // namespace ot::agent::manual
