#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "store/sqlite.hpp"

namespace ot::store {

/// Pieces of work that last together: all that succeeded since the last commit, or nothing.
class Batch {
 public:
  /// Does the work in the open batch, which it begins if there is none. When
  /// the work fails it leaves nothing behind, and the batch stays sound.
  Result<void> add(Database& database, const std::function<Result<void>()>& work);

  /// Ends the batch. Fails when it was lost on the way: a full disk takes all of it.
  Result<void> commit(Database& database);

  /// Ends the batch and keeps nothing of it; a loss is forgotten with it.
  void abandon(Database& database);

 private:
  void shorten_log(Database& database);

  std::optional<Error> lost_;
  std::uintmax_t longest_log_ = 0;  ///< bytes; a longer one is shortened
};

}  // namespace ot::store
