#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "tests/store/logging_vfs.hpp"
#include "tests/store/plant.hpp"
#include "tests/store/power_disk.hpp"
#include "tests/store/power_plant.hpp"

namespace ot::store::test {

/// How much was tried.
struct Tried {
  std::size_t writes = 0;
  std::size_t syncs = 0;
  std::size_t points = 0;  ///< at which the power failed
  std::size_t states = 0;  ///< of the disk, each another one
  std::size_t again = 0;   ///< states that it left while an earlier one was put in order
  std::string trouble;     ///< what was lost or damaged, and when: the first time ends the trial
};

/// Fails the power at points of a log, and opens what is left. Of some of what is left, the power
/// fails once more while it is opened.
class PowerTrial {
 public:
  enum class Again : bool { no, yes };

  PowerTrial(std::span<const DiskEvent> events, std::span<const Moment> moments, std::uint64_t seed,
             Again again = Again::yes);

  /// In all ways, at every point.
  Tried run();
  /// In a few ways, at about so many points.
  Tried run_sample(std::size_t points);

 private:
  Tried run_at(const std::function<void(std::size_t)>& cut);
  void cut_in_some_ways(std::size_t point);
  void cut_in_all_ways(std::size_t point);
  void cut_each(Cut kind, std::size_t point);
  void try_cut(Cut kind, std::size_t point, std::size_t which = 0, bool lose_names = false);
  std::span<const Moment> possible_at(std::size_t point) const;
  std::string trouble_with(const Image& image, std::span<const Moment> possible);
  std::string look_into(const std::string& path, std::span<const Moment> possible,
                        std::size_t hash);
  std::string trouble_in_recovery(const Image& image);
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(chance_() % count); }

  std::span<const DiskEvent> events_;
  std::span<const Moment> moments_;
  Again again_;

  std::mt19937_64 chance_;
  PowerDisk disk_;
  Folder folder_;
  std::set<std::size_t> known_;  ///< states tried, by what they hold and what must be in them
  std::map<std::size_t, const Moment*> sound_;  ///< stores as they came out, looked into
  Tried tried_;
};

}  // namespace ot::store::test
