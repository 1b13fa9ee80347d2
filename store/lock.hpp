#pragma once

#include <string>

#include "base/result.hpp"

namespace ot::store {

/// The right to write to a store, which one process at a time has. It ends with
/// this object, and with the process.
class WriterLock {
 public:
  /// Locks the file beside the store (its path and ".lock"); fails at once when
  /// somebody has it. SQLite's own locks are on the store itself and untouched.
  static Result<WriterLock> take(const std::string& path);

  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&& other) noexcept;
  ~WriterLock();

 private:
  explicit WriterLock(int file) : file_(file) {}

  int file_ = -1;
};

}  // namespace ot::store
