#pragma once

#include <span>

#include "agent/wall/serve.hpp"

namespace ot::agent {

/// All that is done with untrusted files, in a child.
std::span<const wall::Task> walled_tasks();

}  // namespace ot::agent
