#include "store/outbox.hpp"

#include "tests/catch.hpp"
#include "tests/store/omron.hpp"
#include "tests/store/plant.hpp"

namespace ot::store::test {
namespace {

constexpr std::uint64_t kAll = 1000;

/// A store and what waits in it for one sink.
class Line {
 public:
  Line() : store_(open(folder_.path("s.db"))), outbox_(store_) {
    REQUIRE(outbox_.begin_epoch("hub", "all").has_value());
    commit();
  }

  Store& store() { return store_; }
  Outbox& outbox() { return outbox_; }
  std::string path() const { return folder_.path("s.db"); }
  void commit() { REQUIRE(store_.commit().has_value()); }

  Sink sink() {
    const auto found = outbox_.find("hub");
    REQUIRE(found.has_value());
    REQUIRE(found->has_value());
    return **found;
  }
  std::vector<Change> next(std::uint64_t most = kAll) {
    auto changes = outbox_.next(sink(), most);
    REQUIRE(changes.has_value());
    return *changes;
  }
  /// Puts the next changes, at most so many, on the way.
  std::vector<Change> take_off(std::uint64_t most = kAll) {
    auto changes = next(most);
    REQUIRE_FALSE(changes.empty());
    std::vector<SetAside> retried;
    for (const Change& change : changes) {
      if (change.number == 0) {
        retried.push_back({.sink = "hub", .kind = change.kind, .id = change.id});
      }
    }
    REQUIRE(
        outbox_.take_off(sink(), {"flight", changes.back().number, changes.size() < most}, retried)
            .has_value());
    commit();
    return changes;
  }
  void land(const std::vector<SetAside>& refused = {}) {
    REQUIRE(outbox_.land(sink(), refused).has_value());
    commit();
  }
  void tell_all() {
    take_off();
    land();
  }

