#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "agent/wall/options.hpp"
#include "base/result.hpp"

namespace ot::agent::wall {

/// What a child may use, beside its channel and what is handed to it.
struct Bounds {
  Strength strength = Strength::full;
  std::uint64_t memory = 0;  ///< bytes of address space
  std::chrono::seconds cpu{0};
};

/// Shuts this process in, for good: no other user's rights, no descriptor but the channel, limits,
/// Landlock and, unless reduced, seccomp. A system call that is not allowed is told to the parent
/// and ends the process. Errors: unsupported where the kernel takes no seccomp filter; io.
Result<Confinement> confine(const Bounds& bounds);

/// "socket"; "number 41" where it has no name.
std::string system_call_name(std::uint32_t number);

}  // namespace ot::agent::wall
