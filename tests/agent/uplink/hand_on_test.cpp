#include <algorithm>
#include <map>

#include "agent/http/gunzip.hpp"
#include "agent/json_text.hpp"
#include "agent/redact.hpp"
#include "agent/uplink/chunk.hpp"
#include "agent/uplink/parcel.hpp"
#include "agent/uplink/wire.hpp"
#include "store/inbox.hpp"
#include "store/outbox.hpp"
#include "tests/catch.hpp"
#include "tests/store/omron.hpp"
#include "tests/store/plant.hpp"

namespace ot::agent::test {
namespace {

using store::Receipt;
using store::test::cj2m;
using store::test::cj2m_port;
using store::test::cpu;
using store::test::Folder;
using store::test::on_day;

Packing packing_of(const std::string& sensor, const std::string& filter = {}) {
  SinkConfig config{.name = "hub", .filter = filter};
  auto packing = Packing::of(config, sensor, now());
  REQUIRE(packing.has_value());
  return *packing;
}

/// A store that tells another one.
class Gateway {
 public:
  explicit Gateway(std::string sensor, const std::string& filter = {})
      : store_(store::test::open(folder_.path("s.db"))), packing_(packing_of(sensor, filter)) {
    begin_epoch();
  }

  store::Store& store() { return store_; }
  std::string path() const { return folder_.path("s.db"); }
  Packing& packing() { return packing_; }
  void commit() { REQUIRE(store_.commit().has_value()); }
  void begin_epoch() {
    REQUIRE(store::Outbox(store_).begin_epoch("hub", packing_.settings()).has_value());
    commit();
  }
  store::Sink sink() {
    const auto found = store::Outbox(store_).find("hub");
    REQUIRE(found.has_value());
    REQUIRE(found->has_value());
    return **found;
  }
  Parcel next() {
    auto parcel = pack(store_, sink(), packing_);
    INFO((parcel ? "" : parcel.error().text()));
    REQUIRE(parcel.has_value());
    return std::move(*parcel);
  }
  void take_off(const Parcel& parcel) {
    REQUIRE(store::Outbox(store_).take_off(sink(), parcel.flight, parcel.retried).has_value());
    commit();
  }
  void land() {
    REQUIRE(store::Outbox(store_).land(sink(), {}).has_value());
    commit();
  }
  bool has_more() {
    const auto at = sink();
    const auto waiting = store::Outbox(store_).waiting(at);
    REQUIRE(waiting.has_value());
    return waiting->records > 0 || at.fresh;
  }

 private:
  Folder folder_;
  store::Store store_;
  Packing packing_;
};

/// Another store, which takes what it is sent.
class HubStore {
 public:
  HubStore() : store_(store::test::open(folder_.path("hub.db"))) {}

  store::Store& store() { return store_; }
  std::string path() const { return folder_.path("hub.db"); }

  Receipt take(const Parcel& parcel, Time at = now()) {
    const auto body = http::gunzip(parcel.body, 1 << 24);
    REQUIRE(body.has_value());
    auto delivery = delivery_from(*body);
    INFO((delivery ? "" : delivery.error().text()));
    REQUIRE(delivery.has_value());
    delivery->arrived_at = at;
    return take(*delivery);
  }
  Receipt take(const store::Delivery& delivery, store::Gaps gaps = store::Gaps::refused) {
    auto receipt = store::Inbox(store_).take(delivery, gaps);
    INFO((receipt ? "" : receipt.error().text()));
    REQUIRE(receipt.has_value());
    REQUIRE(store_.commit().has_value());
    CHECK(store_.check()->empty());
    return *receipt;
  }

