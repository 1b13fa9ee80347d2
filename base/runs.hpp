#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ot {

/// Numbers that follow each other without a gap.
struct Run {
  std::uint32_t first = 0;
  std::uint32_t last = 0;

  std::uint64_t size() const { return std::uint64_t{last} - first + 1; }

  /// "3", "3-5": `write` makes a text of a number.
  template <class Text>
  std::string text(const Text& write) const {
    return size() == 1 ? write(first) : write(first) + "-" + write(last);
  }
};

/// The runs among sorted elements, each of which has a number of its own.
template <class Range, class Number = std::identity>
std::vector<Run> runs_of(const Range& sorted, Number number_of = {}) {
  std::vector<Run> runs;
  for (const auto& element : sorted) {
    const std::uint32_t number = std::invoke(number_of, element);
    if (!runs.empty() && number == runs.back().last + 1) {
      runs.back().last = number;
    } else {
      runs.push_back({number, number});
    }
  }
  return runs;
}

}  // namespace ot
