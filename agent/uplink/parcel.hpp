#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/config/config.hpp"
#include "agent/uplink/csam_asset.hpp"
#include "agent/uplink/wire.hpp"
#include "store/outbox.hpp"
#include "store/query/filter.hpp"

namespace ot::agent {

/// A record that goes with a request.
struct PackedRecord {
  store::RecordKind kind = store::RecordKind::asset;
  std::int64_t id = 0;
  std::string key;  ///< the sourceNativeKey, for the platform
};

/// What is sent at once. It has a constructor on purpose: GCC 12 destroys aggregate temporaries
/// of a co_await expression twice.
struct Parcel {
  Parcel() = default;

  WireHead head;
  std::string body;  ///< as it is sent; for a hub compressed
  std::vector<PackedRecord> records;
  std::vector<store::SetAside> retried;
  store::Flight flight;
};

/// How the parcels of a sink are packed.
struct Packing {
  Packing() = default;
  /// Errors: wrong_use for a filter that is none.
  static Result<Packing> of(const SinkConfig& config, const std::string& sensor_name, Time now);

  SinkConfig::Kind kind = SinkConfig::Kind::hub;
  std::string sensor_name;
  std::string place;  ///< of a sink that can't tell by itself what it was told
  std::uint64_t most_records = 500;
  std::uint64_t most_bytes = 256 * 1024;  ///< of the records; one of more goes alone
  std::optional<store::query::Filter> filter;
  std::optional<store::query::Filter> file_filter;
  CsamOptions csam;

  /// With other ones than before everything has to be told anew.
  std::string settings() const;
};

/// The next parcel, or once more the one that was not answered. What can't be told by this sink
/// is in its flight without being in its body. All of it is of one moment.
Result<Parcel> pack(store::Store& store, const store::Sink& sink, const Packing& packing);

}  // namespace ot::agent
