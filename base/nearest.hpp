#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ot {

/// How many letters must change to make one word of the other, case ignored.
std::size_t edit_distance(std::string_view first, std::string_view second);

/// Collects the few words that a misspelt one may have meant.
class Nearest {
 public:
  Nearest(std::string_view word, std::size_t most) : word_(word), most_(most) {}

  void consider(std::string_view candidate);

  /// Nearest first.
  std::vector<std::string> take();

 private:
  std::string word_;
  std::size_t most_;
  std::vector<std::pair<std::size_t, std::string>> kept_;  // by distance
};

/// "; did you mean \"a\" or \"b\"?", or nothing.
std::string did_you_mean(const std::vector<std::string>& words);

}  // namespace ot
