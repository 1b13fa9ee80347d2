#include "agent/uplink/sent_record.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "agent/uplink/json_fields.hpp"
#include "base/hash.hpp"

namespace ot::agent {
namespace {

using nlohmann::json;
using store::SentAsset;
using store::SentRecord;

/// Reads one record; whatever can't be ends in `reason`.
class Reader {
 public:
  explicit Reader(std::string& reason) : reason_(reason) {}

  void hardware(const Fields& fields, Hardware& value) const {
    const auto* object = fields.object("hardware");
    if (object == nullptr) {
      return;
    }
    const Fields inner(*object, reason_);
    inner.text("vendor", value.vendor);
    inner.text("model", value.model);
    inner.text("productName", value.product_name);
    std::string category;
    inner.text("category2", category);
    value.category = category_from(category);
  }

  AddOn add_on(const Fields& fields) const {
    AddOn value;
    fields.text("name", value.name);
    fields.text("typeId", value.type_id);
    fields.text("bus", value.bus);
    fields.text("unitAddress", value.unit_address);
    fields.text("orderId", value.order_id);
    fields.text("serialNumber", value.serial_number);
    fields.text("firmwareVersion", value.firmware_version);
    fields.text("ioAddresses", value.io_addresses);
    hardware(fields, value.hardware);
    fields.word("slaveAddress", value.slave_address, slave_address_from);
    fields.number("rack", value.rack);
    fields.number("slot", value.slot);
    fields.number("subslot", value.subslot);
    fields.word("origin", value.origin, origin_from);
    fields.word("confidence", value.confidence, confidence_from);
    return value;
  }

  static Interface interface(const Fields& fields) {
    Interface value;
    fields.text("name", value.name);
    fields.text("address", value.address);
    fields.text("subnetMask", value.subnet_mask);
    fields.text("gateway", value.gateway);
    fields.text("macAddress", value.mac_address);
    fields.text("network", value.network);
    fields.text("deviceName", value.device_name);
    fields.number("profibusAddress", value.profibus_address);
    fields.number("mpiAddress", value.mpi_address);
    fields.number("slot", value.slot);
    fields.number("subslot", value.subslot);
    return value;
  }

  static Detail detail(const Fields& fields) {
    Detail value;
    fields.text("name", value.name);
    fields.text("value", value.value);
    fields.word("confidence", value.confidence, confidence_from);
    return value;
  }

  static Rack rack(const Fields& fields) {
    Rack value;
    fields.integer("number", value.number);
    fields.text("orderId", value.order_id);
    fields.text("name", value.name);
    return value;
  }

  Asset asset(const Fields& fields) const {
    Asset value;
    fields.text("name", value.name);
    fields.text("station", value.station);
    fields.text("typeId", value.type_id);
    fields.text("projectAssetId", value.project_asset_id);
    fields.text("bus", value.bus);
    fields.text("orderId", value.order_id);
    fields.text("serialNumber", value.serial_number);
    fields.text("firmwareVersion", value.firmware_version);
    hardware(fields, value.hardware);
    fields.number("deviceNumber", value.device_number);
    fields.number("rack", value.rack);
    fields.number("slot", value.slot);
    fields.word("origin", value.origin, origin_from);
    fields.word("confidence", value.confidence, confidence_from);
    fields.list("interfaces",
                [&](const Fields& item) { value.interfaces.push_back(interface(item)); });
    fields.list("racks", [&](const Fields& item) { value.racks.push_back(rack(item)); });
    fields.list("details", [&](const Fields& item) { value.details.push_back(detail(item)); });
    fields.list("addOns", [&](const Fields& item) { value.add_ons.push_back(add_on(item)); });
    // The list has the newest id first; here they are given again, in the order of then.
    std::reverse(value.add_ons.begin(), value.add_ons.end());
    return value;
  }

