#pragma once

#include <string>

#include "agent/bundle/walk_difference.hpp"
#include "store/store.hpp"
#include "tests/store/plant.hpp"

namespace ot::agent::bundle::test {

/// A walk through a plant in Linz: what it finds goes the way of a real one, through a store and
/// the records of the wire.
class TestWalk {
 public:
  /// On that day of 2024; its UUID begins with the letter.
  TestWalk(char letter, int day);

  /// At the walk's site, unless it has a place of its own, and at its time.
  TestWalk& observe(store::Observation observation, bool whole = true);
  TestWalk& import(store::test::Version version);
  /// How a target ended that says nothing.
  TestWalk& end(const std::string& target, const std::string& outcome,
                const std::string& area = "Hall 1");

  Manifest& manifest() { return manifest_; }
  Time at() const { return manifest_.began; }
  std::string records();
  const std::string& observations() const { return observations_; }
  Found found();

 private:
  store::test::Folder folder_;
  store::Store store_;
  Manifest manifest_;
  std::string observations_;
  std::vector<WalkTarget> targets_;
};

store::Place hall(int number = 1);

}  // namespace ot::agent::bundle::test
