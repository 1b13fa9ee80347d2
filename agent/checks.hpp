#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace CLI {
class Validator;
}

namespace ot::agent {

// Checks of options in the form CLI11 takes: the answer is what is wrong, or
// nothing.

/// One of these words and nothing else.
CLI::Validator one_of(const std::vector<std::string>& words);

/// Takes everything: words to offer where the command itself knows better what is wrong.
CLI::Validator such_as(const std::vector<std::string>& words);

/// What a check takes that one of the two made; of another one no words.
struct Words {
  std::vector<std::string> words;
  bool are_all = false;  ///< nothing else is taken
};

Words words_of(const CLI::Validator& check);

/// A whole number from `least` to `most`, both included.
std::function<std::string(const std::string&)> number_between(std::uint64_t least,
                                                              std::uint64_t most);

}  // namespace ot::agent