  static void source(const Fields& fields, SentAsset& sent) {
    store::Sighting sighting;
    fields.text("protocol", sighting.protocol);
    if (sighting.protocol.empty()) {
      fields.text("path", sent.path);
      fields.time("exportedAt", sent.exported_at);
      return;
    }
    fields.text("target", sighting.target);
    fields.text("address", sighting.address);
    fields.time("firstSeen", sighting.first_seen);
    fields.time("lastSeen", sighting.last_seen);
    sent.sightings.push_back(std::move(sighting));
  }

  static store::StatedDifference difference(const Fields& fields) {
    store::StatedDifference value;
    fields.text("place", value.place);
    fields.text("kind", value.kind);
    fields.text("configured", value.configured);
    fields.text("observed", value.observed);
    return value;
  }

  SentAsset sent_asset(const Fields& fields) const {
    SentAsset sent;
    sent.record = asset(fields);
    fields.text("site", sent.site);
    fields.text("area", sent.area);
    fields.time("created", sent.created);
    fields.time("lastUpdated", sent.last_updated);
    fields.list("sources", [&](const Fields& item) { source(item, sent); });
    fields.list("differences",
                [&](const Fields& item) { sent.differences.push_back(difference(item)); });
    if (const auto* inventory = fields.object("inventory")) {
      std::string found_by;
      Fields(*inventory, reason_).text("source", found_by);
      sent.configured = found_by.find("Project File") != std::string::npos;
    }
    sent.configured |= sent.sightings.empty();  // somebody must have found it
    return sent;
  }

  static Warning warning(const Fields& fields) {
    Warning value;
    fields.text("message", value.message);
    std::optional<std::uint64_t> line;
    std::optional<std::uint64_t> offset;
    fields.integer("line", line);
    fields.integer("offset", offset);
    if (line || offset) {
      value.position = line ? Position::line(*line) : Position::offset(*offset);
    }
    return value;
  }

  static store::StoredFile file(const Fields& fields) {
    store::StoredFile value;
    fields.text("name", value.name);
    fields.text("extension", value.extension);
    fields.word("status", value.status, file_status_from);
    fields.text("path", value.path);
    fields.text("site", value.place.site);
    fields.text("area", value.place.area);
    fields.text("plantLocation", value.place.plant_location);
    fields.text("vendor", value.vendor);
    fields.integer("assetCount", value.asset_count);
    fields.text("engineeringToolName", value.engineering_tool_name);
    fields.text("engineeringToolVersion", value.engineering_tool_version);
    fields.word("engineeringToolConfidence", value.tool_confidence, confidence_from);
    fields.text("projectName", value.project_name);
    fields.text("exportedText", value.exported_text);
    fields.time("exportedAt", value.exported_at);
    fields.text("fileHash", value.digests.md5);
    fields.text("sha256", value.digests.sha256);
    fields.text("uploadedBy", value.uploaded_by);
    fields.time("lastUpdated", value.last_updated);
    fields.integer("size", value.size);
    fields.text("parser", value.parser);
    fields.text("error", value.error);
    fields.list("details", [&](const Fields& item) { value.details.push_back(detail(item)); });
    fields.list("warnings", [&](const Fields& item) { value.warnings.push_back(warning(item)); });
    if (value.status == FileStatus::importing) {
      fields.refuse("status", "is that of a file that is being read");
    }
    return value;
  }

