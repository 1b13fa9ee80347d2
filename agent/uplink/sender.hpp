#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "agent/config/config.hpp"
#include "agent/service/list_reader.hpp"
#include "agent/service/readers.hpp"
#include "agent/store_thread.hpp"
#include "agent/uplink/outlet.hpp"
#include "agent/uplink/parcel.hpp"

namespace ot::agent {

/// Tells one sink what it has not been told yet. What is on its way is in the store before it is
/// sent, so that a request whose answer was lost is made again as the same one.
class Sender {
 public:
  struct Status {
    std::string sink;
    std::string state;  ///< "idle", "sending", "waiting" (for the next try)
    std::string problem;
    std::string hint;
    std::optional<Time> next_try;
    std::uint64_t told = 0;  ///< records, since the start
  };

  /// What a turn came to.
  struct Turn {
    enum class Kind : std::uint8_t {
      told,   ///< there may be more
      idle,   ///< nothing is left
      later,  ///< not now: see status()
    };
    Turn() = default;
    explicit Turn(Kind which) : kind(which) {}

    Kind kind = Kind::idle;
    std::optional<std::chrono::seconds> wait;
    bool needs_person = false;
  };

  /// What is shared outlives the sender.
  Sender(const asio::any_io_executor& executor, StoreThread& store, Readers<ListReader>& readers,
         SinkConfig config, Packing packing, std::unique_ptr<Outlet> outlet);

  /// Whenever something changes, until stop(). It holds the sender.
  static asio::awaitable<void> run(std::shared_ptr<Sender> sender);

  /// One request, if there is something to tell.
  asio::awaitable<Turn> turn();

  /// Something may have changed.
  void ring();
  /// What is under way ends; nothing more is sent.
  void stop();

  asio::awaitable<void> close() { return outlet_->close(); }

  /// How long to wait after so many turns that came to nothing: a random part of a time that
  /// doubles, so that many gateways don't come back all at once.
  static std::chrono::milliseconds back_off(unsigned failures);

  const SinkConfig& config() const { return config_; }
  Status status() const;

 private:
  Task<store::Sink> known_sink();
  Task<bool> has_more(store::Sink sink);
  Task<Parcel> packed(store::Sink sink);
  Task<void> take_off(const store::Sink& sink, const Parcel& parcel);
  Task<void> land(store::Sink sink, const Parcel& parcel, Outcome::Refused refused,
                  store::Outbox::Taken taken);
  Task<void> turn_back(store::Sink sink, const Parcel& parcel);
  Task<void> renew(store::Sink sink);

  asio::awaitable<Turn> conclude(store::Sink sink, const Parcel& parcel, Outcome outcome);
  asio::awaitable<Turn> split(store::Sink sink, const Parcel& parcel, Outcome outcome);
  asio::awaitable<Turn> begin_anew(store::Sink sink, Outcome outcome);
  Turn later(const Outcome& outcome);
  Turn failed(const Error& error);
  Turn told(const Parcel& parcel);
  asio::awaitable<void> rest(Turn turn);
  bool is_refused_all_over() const;

  StoreThread& store_;
  Readers<ListReader>& readers_;
  SinkConfig config_;
  Packing packing_;
  std::uint64_t most_records_;
  std::unique_ptr<Outlet> outlet_;
  asio::steady_timer timer_;
  Time greet_at_{};  ///< a hub, although there is nothing to tell
  bool rung_ = true;
  bool stopped_ = false;
  unsigned failures_ = 0;       ///< one after the other
  unsigned refused_alone_ = 0;  ///< single records, one after the other
  std::deque<Time> renewals_;   ///< epochs that were begun because the other side asked for it
  std::string told_problem_;    ///< to the log
  Status status_;
};

}  // namespace ot::agent
