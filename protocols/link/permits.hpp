#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <utility>

#include <boost/asio/steady_timer.hpp>

#include "base/async.hpp"

namespace ot::protocols::link {

class Permits;

/// The right to be one of so many at once; given back at its end.
class Permit {
 public:
  Permit() = default;
  explicit Permit(Permits& permits) : permits_(&permits) {}
  Permit(Permit&& other) noexcept : permits_(std::exchange(other.permits_, nullptr)) {}
  Permit& operator=(Permit&& other) noexcept {
    std::swap(permits_, other.permits_);
    return *this;
  }
  Permit(const Permit&) = delete;
  Permit& operator=(const Permit&) = delete;
  ~Permit() { give_back(); }  // NOLINT: ending a wait throws nothing

  explicit operator bool() const { return permits_ != nullptr; }
  void give_back();

 private:
  Permits* permits_ = nullptr;
};

/// So many permits; who finds none waits in line. For one thread.
class Permits {
 public:
  explicit Permits(std::uint32_t count) : free_(count) {}

  /// Empty when all are taken.
  Permit try_take();
  asio::awaitable<Permit> take();

 private:
  friend class Permit;
  using Waiting = std::shared_ptr<asio::steady_timer>;

  void put_back();

  std::uint32_t free_;
  std::deque<Waiting> line_;
};

}  // namespace ot::protocols::link