 private:
  Folder folder_;
  store::Store store_;
};

/// Everything that waits; how many records were applied.
std::uint64_t tell_all(Gateway& gateway, HubStore& hub) {
  std::uint64_t applied = 0;
  while (gateway.has_more()) {
    const auto parcel = gateway.next();
    gateway.take_off(parcel);
    const auto receipt = hub.take(parcel);
    CHECK(receipt.acknowledged == parcel.head.sequence);
    for (const auto& item : receipt.items) {
      CHECK(item.reason.empty());
    }
    applied += receipt.applied;
    gateway.land();
  }
  return applied;
}

/// A record without what is a number of one store alone.
Json without_numbers(Json record) {
  record.erase("assetId");
  record.erase("assetModules");
  for (auto& add_on : record.contains("addOns") ? record["addOns"] : record) {
    if (add_on.is_object()) {
      add_on.erase("addOnId");
    }
  }
  return record;
}

std::map<std::string, std::string> records_of(store::Store& store, const std::string& sensor) {
  std::map<std::string, std::string> all;
  for (auto& asset : store::test::assets(store)) {
    redact(asset);
    auto record = without_numbers(asset_json(asset, Shape::extended, sensor));
    all[record["assetUuid"].get<std::string>()] = json_text(record, 1);
  }
  for (auto& file : store::test::files(store)) {
    redact(file);
    auto record = file_json(file, Shape::extended);
    record.erase("sensorName");
    all[record["fileUuid"].get<std::string>()] = json_text(record, 1);
  }
  return all;
}

void check_equal(Gateway& gateway, HubStore& hub) {
  const auto sent = records_of(gateway.store(), gateway.packing().sensor_name);
  const auto held = records_of(hub.store(), "hub");
  REQUIRE(held.size() == sent.size());
  for (const auto& [uuid, record] : sent) {
    REQUIRE(held.contains(uuid));
    CHECK(held.at(uuid) == record);
  }
}

void observe_as_both(Gateway& gateway) {
  store::test::observe(gateway.store(), cj2m());
  store::test::observe(gateway.store(), cj2m_port(on_day(2)));
}

}  // namespace

TEST_CASE("a hub holds what its sensor holds", "[uplink]") {
  Gateway gateway("gw1");
  HubStore hub;
  auto station = cpu("S1", "A1");
  station.interfaces = {store::test::attachment("10.0.0.7", "00:0e:8c:12:34:56")};
  station.racks = {{.number = 0, .order_id = "6ES7390-1AE80-0AA0", .name = "UR"}};
  station.details = {{.name = "configurationVersion", .value = "3"}};
  store::test::import(gateway.store(), {.assets = {station, cpu("S2", "A2")},
                                        .place = {"Linz", "Hall 1", "Boiler"}});
  observe_as_both(gateway);
  CHECK(tell_all(gateway, hub) == 4);
  check_equal(gateway, hub);
  CHECK(tell_all(gateway, hub) == 0);
}

TEST_CASE("changes, removals and what comes back arrive", "[uplink]") {
  Gateway gateway("gw1");
  HubStore hub;
  store::test::import(gateway.store(), {.path = "/a.cfg", .assets = {cpu("S1", "A1")}});
  store::test::import(gateway.store(), {.path = "/b.cfg", .assets = {cpu("S2", "A2")}});
  tell_all(gateway, hub);
  auto other = cpu("S1", "A1");
  other.add_ons.erase(other.add_ons.begin());
  other.add_ons.push_back(store::test::module_at(9, "6ES7331-7KF02-0AB0", "S C-1"));
  store::test::import(gateway.store(), {.path = "/a.cfg", .content = "second", .assets = {other}});
  store::test::gone(gateway.store(), "/b.cfg");
  tell_all(gateway, hub);
  check_equal(gateway, hub);
  CHECK(store::test::assets(hub.store()).size() == 1);
  store::test::import(gateway.store(), {.path = "/b.cfg", .assets = {cpu("S2", "A2")}});
  tell_all(gateway, hub);
  check_equal(gateway, hub);
}

TEST_CASE("what differs between project and device is told with the asset", "[uplink]") {
  Gateway gateway("gw1");
  HubStore hub;
  auto station = cpu("S1", "A1");
  station.interfaces = {store::test::attachment("10.113.0.5")};
  store::test::import(gateway.store(), {.assets = {station}, .place = cj2m().place});
  observe_as_both(gateway);
  tell_all(gateway, hub);
  check_equal(gateway, hub);
  const auto asset = store::test::only_asset(hub.store());
  CHECK_FALSE(asset.stated.empty());
  CHECK(asset.configured);
  CHECK(asset.sightings.size() == 2);
  CHECK(asset.sensor == "gw1");
}

TEST_CASE("a request whose answer was lost is taken once", "[uplink]") {
  Gateway gateway("gw1");
  HubStore hub;
  store::test::import(gateway.store(), {.assets = {cpu("S1", "A1")}});
  const auto parcel = gateway.next();
  gateway.take_off(parcel);
  CHECK(hub.take(parcel).applied == 2);
  const auto before = store::test::dump(hub.path(), {"sensors"});
  const auto again = hub.take(gateway.next());
  CHECK(again.applied == 0);
  CHECK(again.acknowledged == 1);
  for (const auto& item : again.items) {
    CHECK(item.status == Receipt::Status::duplicate);
  }
  CHECK(store::test::dump(hub.path(), {"sensors"}) == before);
}

TEST_CASE("a store that was restored is not believed; it tells everything anew", "[uplink]") {
  Gateway gateway("gw1");
  HubStore hub;
  store::test::import(gateway.store(), {.path = "/a.cfg", .assets = {cpu("S1", "A1")}});
  tell_all(gateway, hub);
  store::test::import(gateway.store(), {.path = "/b.cfg", .assets = {cpu("S2", "A2")}});

  SECTION("the hub's, to before the last request") {
    auto parcel = gateway.next();
    parcel.head.sequence = 9;
    HubStore restored;
    const auto receipt = restored.take(parcel);
    CHECK(receipt.acknowledged != parcel.head.sequence);
    CHECK(receipt.applied <= 2);
  }
  SECTION("the sensor's: the same number with another flight") {
    const auto parcel = gateway.next();
    CHECK(hub.take(parcel).acknowledged == parcel.head.sequence);
    auto other = gateway.next();
    CHECK(other.flight.name != parcel.flight.name);
    CHECK(hub.take(other).acknowledged != other.head.sequence);
  }
  gateway.begin_epoch();
  tell_all(gateway, hub);
  check_equal(gateway, hub);
}

TEST_CASE("what an earlier epoch told and this one did not is gone when it is complete",
          "[uplink]") {
  Gateway gateway("gw1");
  HubStore hub;
  store::test::import(gateway.store(), {.path = "/a.cfg", .assets = {cpu("S1", "A1")}});
  tell_all(gateway, hub);
  Gateway successor("gw1");
  store::test::import(successor.store(), {.path = "/b.cfg", .assets = {cpu("S2", "A2")}});
  tell_all(successor, hub);
  check_equal(successor, hub);
}

TEST_CASE("a filter decides what is told, and takes back what does not match any more",
          "[uplink]") {
  Gateway gateway("gw1", "station: S1");
  HubStore hub;
  store::test::import(gateway.store(), {.path = "/a.cfg", .assets = {cpu("S1", "A1")}});
  store::test::import(gateway.store(), {.path = "/b.cfg", .assets = {cpu("S2", "A2")}});
  tell_all(gateway, hub);
  REQUIRE(store::test::assets(hub.store()).size() == 1);
  CHECK(store::test::only_asset(hub.store()).shown.record.station == "S1");
  auto renamed = cpu("S3", "A1");
  store::test::import(gateway.store(),
                      {.path = "/a.cfg", .content = "second", .assets = {renamed}});
  tell_all(gateway, hub);
  CHECK(store::test::assets(hub.store()).empty());
}

TEST_CASE("two gateways without a place have two assets, whatever their addresses", "[uplink]") {
  Gateway one("gw1");
  Gateway other("gw2");
  HubStore hub;
  auto station = cpu("S1", "");
  station.interfaces = {store::test::attachment("192.168.0.1")};
  store::test::import(one.store(), {.assets = {station}});
  store::test::import(other.store(), {.assets = {station}});
  tell_all(one, hub);
  tell_all(other, hub);
  CHECK(store::test::assets(hub.store()).size() == 2);
}

TEST_CASE("two gateways that see one device have one asset; the newer word counts", "[uplink]") {
  Gateway one("gw1");
  Gateway other("gw2");
  HubStore hub;
  store::test::observe(one.store(), store::test::meter("77", on_day(1)));
  auto later = store::test::meter("77", on_day(3));
  later.record.firmware_version = "9.9";
  store::test::observe(other.store(), later);
  tell_all(other, hub);
  tell_all(one, hub);
  const auto asset = store::test::only_asset(hub.store());
  CHECK(asset.shown.record.firmware_version == "9.9");
  CHECK(asset.sensor == "gw2");
  CHECK(store::Inbox(hub.store()).sensors()->size() == 2);

  SECTION("when the newer one forgets it, the older word is left") {
    REQUIRE(
        other.store().forget_asset(store::test::only_asset(other.store()).asset_id).has_value());
    other.commit();
    tell_all(other, hub);
    CHECK(store::test::only_asset(hub.store()).sensor == "gw1");
  }
  SECTION("what a sensor sent can be forgotten") {
    REQUIRE(store::Inbox(hub.store()).forget("gw2").has_value());
    REQUIRE(hub.store().commit().has_value());
    CHECK(store::test::only_asset(hub.store()).sensor == "gw1");
    CHECK(hub.store().check()->empty());
  }
}

TEST_CASE("a hub hands on what it was sent, and who found it", "[uplink]") {
  Gateway gateway("gw1");
  HubStore platform;
  Gateway site("site-hub");
  store::test::import(gateway.store(), {.assets = {cpu("S1", "A1")}, .place = {"Linz", "", ""}});
  observe_as_both(gateway);
  while (gateway.has_more()) {
    const auto parcel = gateway.next();
    gateway.take_off(parcel);
    auto delivery = delivery_from(*http::gunzip(parcel.body, 1 << 24));
    REQUIRE(delivery.has_value());
    delivery->arrived_at = now();
    REQUIRE(store::Inbox(site.store()).take(*delivery, store::Gaps::refused).has_value());
    site.commit();
    gateway.land();
  }
  tell_all(site, platform);
  CHECK(records_of(platform.store(), "x") == records_of(gateway.store(), "gw1"));
  for (const auto& asset : store::test::assets(platform.store())) {
    CHECK(asset.sensor == "gw1");
  }
}

TEST_CASE("what was found here and what was sent are one asset, whichever came first", "[uplink]") {
  Gateway gateway("gw1");
  HubStore hub;
  auto sent = store::test::meter("77", on_day(2));
  sent.record.firmware_version = "2.0";
  store::test::observe(gateway.store(), sent);
  auto seen = store::test::meter("77", on_day(1));
  seen.record.firmware_version = "1.0";
  const bool sent_first = GENERATE(true, false);
  if (sent_first) {
    tell_all(gateway, hub);
  }
  store::test::observe(hub.store(), seen);
  if (!sent_first) {
    tell_all(gateway, hub);
  }
  const auto firmware = [&hub] {
    return store::test::only_asset(hub.store()).shown.record.firmware_version;
  };
  const auto asset = store::test::only_asset(hub.store());
  CHECK(asset.sensor.empty());
  CHECK(asset.sightings.size() == 2);
  CHECK(hub.store().sources_of(asset.asset_id)->size() == 2);
  CHECK(firmware() == "2.0");
  seen.at = on_day(3);
  store::test::observe(hub.store(), seen);
  CHECK(firmware() == "1.0");

  // Either may be taken back.
  REQUIRE(store::Inbox(hub.store()).forget("gw1").has_value());
  REQUIRE(hub.store().commit().has_value());
  CHECK(firmware() == "1.0");
  CHECK(store::test::only_asset(hub.store()).sightings.size() == 1);
  CHECK(hub.store().check()->empty());
}

TEST_CASE("a file of one's own and a record of another's are one asset, and two again",
          "[uplink]") {
  Gateway gateway("gw1");
  HubStore hub;
  store::test::import(gateway.store(), {.path = "/far.cfg", .assets = {cpu("S1", "A1")}});
  store::test::import(hub.store(), {.path = "/near.cfg", .assets = {cpu("S1", "A1")}});
  tell_all(gateway, hub);
  CHECK(store::test::assets(hub.store()).size() == 1);
  store::test::gone(hub.store(), "/near.cfg");
  CHECK(store::test::only_asset(hub.store()).sensor == "gw1");
  store::test::import(hub.store(), {.path = "/near.cfg", .assets = {cpu("S1", "A1")}});
  CHECK(store::test::only_asset(hub.store()).sensor.empty());
  store::test::gone(gateway.store(), "/far.cfg");
  tell_all(gateway, hub);
  const auto left = store::test::only_asset(hub.store());
  CHECK(left.shown.path == "/near.cfg");
  CHECK(left.shown.file_id > 0);
  CHECK(hub.store().check()->empty());
}

TEST_CASE("files of two gateways at the same path stay two, through any hub", "[uplink]") {
  Gateway one("gw1");
  Gateway other("gw2");
  Gateway site("site-hub");
  HubStore platform;
  for (auto* gateway : {&one, &other}) {
    store::test::import(gateway->store(), {.path = "/srv/a.cfg", .assets = {cpu("S1", "")}});
    while (gateway->has_more()) {
      const auto parcel = gateway->next();
      gateway->take_off(parcel);
      auto delivery = delivery_from(*http::gunzip(parcel.body, 1 << 24));
      REQUIRE(delivery.has_value());
      delivery->arrived_at = now();
      REQUIRE(store::Inbox(site.store()).take(*delivery, store::Gaps::refused).has_value());
      site.commit();
      gateway->land();
    }
  }
  tell_all(site, platform);
  std::size_t live = 0;
  for (const auto& file : store::test::files(platform.store())) {
    live += file.status == FileStatus::imported ? 1 : 0;
  }
  CHECK(live == 2);
}

TEST_CASE("a repeated request says that all is told only where nothing came since", "[uplink]") {
  Gateway gateway("gw1");
  store::test::import(gateway.store(), {.path = "/a.cfg", .assets = {cpu("S1", "A1")}});
  const auto parcel = gateway.next();
  CHECK(parcel.head.complete);
  gateway.take_off(parcel);
  CHECK(gateway.next().head.complete);
  auto other = cpu("S1", "A1");
  other.firmware_version = "V9";
  store::test::import(gateway.store(), {.path = "/a.cfg", .content = "second", .assets = {other}});
  const auto again = gateway.next();
  CHECK(again.flight.name == parcel.flight.name);
  CHECK_FALSE(again.head.complete);
}

TEST_CASE("an answer to what is not on its way any more counts for nothing", "[uplink]") {
  Gateway gateway("gw1");
  store::test::import(gateway.store(), {.assets = {cpu("S1", "A1")}});
  const auto parcel = gateway.next();
  gateway.take_off(parcel);
  const auto before = gateway.sink();
  gateway.begin_epoch();
  store::Outbox outbox(gateway.store());
  CHECK(outbox.land(before, {}).error().code() == Errc::changed);
  CHECK(outbox.turn_back(before).error().code() == Errc::changed);
  CHECK(outbox.take_off(before, {"other", 1}, {}).error().code() == Errc::changed);
  CHECK(gateway.sink().told == 0);
  CHECK(gateway.sink().sequence == 0);
}

TEST_CASE("a record that can't be is refused alone, again with the same reason", "[uplink]") {
  HubStore hub;
  const std::string body = R"({"sensorId":"gw1","epoch":"e","sequence":1,"flight":"f","records":[
    {"op":"put","kind":"asset","record":{"assetUuid":"4da66005-911b-59b0-bb8d-193d3255af7e",
     "name":"good"}},
    {"op":"put","kind":"asset","record":{"assetUuid":"no"}},
    {"op":"put","kind":"asset","record":{"assetUuid":"4da66005-911b-59b0-bb8d-193d3255af70",
     "rack":-1}},
    {"op":"what","kind":"asset","record":{}}, 17]})";
  for (int turn = 0; turn < 2; ++turn) {
    auto delivery = delivery_from(body);
    REQUIRE(delivery.has_value());
    delivery->arrived_at = now();
    const auto receipt = hub.take(*delivery);
    REQUIRE(receipt.items.size() == 5);
    CHECK(receipt.applied == (turn == 0 ? 1 : 0));
    for (std::size_t i = 1; i < receipt.items.size(); ++i) {
      CHECK(receipt.items[i].status == Receipt::Status::rejected);
      CHECK_FALSE(receipt.items[i].reason.empty());
    }
  }
  CHECK(store::test::only_asset(hub.store()).shown.record.name == "good");
}

