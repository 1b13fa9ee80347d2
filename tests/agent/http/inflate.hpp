#pragma once

#include <string>

namespace ot::tests {

/// What gzip made smaller; empty when it is no gzip.
std::string inflated(const std::string& bytes);

}  // namespace ot::tests
