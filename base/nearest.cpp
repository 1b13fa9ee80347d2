#include "base/nearest.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "base/text.hpp"

namespace ot {
namespace {

/// Longer names are compared by their beginnings alone.
constexpr std::size_t kLongest = 64;

}  // namespace

std::size_t edit_distance(std::string_view first, std::string_view second) {
  const auto a = to_lower_ascii(first.substr(0, kLongest));
  const auto b = to_lower_ascii(second.substr(0, kLongest));
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto change = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, diagonal + 1, change});
    }
  }
  return row.back();
}

void Nearest::consider(std::string_view candidate) {
  if (candidate.empty()) {
    return;
  }
  const bool inside = word_.size() >= 2 &&
                      to_lower_ascii(candidate).find(to_lower_ascii(word_)) != std::string::npos;
  const auto distance = inside ? 1 : edit_distance(word_, candidate);
  if (distance > 1 + word_.size() / 3) {
    return;
  }
  std::pair<std::size_t, std::string> entry(distance, candidate);
  const auto place = std::lower_bound(kept_.begin(), kept_.end(), entry);
  if (place != kept_.end() && *place == entry) {
    return;
  }
  kept_.insert(place, std::move(entry));
  if (kept_.size() > most_) {
    kept_.pop_back();
  }
}

std::vector<std::string> Nearest::take() {
  std::vector<std::string> words;
  for (auto& [distance, word] : kept_) {
    words.push_back(std::move(word));
  }
  kept_.clear();
  return words;
}

std::string did_you_mean(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    text += i == 0 ? "; did you mean " : (i + 1 == words.size() ? " or " : ", ");
    text += fmt::format("\"{}\"", words[i]);
  }
  return text.empty() ? text : text + "?";
}

}  // namespace ot