TEST_CASE("a body that is none is refused whole", "[uplink]") {
  const std::string deep = std::string(100, '[') + std::string(100, ']');
  for (const std::string& body :
       {std::string(), std::string("[]"), std::string("{"), std::string(R"({"sensorId":"a"})"),
        std::string(R"({"sensorId":"a","epoch":"e","sequence":0,"records":[]})"),
        std::string(R"({"sensorId":"a","epoch":"e","sequence":1,"records":{}})"),
        R"({"sensorId":"a","epoch":"e","sequence":1,"records":)" + deep + "}"}) {
    INFO(body);
    CHECK_FALSE(delivery_from(body).has_value());
  }
}

TEST_CASE("a small body that unfolds to a large plant is refused", "[uplink]") {
  std::string add_ons = "{}";
  for (int i = 1; i < 10'000; ++i) {
    add_ons += ",{}";
  }
  std::string records;
  for (int i = 0; i < 30; ++i) {
    records += (i == 0 ? "" : ",") +
               std::string(R"({"op":"put","kind":"asset","record":{"addOns":[)") + add_ons + "]}}";
  }
  const auto delivery =
      delivery_from(R"({"sensorId":"a","epoch":"e","sequence":1,"records":[)" + records + "]}");
  REQUIRE_FALSE(delivery.has_value());
  CHECK(delivery.error().code() == Errc::too_large);
  CHECK_THAT(delivery.error().message(), Catch::Contains("objects and lists"));
}

