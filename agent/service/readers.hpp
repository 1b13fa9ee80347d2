#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <boost/asio/thread_pool.hpp>

#include "base/async.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// Read-only connections to the store, with a thread for each: reading waits
/// neither for writing nor for other reading.
template <class Connection>
class Readers {
 public:
  explicit Readers(std::vector<std::unique_ptr<Connection>> connections)
      : free_(std::move(connections)), pool_(free_.size()) {}
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;
  ~Readers() { pool_.join(); }

  /// Runs `work` with a connection that nobody else uses meanwhile.
  template <class Work>
  auto read(Work work) {
    auto bound = [this, work = std::move(work)]() mutable {
      Borrowed borrowed(*this);
      return work(*borrowed.connection);
    };
    return offload(pool_, std::move(bound));
  }

 private:
  /// There are as many threads as connections: one is always free.
  struct Borrowed {
    explicit Borrowed(Readers& from) : readers(from) {
      const std::lock_guard lock(readers.mutex_);
      connection = std::move(readers.free_.back());
      readers.free_.pop_back();
    }
    Borrowed(const Borrowed&) = delete;
    Borrowed& operator=(const Borrowed&) = delete;
    ~Borrowed() {
      const std::lock_guard lock(readers.mutex_);
      readers.free_.push_back(std::move(connection));
    }

    Readers& readers;
    std::unique_ptr<Connection> connection;
  };

  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> free_;
  asio::thread_pool pool_;
};

}  // namespace ot::agent
