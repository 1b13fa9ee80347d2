#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ot::agent::wall {

/// What keeps a child that reads untrusted files from doing harm.
enum class Strength : std::uint8_t {
  full,     ///< seccomp, and Landlock where the kernel has it; without seccomp nothing is read
  reduced,  ///< a child without descriptors and with limits, for kernels without seccomp
};
inline constexpr std::array<std::string_view, 2> kStrengthWords = {"full", "reduced"};

struct Options {
  std::optional<Strength> strength;   ///< none: what $RACKSCOUT_WALL says, else full
  std::uint64_t memory = 1ULL << 30;  ///< bytes of address space of a child
  std::chrono::seconds cpu{300};      ///< of a child, in all that it reads
  /// Beyond a job's own limit of time; then the child is ended.
  std::chrono::milliseconds grace{5000};
};

Strength strength_of(const Options& options);

/// What a child said of itself when it was shut in.
struct Confinement {
  bool seccomp = false;
  std::uint8_t landlock = 0;  ///< the version of its interface; 0: not there

  /// "seccomp, Landlock 4", "limits alone"
  std::string text() const;
};

}  // namespace ot::agent::wall
