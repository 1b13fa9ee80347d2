#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/outbox.hpp"
#include "store/store.hpp"

namespace ot::store {

/// Of an asset that one walk through the plant found: what follows from what it does not say. A
/// name is "files", that of a protocol ("fins"), or with it who was asked ("modbus 1-20").
struct Walked {
  std::vector<std::string> whole;  ///< whose word lacks nothing
  std::vector<std::string> named;  ///< the protocols that named modules
};

/// An asset as another rackscout shows it.
struct SentAsset {
  std::vector<Key> keys;  ///< the strongest first
  Asset record;           ///< with its add-ons, the oldest first
  std::string site;
  std::string area;
  Time created{};
  Time last_updated{};
  bool configured = true;  ///< a project file says something of it
  std::string path;        ///< of that file
  std::optional<Time> exported_at;
  std::vector<Sighting> sightings;
  std::vector<StatedDifference> differences;
  std::optional<Walked> walked{};  ///< set for what a walk found
};

/// A record as it came.
struct SentRecord {
  RecordKind kind = RecordKind::asset;
  Uuid uuid;  ///< by which the sensor knows it
  Time observed_at{};
  std::string seen_by;           ///< who found it, where the sensor handed it on
  std::int64_t fingerprint = 0;  ///< of the record as it was written
  // What there is now. Neither: the record is gone.
  std::optional<SentAsset> asset;
  std::optional<StoredFile> file;

  bool gone() const { return !asset && !file; }
};

/// One request of a sensor.
struct Delivery {
  std::string sensor;
  std::string epoch;
  std::int64_t sequence = 0;
  std::string flight;     ///< a request that is repeated bears the same; may be empty
  bool complete = false;  ///< with it everything of the epoch has come
  Time sent_at{};         ///< by the sensor's clock; 0: it did not say
  Time arrived_at{};
  /// A record that could not be read holds the reason.
  std::vector<tl::expected<SentRecord, std::string>> records;
};

struct Receipt {
  enum class Status : std::uint8_t { applied, duplicate, rejected };
  struct Item {
    Status status = Status::applied;
    std::string reason;
  };

  std::uint64_t applied = 0;
  std::vector<Item> items;  ///< one a record, in order
  /// Of the last request that was taken; another than the delivery's tells the sensor that
  /// one of both stores is not the one that it was, and to begin a new epoch.
  std::int64_t acknowledged = 0;
};

/// What is known of a sensor that sends here.
struct Sensor {
  std::string name;
  std::string epoch;
  std::int64_t sequence = 0;
  std::int64_t gaps = 0;  ///< requests of the epoch that never came
  Time last_contact{};
  std::chrono::milliseconds skew{0};  ///< its clock is so much ahead
  std::uint64_t assets = 0;
  std::uint64_t files = 0;
};

/// Whether requests that never came are an obstacle.
enum class Gaps : std::uint8_t {
  refused,   ///< the sensor is asked for everything anew
  accepted,  ///< what came later holds all the same; an epoch that is over does not
};

/// What other rackscouts send. It goes into the store's open batch.
class Inbox {
 public:
  /// The store outlives it.
  explicit Inbox(Store& store) : store_(store) {}

  /// All of it or nothing. What is taken already is not taken twice.
  Result<Receipt> take(const Delivery& delivery, Gaps gaps);

  Result<std::vector<Sensor>> sensors();  ///< by name

  /// The first of these keys that an asset bears already.
  Result<std::optional<Key>> known_of(const std::vector<Key>& keys);

  /// Removes all that a sensor sent; how many records.
  Result<std::int64_t> forget(const std::string& sensor);

 private:
  Store& store_;
};

}  // namespace ot::store
