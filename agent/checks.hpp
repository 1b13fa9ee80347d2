#pragma once

#include <functional>
#include <string>
#include <vector>

namespace ot::agent {

// Checks of options in the form CLI11 takes: the answer is what is wrong, or
// nothing.

std::function<std::string(const std::string&)> one_of(std::vector<std::string> words);

/// A whole number from 1 on.
std::string positive(const std::string& text);

}  // namespace ot::agent
