#pragma once

#include "base/result.hpp"

namespace ot::agent::wall {

/// Adds to a filter of libseccomp all that a child may do: read what it holds, answer on its
/// channel, use its memory, and end. Errors: unsupported.
Result<void> add_seccomp_rules(void* filter);

}  // namespace ot::agent::wall
