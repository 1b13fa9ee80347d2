#pragma once

#include <string>
#include <string_view>

#include "agent/records_json.hpp"
#include "base/result.hpp"
#include "store/inbox.hpp"
#include "store/outbox.hpp"

namespace ot::agent {

/// A request to a hub: what it is, before its records.
struct WireHead {
  std::string sensor;  ///< sensorId
  std::string epoch;
  std::int64_t sequence = 0;
  std::string flight;
  bool complete = false;
  Time sent_at{};
};

// A record of a request: {"op","kind","keys","observedAt","record"}. The record has the shape of
// the list with ours beside it.

/// An asset as it is now; its free texts are redacted already.
Json asset_wire(const store::StoredAsset& asset, const std::vector<store::Key>& keys,
                std::string_view sensor_name);
Json file_wire(const store::StoredFile& file);
/// What is not there any more.
Json gone_wire(store::RecordKind kind, const Uuid& uuid);

/// The body around records that are texts already.
std::string wire_body(const WireHead& head, std::string_view records);

/// Reads a body. A record that can't be read says why in its place; without a head there is
/// nothing: malformed, or too_large for more than 10,000 records or a nesting over 32.
Result<store::Delivery> delivery_from(std::string_view body);

/// The answer: {"applied","results":[{"index","status","reason"}],"acknowledged"}.
std::string receipt_text(const store::Receipt& receipt);
/// malformed unless it has a result for each of so many records.
Result<store::Receipt> receipt_from(std::string_view body, std::size_t records);

}  // namespace ot::agent
