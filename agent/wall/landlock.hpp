#pragma once

#include <cstdint>

#include "base/result.hpp"

namespace ot::agent::wall {

/// From now on this process opens no file, makes no TCP connection and signals no other process.
/// The answer is the version of the interface that the kernel has (landlock(7)); 0: it has none.
/// Needs no_new_privs. Errors: io.
Result<std::uint8_t> enter_landlock();

}  // namespace ot::agent::wall
