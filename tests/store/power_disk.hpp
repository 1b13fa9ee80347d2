#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/store/logging_vfs.hpp"

namespace ot::store::test {

/// The files of a folder as they are after a power cut, by name.
using Image = std::map<std::string, std::string>;

/// What a power cut leaves of the writes that no sync covered yet.
enum class Cut : std::uint8_t {
  none_kept,
  all_kept,
  one_lost,      ///< all but one
  one_kept,      ///< none but one
  some_kept,     ///< any
  sectors_kept,  ///< any sectors of 512 bytes of any
  torn,          ///< the last one ends at a sector of 512 or 4096 bytes
  torn_garbage,  ///< and holds garbage behind that
  sector_lost,   ///< the sector of 4096 bytes that was being written is garbage: all of it
};

/// A disk, and what the system still keeps in memory of what was written to it.
class PowerDisk {
 public:
  /// The event outlives the disk.
  void take(const DiskEvent& event);

  /// How many writes and truncations would be at risk.
  std::size_t at_risk() const { return writes_.size(); }
  bool names_at_risk() const { return !names_.empty(); }

  /// What is found after a cut. `which`: the one of the writes at risk that is lost or kept;
  /// `lose_names`: names that no sync of the folder covered are as they were.
  Image cut(Cut kind, std::mt19937_64& chance, std::size_t which = 0,
            bool lose_names = false) const;

 private:
  using Contents = std::map<int, std::string>;

  Contents synced_;                       ///< by the file's number
  std::map<std::string, int> folder_;     ///< names that are on the disk
  std::vector<const DiskEvent*> writes_;  ///< at risk, in order
  std::vector<const DiskEvent*> names_;
};

}  // namespace ot::store::test
