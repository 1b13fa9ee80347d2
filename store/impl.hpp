#pragma once

#include <optional>
#include <utility>

#include "store/batch.hpp"
#include "store/lock.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// What a store is made of, for those of its parts that have a header of their own.
class Store::Impl {
 public:
  Impl(std::optional<WriterLock> held, Database opened)
      : lock(std::move(held)), database(std::move(opened)) {}

  std::optional<WriterLock> lock;  // outlives the database
  Database database;
  Batch batch;
};

}  // namespace ot::store
