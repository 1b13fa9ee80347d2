#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ot::agent {

// Checks of options in the form CLI11 takes: the answer is what is wrong, or
// nothing.

std::function<std::string(const std::string&)> one_of(std::vector<std::string> words);

/// A whole number from `least` to `most`, both included.
std::function<std::string(const std::string&)> number_between(std::uint64_t least,
                                                              std::uint64_t most);

}  // namespace ot::agent