 private:
  Folder folder_;
  Store store_;
  Outbox outbox_;
};

std::string words(const std::vector<Change>& changes) {
  std::string out;
  for (const Change& change : changes) {
    out += out.empty() ? "" : " ";
    out += change.kind == RecordKind::file ? "file" : "asset";
    out += std::to_string(change.id) + (change.gone ? " gone" : "");
  }
  return out;
}

}  // namespace

TEST_CASE("what is imported waits to be told, once, however often it changes", "[outbox]") {
  Line line;
  CHECK(line.next().empty());
  import(line.store(), {.assets = { cpu("S1", "A1") }});
  CHECK(words(line.next()) == "file1 asset1");
  auto other = cpu("S1", "A1");
  for (int i = 0; i < 10; ++i) {
    other.add_ons[0].order_id = "6ES7 " + std::to_string(i);
    import(line.store(), {.content = "v" + std::to_string(i), .assets = { other }});
  }
  std::size_t told_assets = 0;
  for (const auto& change : line.next()) {
    told_assets += change.kind == RecordKind::asset ? 1 : 0;
  }
  CHECK(told_assets == 1);
  CHECK(line.outbox().waiting(line.sink())->records == line.next().size());
}

TEST_CASE("reading a file again that has not changed tells nothing", "[outbox]") {
  Line line;
  const Version version{.assets = {cpu("S1", "A1")}};
  import(line.store(), version);
  line.tell_all();
  import(line.store(), version);
  CHECK(line.next().empty());
}

TEST_CASE("a file that fails or goes is told, and so is the asset that leaves", "[outbox]") {
  Line line;
  import(line.store(), {.assets = { cpu("S1", "A1") }});
  line.tell_all();
  gone(line.store(), "/plant/line1.cfg");
  CHECK(words(line.next()) == "file1 asset1 gone");
  CHECK(line.next().back().gone.has_value());
}

TEST_CASE("what comes with a rolled back batch is not told", "[outbox]") {
  Line line;
  const Version version{.assets = {cpu("S1", "A1")}};
  finish(line.store(), begin(line.store(), version), version);
  line.store().abandon();
  CHECK(line.next().empty());
}

TEST_CASE("a device that is seen again is told once an hour", "[outbox]") {
  Line line;
  const auto seen = [&line](std::int64_t minutes) {
    auto observation = cj2m();
    observation.at = Time(std::chrono::minutes(60 * 1000 + minutes));
    observe(line.store(), observation);
  };
  seen(0);
  line.tell_all();
  seen(59);
  CHECK(line.next().empty());
  seen(60);
  CHECK(words(line.next()) == "asset1");
}

TEST_CASE("a request that is repeated holds what has not changed meanwhile", "[outbox]") {
  Line line;
  import(line.store(), {.path = "/a.cfg", .assets = { cpu("S1", "A1") }});
  import(line.store(), {.path = "/b.cfg", .assets = { cpu("S2", "A2") }});
  CHECK(words(line.take_off()) == "file1 asset1 file2 asset2");
  auto other = cpu("S1", "A1");
  other.firmware_version = "V9";
  import(line.store(), {.path = "/a.cfg", .content = "second", .assets = { other }});
  CHECK(words(line.next()) == "file2 asset2");
  line.land();
  CHECK(words(line.next()) == "file1 file3 asset1");
  CHECK(line.sink().sequence == 1);
  CHECK_FALSE(line.sink().flight.has_value());
}

TEST_CASE("what a sink refuses is set aside, and retried when that is wanted", "[outbox]") {
  Line line;
  import(line.store(), {.assets = { cpu("S1", "A1") }});
  line.take_off();
  line.land({{.sink = "hub", .kind = RecordKind::asset, .id = 1, .at = now(), .reason = "no"}});
  CHECK(line.next().empty());
  REQUIRE(line.outbox().set_aside("hub")->size() == 1);
  CHECK(line.outbox().set_aside("")->front().reason == "no");
  CHECK(line.outbox().retry("hub") == 1);
  line.commit();
  CHECK(words(line.take_off()) == "asset1");
  CHECK(words(line.next()) == "asset1");  // the same again, after a restart
  line.land();
  CHECK(line.outbox().set_aside("hub")->empty());
}

TEST_CASE("a record that was set aside and changes goes again by itself", "[outbox]") {
  Line line;
  import(line.store(), {.assets = { cpu("S1", "A1") }});
  line.take_off();
  line.land({{.sink = "hub", .kind = RecordKind::asset, .id = 1, .at = now(), .reason = "no"}});
  auto other = cpu("S1", "A1");
  other.firmware_version = "V9";
  import(line.store(), {.content = "second", .assets = { other }});
  line.tell_all();
  CHECK(line.outbox().set_aside("hub")->empty());
}

TEST_CASE("what is set aside can be dropped", "[outbox]") {
  Line line;
  import(line.store(), {.assets = { cpu("S1", "A1") }});
  line.take_off();
  line.land({{.sink = "hub", .kind = RecordKind::asset, .id = 1, .at = now(), .reason = "no"}});
  CHECK(line.outbox().drop("other") == 0);
  CHECK(line.outbox().drop("hub") == 1);
  line.commit();
  CHECK(line.outbox().set_aside("")->empty());
  CHECK(line.next().empty());
}

TEST_CASE("a new epoch tells everything anew", "[outbox]") {
  Line line;
  import(line.store(), {.assets = { cpu("S1", "A1") }});
  line.tell_all();
  const auto before = line.sink();
  CHECK_FALSE(before.fresh);
  REQUIRE(line.outbox().begin_epoch("hub", "other").has_value());
  line.commit();
  CHECK(words(line.next()) == "file1 asset1");
  CHECK(line.sink().epoch != before.epoch);
  CHECK(line.sink().fresh);
  CHECK(line.sink().sequence == 0);
}

TEST_CASE("removals are kept until every sink was told, or they are too old", "[outbox]") {
  Line line;
  REQUIRE(line.outbox().begin_epoch("file", "all").has_value());
  import(line.store(), {.assets = { cpu("S1", "A1") }});
  line.tell_all();
  gone(line.store(), "/plant/line1.cfg");
  line.tell_all();
  const auto trim = [&line](std::chrono::hours age, Time at) {
    REQUIRE(line.store().trim({.removals = age}, at).has_value());
  };
  const auto of_file = [&line] { return *line.outbox().next(**line.outbox().find("file"), kAll); };
  trim(std::chrono::hours(24), now());
  CHECK(words(of_file()) == "file1 asset1 gone");
  trim(std::chrono::hours(24), now() + std::chrono::hours(48));
  CHECK(words(of_file()) == "file1");
}

TEST_CASE("a sink that missed removals begins anew, and the journal says so", "[outbox]") {
  Line line;
  import(line.store(), {.assets = { cpu("S1", "A1") }});
  line.tell_all();
  const auto epoch = line.sink().epoch;
  gone(line.store(), "/plant/line1.cfg");
  REQUIRE(line.store()
              .trim({.removals = std::chrono::hours(24)}, now() + std::chrono::hours(48))
              .has_value());
  CHECK(line.sink().epoch != epoch);
  CHECK(line.sink().told == 0);
  CHECK(entries(line.store(), "sink.renewed").size() == 1);
}

TEST_CASE("a copy of the store is another sender", "[outbox]") {
  Line line;
  import(line.store(), {.assets = { cpu("S1", "A1") }});
  line.tell_all();
  Folder folder;
  REQUIRE(line.store().back_up(folder.path("copy.db")).has_value());
  auto copy = open(folder.path("copy.db"));
  Outbox outbox(copy);
  const auto sink = outbox.find("hub");
  REQUIRE(sink->has_value());
  CHECK((**sink).epoch != line.sink().epoch);
  CHECK((**sink).told == 0);
}

TEST_CASE("sinks that are not configured any more are forgotten", "[outbox]") {
  Line line;
  const std::vector<std::string> kept = {"other"};
  REQUIRE(line.outbox().keep_sinks(kept).has_value());
  line.commit();
  CHECK(line.outbox().sinks()->empty());
}

}  // namespace ot::store::test
