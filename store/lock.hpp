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

  /// Removes the file again, if take() made it: for a store that came to nothing.
  void leave_nothing();

  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&& other) noexcept;
  ~WriterLock();

 private:
  WriterLock(int file, std::string made) : file_(file), made_(std::move(made)) {}

  static Result<WriterLock> try_take(const std::string& path);
  bool is_at(const std::string& name) const;

  int file_ = -1;
  std::string made_;  ///< its name, if it was not there before
};

}  // namespace ot::store
