#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "store/store.hpp"
#include "tests/store/plant.hpp"
#include "tests/store/query/oracle.hpp"

namespace ot::store::query::test {

/// Choices that are the same for the same seed.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  std::size_t below(std::size_t count) { return static_cast<std::size_t>(engine_() % count); }
  bool one_in(std::size_t count) { return below(count) == 0; }
  template <class List>
  const auto& one_of(const List& list) {
    return list[below(std::size(list))];
  }

 private:
  std::mt19937_64 engine_;
};

/// A text of nasty pieces; empty sometimes.
std::string random_text(Dice& dice);
Asset random_asset(Dice& dice);
store::test::Version random_version(Dice& dice);
Observation random_observation(Dice& dice);

/// Makes filters whose values are, or are near, those of these records.
class Filters {
 public:
  Filters(Dice& dice, const Vocabulary& vocabulary, const std::vector<Json>& records);

  Node make(std::size_t depth);

 private:
  Node comparison(const Token& token);
  Node of_element(const Group& group, std::size_t depth);
  Node joined(Node::Kind kind, std::size_t depth, const Group* group);
  Node node(std::size_t depth, const Group* group);
  Text text(const Token& token);
  std::int64_t number(const Token& token);

  Dice& dice_;
  const Vocabulary& vocabulary_;
  std::map<const Token*, std::vector<Json>> values_;
  std::vector<const Group*> lists_;
};

}  // namespace ot::store::query::test
