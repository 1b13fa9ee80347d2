#include "agent/manual/help_text.hpp"

#include <algorithm>

namespace ot::agent::manual {
namespace {

constexpr std::string_view kIndent = "  ";

bool is_heading(std::string_view line) {
  return line == "Examples:" || line == "Example:";
}

}  // namespace

HelpText help_text_of(std::string_view footer) {
  HelpText out;
  bool in_examples = false;
  std::string blank;
  while (!footer.empty()) {
    const auto end = std::min(footer.find('\n'), footer.size());
    const auto line = footer.substr(0, end);
    footer.remove_prefix(std::min(end + 1, footer.size()));
    if (is_heading(line)) {
      in_examples = true;
      continue;
    }
    if (line.empty()) {
      blank = "\n";
      continue;
    }
    in_examples = in_examples && line.starts_with(kIndent);
    auto& text = in_examples ? out.examples : out.prose;
    text += text.empty() ? "" : blank;
    text += line.substr(in_examples ? kIndent.size() : 0);
    text += '\n';
    blank.clear();
  }
  return out;
}

}  // namespace ot::agent::manual