TEST_CASE("an answer has a result for each record, or is none", "[uplink]") {
  Receipt receipt;
  receipt.applied = 1;
  receipt.acknowledged = 7;
  receipt.items = {{Receipt::Status::applied, ""}, {Receipt::Status::rejected, "why"}};
  const auto text = receipt_text(receipt);
  const auto read = receipt_from(text, 2);
  REQUIRE(read.has_value());
  CHECK(read->acknowledged == 7);
  CHECK(read->items[1].reason == "why");
  CHECK_FALSE(receipt_from(text, 3).has_value());
  CHECK_FALSE(receipt_from(text, 1).has_value());
  CHECK_FALSE(receipt_from("<html>", 0).has_value());
  CHECK_FALSE(receipt_from("{}", 0).has_value());
}

TEST_CASE("a chunk is whole, or says where it is not", "[uplink]") {
  Gateway gateway("gate way");
  gateway.packing().kind = SinkConfig::Kind::file;
  store::test::import(gateway.store(), {.assets = {cpu("S1", "A1"), cpu("S2", "A2")}});
  const auto parcel = gateway.next();
  const auto text = chunk_text(parcel.head, parcel.body);
  CHECK(is_chunk_name(chunk_name(parcel.head)));
  CHECK(chunk_name(parcel.head).starts_with("gate_way-"));
  const auto delivery = delivery_from_chunk(text);
  REQUIRE(delivery.has_value());
  CHECK(delivery->records.size() == 3);
  HubStore hub;
  CHECK(hub.take(*delivery, store::Gaps::accepted).applied == 3);
  for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, text.size() / 2, text.size() - 3}) {
    CHECK_FALSE(delivery_from_chunk(std::string_view(text).substr(0, cut)).has_value());
  }
  auto altered = text;
  altered[altered.find("S1")] = 'X';
  const auto refused = delivery_from_chunk(altered);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message().find("altered") != std::string::npos);
  const std::string depth(200'000, '[');
  CHECK_FALSE(delivery_from_chunk("{\"x\":" + depth + "\n{\"sha256\":\"\"}\n").has_value());
}

}  // namespace ot::agent::test
