#include "agent/config/finding.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "base/text.hpp"

namespace ot::agent {

std::string text_of(const Finding& finding) {
  const auto place = finding.at.line == 0 ? finding.file
                                          : fmt::format("{}:{}:{}", finding.file, finding.at.line,
                                                        finding.at.column);
  return fmt::format("{}: {}{}", place, finding.is_mistake() ? "" : "warning: ", finding.message);
}

bool has_mistakes(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.is_mistake(); });
}

std::string quote(std::string_view text) {
  constexpr std::size_t kWidest = 80;
  return fmt::format("\"{}\"",
                     fit_to_width(escape_for_terminal(text.substr(0, 4 * kWidest)), kWidest));
}

void Findings::mistake(TextPlace at, std::string key, std::string message, std::string hint) {
  all_.push_back({file_, at, std::move(key), std::move(message), std::move(hint)});
}

void Findings::warning(TextPlace at, std::string key, std::string message, std::string hint) {
  mistake(at, std::move(key), std::move(message), std::move(hint));
  all_.back().severity = Finding::Severity::warning;
}

std::vector<Finding> Findings::take() {
  std::stable_sort(all_.begin(), all_.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.file, a.at) < std::tie(b.file, b.at);
  });
  return std::move(all_);
}

}  // namespace ot::agent
