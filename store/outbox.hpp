#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/keys.hpp"
#include "store/store.hpp"

namespace ot::store {

/// What is told upward. The numbers are stored.
enum class RecordKind : std::uint8_t { file = 1, asset = 2 };

/// The last change of a record. It is told as what the record is by then.
struct Change {
  std::int64_t number = 0;  ///< rises; a record that changes again gets a new one
  RecordKind kind = RecordKind::asset;
  std::int64_t id = 0;  ///< FileId or AssetId
  Time at{};
  std::optional<Uuid> gone;  ///< of a record that is not there any more
};

/// A request that was made and not answered yet.
struct Flight {
  std::string name;       ///< random; a request that is repeated bears the same
  std::int64_t upto = 0;  ///< the last change in it
  bool complete = false;  ///< there were no further ones: with it all of the epoch is told
};

/// How far a sink was told.
struct Sink {
  std::string name;
  std::string epoch;     ///< random; in a new one everything is told anew
  std::string settings;  ///< what the epoch was begun with; with others a new one is due
  std::int64_t told = 0;
  std::int64_t sequence = 0;  ///< of the last request that was answered
  std::optional<Flight> flight;
  bool fresh = true;  ///< not everything was told in this epoch yet
  std::optional<Time> last_answer;
};

/// A record that a sink would not take.
struct SetAside {
  std::string sink;
  RecordKind kind = RecordKind::asset;
  std::int64_t id = 0;
  Time at{};
  std::string reason;
  bool retry = false;  ///< it goes with the next request
};

struct Waiting {
  std::uint64_t records = 0;
  std::optional<Time> oldest;
};

/// What waits to be told upward, and how far whom was told. What is written goes into the
/// store's open batch. Where the sink is not in the epoch and flight any more that the caller
/// knows, it is `changed`: another one was quicker.
class Outbox {
 public:
  /// The store outlives it.
  explicit Outbox(Store& store) : store_(store) {}

  Result<std::vector<Sink>> sinks();  ///< by name
  Result<std::optional<Sink>> find(const std::string& sink);

  /// What a request takes next, in order: records to retry, then what was not told yet; in
  /// a flight only what is in it. At most so many.
  Result<std::vector<Change>> next(const Sink& sink, std::uint64_t most);
  Result<Waiting> waiting(const Sink& sink);
  Result<std::vector<SetAside>> set_aside(const std::string& sink);  ///< empty: of all

  /// What the asset is known by, the strongest first.
  Result<std::vector<Key>> keys_of(AssetId asset);

  /// Everything is to be told anew.
  Result<void> begin_epoch(const std::string& sink, const std::string& settings);

  /// A request is about to be made. The sink is in no flight.
  Result<void> take_off(const Sink& sink, const Flight& flight, std::span<const SetAside> retried);

  /// All in the sink's flight is told, but for what was refused. One that the other side never took
  /// as a request leaves its number to the next one.
  enum class Taken : std::uint8_t { no, yes };
  Result<void> land(const Sink& sink, std::span<const SetAside> refused, Taken taken = Taken::yes);

  /// The flight won't be answered as it is: less goes with the next one.
  Result<void> turn_back(const Sink& sink);

  /// Of one sink, or of all where none is named; how many there were.
  Result<std::int64_t> retry(const std::string& sink);
  Result<std::int64_t> drop(const std::string& sink);

  /// Forgets all other sinks.
  Result<void> keep_sinks(std::span<const std::string> sinks);

 private:
  Store& store_;
};

}  // namespace ot::store