 private:
  std::string& reason_;
};

/// Their parts become one value, as the keys are kept.
store::Key key_from(const Fields& fields, const json& in) {
  store::Key key;
  fields.word("kind", key.kind, store::key_kind_from);
  const auto parts = in.find("value");
  if (parts == in.end() || !parts->is_array() || parts->empty()) {
    fields.refuse("value", "of a key is no list of texts");
    return key;
  }
  for (const auto& part : *parts) {
    const auto* text = part.get_ptr<const std::string*>();
    if (text == nullptr || text->find('\n') != text->npos || text->size() > kLongestText) {
      fields.refuse("value", "of a key is no list of texts");
      return key;
    }
    key.value += (&part == &parts->front() ? "" : "\n") + part.get_ref<const std::string&>();
  }
  return key;
}

std::vector<store::Key> keys_from(const json& in, std::string& reason) {
  constexpr std::size_t kMostKeys = 1024;
  std::vector<store::Key> keys;
  const auto list = in.find("keys");
  if (list == in.end()) {
    return keys;
  }
  if (!list->is_array() || list->size() > kMostKeys) {
    Fields(in, reason).refuse("keys", "is no list of at most 1024");
    return keys;
  }
  for (const auto& item : *list) {
    if (!item.is_object()) {
      Fields(in, reason).refuse("keys", "has an element that is no object");
      break;
    }
    keys.push_back(key_from(Fields(item, reason), item));
  }
  return keys;
}

/// Whatever of it changes, it is another one; when it was sent is no part of it.
std::int64_t fingerprint_of(const json& in) {
  std::string text;
  for (const char* part : {"keys", "record"}) {
    if (const auto found = in.find(part); found != in.end()) {
      text += found->dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
    }
  }
  std::uint64_t value = 0;
  const auto digest = sha1(text);
  for (std::size_t i = 0; i < sizeof value; ++i) {
    value = value << 8 | digest.at(i);
  }
  return static_cast<std::int64_t>(value);
}

void take_uuid(const Fields& fields, const char* name, SentRecord& record) {
  std::string text;
  fields.text(name, text);
  const auto uuid = parse_uuid(text);
  uuid ? void(record.uuid = *uuid) : fields.refuse(name, "is no UUID");
}

void take_asset(const Fields& fields, const json& in, std::string& reason, SentRecord& record) {
  record.asset = Reader(reason).sent_asset(fields);
  record.asset->keys = keys_from(in, reason);
  if (const auto* inventory = fields.object("inventory")) {
    Fields(*inventory, reason).text("sensorName", record.seen_by);
  }
}

}  // namespace

std::string take_head(const json& in, store::Delivery& delivery) {
  std::string reason;
  const Fields fields(in, reason);
  fields.text("sensorId", delivery.sensor);
  fields.text("epoch", delivery.epoch);
  fields.integer("sequence", delivery.sequence);
  fields.text("flight", delivery.flight);
  fields.flag("complete", delivery.complete);
  fields.time("sentAt", delivery.sent_at);
  const bool lacks_part =
      delivery.sensor.empty() || delivery.epoch.empty() || delivery.sequence < 1;
  return reason.empty() && lacks_part ? "its head lacks a part" : reason;
}

tl::expected<SentRecord, std::string> sent_record_from(const json& in) {
  std::string reason;
  if (!in.is_object()) {
    return tl::unexpected(std::string("a record is no object"));
  }
  const Fields head(in, reason);
  SentRecord record;
  std::string op;
  std::string kind;
  head.text("op", op);
  head.text("kind", kind);
  head.time("observedAt", record.observed_at);
  const auto* body = head.object("record");
  const bool is_asset = kind == "asset";
  if ((!is_asset && kind != "projectfile") || (op != "put" && op != "gone") || body == nullptr) {
    return tl::unexpected(std::string(
        R"(it takes "op": "put" or "gone", "kind": "asset" or "projectfile", and a "record")"));
  }
  record.kind = is_asset ? store::RecordKind::asset : store::RecordKind::file;
  const Fields fields(*body, reason);
  take_uuid(fields, is_asset ? "assetUuid" : "fileUuid", record);
  if (op == "put" && is_asset) {
    take_asset(fields, in, reason, record);
  } else if (op == "put") {
    record.file = Reader::file(fields);
    fields.text("sensorName", record.seen_by);
  }
  record.fingerprint = fingerprint_of(in);
  return reason.empty() ? tl::expected<SentRecord, std::string>(std::move(record))
                        : tl::unexpected(std::move(reason));
}

}  // namespace ot::agent
