#pragma once

#include <cstdint>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include "agent/http/request.hpp"
#include "agent/http/response.hpp"
#include "agent/service/turns.hpp"
#include "agent/store_thread.hpp"

namespace ot::agent {

/// Takes the records of other rackscouts: POST /ot/v1/projectfile/import and /ot/v1/host/import.
class Hub {
 public:
  /// Bytes of a body, as it comes and as it is when it was compressed.
  static constexpr std::uint64_t kMostBody = 1ULL << 20;
  static constexpr std::uint64_t kMostUnfolded = 8ULL << 20;

  struct Counters {
    std::uint64_t requests = 0;
    std::uint64_t applied = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t rejected = 0;
  };

  Hub(const asio::any_io_executor& executor, StoreThread& store);
  ~Hub() { pool_.join(); }
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  static bool is_import(std::string_view path);

  /// The request's sensor is the one whose credential came with it.
  asio::awaitable<http::Response> take(http::Request request);

  const Counters& counters() const { return counters_; }

 private:
  asio::awaitable<http::Response> take_in_turn(http::Request request);

  StoreThread& store_;
  Turns turns_;
  asio::thread_pool pool_{1};
  Counters counters_;
};

}  // namespace ot::agent
