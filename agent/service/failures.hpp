#pragma once

#include <exception>
#include <functional>
#include <string>

namespace ot::agent {

/// What a coroutine that was spawned ends with: an exception that nothing of
/// ours should throw is logged, and costs that coroutine alone.
std::function<void(const std::exception_ptr&)> failed_by(std::string what);

}  // namespace ot::agent
