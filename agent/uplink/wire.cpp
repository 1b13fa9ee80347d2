#include "agent/uplink/wire.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "agent/json_text.hpp"
#include "agent/uplink/json_fields.hpp"
#include "agent/uplink/sent_record.hpp"

namespace ot::agent {
namespace {

using store::Receipt;
using store::RecordKind;

constexpr std::array<std::string_view, 3> kStatuses = {"applied", "duplicate", "rejected"};

std::string_view to_string(RecordKind kind) {
  return kind == RecordKind::asset ? "asset" : "projectfile";
}

/// Keys are kept as one text, its parts a line each.
Json key_json(const store::Key& key) {
  Json parts = Json::array();
  std::string_view rest = key.value;
  for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    parts.push_back(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  parts.push_back(rest);
  return {{"kind", to_string(key.kind)}, {"value", std::move(parts)}};
}

Json wire_head(std::string_view op, RecordKind kind) {
  return {{"op", op}, {"kind", to_string(kind)}};
}

/// When what is said of it was found.
Time observed_at(const store::StoredAsset& asset) {
  auto last = asset.last_updated;
  for (const auto& sighting : asset.sightings) {
    last = std::max(last, sighting.last_seen);
  }
  return last;
}

using Items = std::vector<std::optional<Receipt::Item>>;

void take_result(const Fields& fields, Items& items) {
  std::size_t index = items.size();
  std::string status;
  Receipt::Item item;
  fields.integer("index", index);
  fields.text("status", status);
  fields.text("reason", item.reason);
  const auto* word = std::find(kStatuses.begin(), kStatuses.end(), status);
  if (index >= items.size() || word == kStatuses.end()) {
    return fields.refuse("results", "are not those of what was sent");
  }
  item.status = static_cast<Receipt::Status>(word - kStatuses.begin());
  items[index] = std::move(item);
}

}  // namespace

Json asset_wire(const store::StoredAsset& asset, const std::vector<store::Key>& keys,
                std::string_view sensor_name) {
  auto out = wire_head("put", RecordKind::asset);
  Json list = Json::array();
  std::transform(keys.begin(), keys.end(), std::back_inserter(list), key_json);
  out["keys"] = std::move(list);
  out["observedAt"] = iso8601(observed_at(asset));
  out["record"] = asset_json(asset, Shape::extended, sensor_name);
  return out;
}

Json file_wire(const store::StoredFile& file) {
  auto out = wire_head("put", RecordKind::file);
  out["observedAt"] = iso8601(file.last_updated);
  out["record"] = file_json(file, Shape::extended);
  return out;
}

Json gone_wire(RecordKind kind, const Uuid& uuid) {
  auto out = wire_head("gone", kind);
  out["record"] = {{kind == RecordKind::asset ? "assetUuid" : "fileUuid", uuid.text()}};
  return out;
}

std::string wire_body(const WireHead& head, std::string_view records) {
  Json out = {{"sensorId", head.sensor}, {"epoch", head.epoch}, {"sequence", head.sequence}};
  if (!head.flight.empty()) {
    out["flight"] = head.flight;
  }
  if (head.complete) {
    out["complete"] = true;
  }
  out["sentAt"] = iso8601(head.sent_at);
  auto text = json_text(out, -1);
  text.pop_back();
  return fmt::format("{},\"records\":[{}]}}", text, records);
}

Result<store::Delivery> delivery_from(std::string_view body) {
  const auto parsed = parse_bounded(body);
  if (!parsed) {
    return fail(parsed.error());
  }
  const auto& in = *parsed;
  if (!in.is_object()) {
    return fail(Errc::malformed, "the body is no JSON object");
  }
  store::Delivery delivery;
  const auto reason = take_head(in, delivery);
  const auto records = in.find("records");
  if (!reason.empty() || records == in.end() || !records->is_array()) {
    return fail(Error(Errc::malformed, reason.empty() ? "the body lacks its records" : reason)
                    .hint(R"(it takes "sensorId", "epoch", "sequence" from 1 on, and "records")"));
  }
  if (records->size() > kMostElements) {
    return fail(Errc::too_large, fmt::format("there are over {} records", kMostElements));
  }
  delivery.records.reserve(records->size());
  std::transform(records->begin(), records->end(), std::back_inserter(delivery.records),
                 sent_record_from);
  return delivery;
}

std::string receipt_text(const Receipt& receipt) {
  Json results = Json::array();
  for (std::size_t i = 0; i < receipt.items.size(); ++i) {
    const auto& item = receipt.items[i];
    Json entry = {{"index", i}, {"status", kStatuses.at(static_cast<std::size_t>(item.status))}};
    if (!item.reason.empty()) {
      entry["reason"] = item.reason;
    }
    results.push_back(std::move(entry));
  }
  return json_text({{"applied", receipt.applied},
                    {"results", std::move(results)},
                    {"acknowledged", receipt.acknowledged}},
                   -1);
}

Result<Receipt> receipt_from(std::string_view body, std::size_t records) {
  const auto parsed = parse_bounded(body);
  const auto in = parsed.value_or(nlohmann::json());
  if (!in.is_object() || !in.contains("acknowledged")) {
    return fail(Errc::malformed, "it is no answer of a hub");
  }
  std::string reason;
  const Fields fields(in, reason);
  Receipt receipt;
  fields.integer("applied", receipt.applied);
  fields.integer("acknowledged", receipt.acknowledged);
  Items items(records);
  fields.list("results", [&items](const Fields& result) { take_result(result, items); });
  for (auto& item : items) {
    if (!item && reason.empty()) {
      reason = "a record has no result";
    }
    receipt.items.push_back(item ? std::move(*item) : Receipt::Item{});
  }
  return reason.empty() ? Result<Receipt>(std::move(receipt))
                        : fail(Errc::malformed, "the hub's answer: " + reason);
}

}  // namespace ot::agent
