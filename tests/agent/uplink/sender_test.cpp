#include "agent/uplink/sender.hpp"

#include <deque>
#include <functional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "tests/catch.hpp"
#include "tests/store/plant.hpp"

namespace ot::agent::test {
namespace {

using store::test::cpu;
using store::test::Folder;
using Kind = Sender::Turn::Kind;

/// Answers as the test says, and keeps what it was given.
class FakeOutlet final : public Outlet {
 public:
  using Answer = std::function<Outcome(const Parcel&)>;

  struct Log {
    std::vector<Parcel> parcels;
    Answer answer = [](const Parcel&) { return Outcome(); };
  };

  explicit FakeOutlet(Log& log) : log_(log) {}

  asio::awaitable<Outcome> send(const Parcel& parcel) override {
    log_.parcels.push_back(parcel);
    co_return log_.answer(parcel);
  }
  std::string preview(const Parcel& /*parcel*/) override { return {}; }
  asio::awaitable<void> close() override { co_return; }
  void abort() override {}

 private:
  Log& log_;
};

/// A store with so many assets, and a sender that tells them.
class Fixture {
 public:
  explicit Fixture(int assets) : store_(store::test::open(folder_.path("s.db"))) {
    for (int i = 0; i < assets; ++i) {
      const auto name = std::to_string(i);
      store::test::import(store_, {.path = "/p/" + name + ".cfg",
                                   .content = name,
                                   .assets = {cpu("S" + name, "A" + name)}});
    }
    restart();
  }
  ~Fixture() {
    sender_.reset();
    readers_.reset();
    thread_.reset();
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  FakeOutlet::Log log;

  /// As after kill -9: nothing but the store is left.
  void restart() {
    sender_.reset();
    readers_.reset();
    thread_.reset();
    thread_ = std::make_unique<StoreThread>(store_);
    auto opened = open_readers(folder_.path("s.db"), 1);
    REQUIRE(opened.has_value());
    readers_ = std::make_unique<Readers<ListReader>>(std::move(*opened));
    const SinkConfig config{.name = "hub", .batch = 8};
    auto packing = Packing::of(config, "gw1", now());
    REQUIRE(packing.has_value());
    sender_ = std::make_shared<Sender>(io_.get_executor(), *thread_, *readers_, config, *packing,
                                       std::make_unique<FakeOutlet>(log));
  }

  Sender::Turn turn() {
    Sender::Turn result;
    io_.restart();
    asio::co_spawn(io_, sender_->turn(),
                   [&result](const std::exception_ptr& error, Sender::Turn turn) {
                     REQUIRE_FALSE(error);
                     result = turn;
                   });
    io_.run();
    return result;
  }
  /// Until nothing is left; how many turns that took.
  int drain(int most = 200) {
    int turns = 0;
    while (turns < most && turn().kind == Kind::told) {
      ++turns;
    }
    return turns;
  }

  const Sender& sender() const { return *sender_; }
  store::Store& store() { return store_; }
  std::vector<store::SetAside> set_aside() { return *store::Outbox(store_).set_aside("hub"); }
  std::uint64_t waiting() {
    return store::Outbox(store_).waiting(**store::Outbox(store_).find("hub"))->records;
  }

 private:
  Folder folder_;
  store::Store store_;
  asio::io_context io_;
  std::unique_ptr<StoreThread> thread_;
  std::unique_ptr<Readers<ListReader>> readers_;
  std::shared_ptr<Sender> sender_;
};

}  // namespace

TEST_CASE("everything is told in requests of at most so many records, and then nothing",
          "[uplink]") {
  Fixture fixture(10);
  CHECK(fixture.drain() == 3);
  std::size_t records = 0;
  for (std::size_t i = 0; i < fixture.log.parcels.size(); ++i) {
    const auto& parcel = fixture.log.parcels[i];
    CHECK(parcel.records.size() <= 8);
    CHECK(parcel.head.sequence == static_cast<std::int64_t>(i) + 1);
    CHECK(parcel.head.complete == (i == 2));
    records += parcel.records.size();
  }
  CHECK(records == 20);
  CHECK(fixture.turn().kind == Kind::idle);
  CHECK(fixture.waiting() == 0);
}

TEST_CASE("an empty store is told once, so that nothing of before stays", "[uplink]") {
  Fixture fixture(0);
  CHECK(fixture.drain() == 1);
  CHECK(fixture.log.parcels.front().head.complete);
}

TEST_CASE("a request that was not answered is made again as the same, after a crash, too",
          "[uplink]") {
  Fixture fixture(3);
  fixture.log.answer = [](const Parcel&) { return Outcome(Outcome::Kind::later, "no line"); };
  CHECK(fixture.turn().kind == Kind::later);
  CHECK(fixture.sender().status().problem == "no line");
  fixture.restart();
  CHECK(fixture.turn().kind == Kind::later);
  const auto& parcels = fixture.log.parcels;
  REQUIRE(parcels.size() == 2);
  CHECK(parcels[0].flight.name == parcels[1].flight.name);
  CHECK(parcels[0].head.sequence == parcels[1].head.sequence);
  CHECK(parcels[0].records.size() == parcels[1].records.size());
  fixture.log.answer = [](const Parcel&) { return Outcome(); };
  fixture.drain();
  CHECK(fixture.waiting() == 0);
}

TEST_CASE("a hub is greeted at the start, although there is nothing to tell", "[uplink]") {
  Fixture fixture(1);
  fixture.drain();
  fixture.log.parcels.clear();
  CHECK(fixture.turn().kind == Kind::idle);
  fixture.restart();
  CHECK(fixture.drain() == 1);
  REQUIRE(fixture.log.parcels.size() == 1);
  CHECK(fixture.log.parcels[0].records.empty());
  CHECK_FALSE(fixture.log.parcels[0].head.complete);
}

TEST_CASE("a wait that the other side names is kept", "[uplink]") {
  Fixture fixture(1);
  fixture.log.answer = [](const Parcel&) {
    Outcome outcome(Outcome::Kind::later, "busy");
    outcome.wait = std::chrono::seconds(7);
    return outcome;
  };
  CHECK(fixture.turn().wait == std::chrono::seconds(7));
}

TEST_CASE("one bad record ends alone and aside, and holds up nobody", "[uplink]") {
  Fixture fixture(10);
  fixture.log.answer = [](const Parcel& parcel) {
    const bool bad =
        std::any_of(parcel.records.begin(), parcel.records.end(), [](const auto& record) {
          return record.kind == store::RecordKind::asset && record.id == 5;
        });
    return bad ? Outcome(Outcome::Kind::too_much, "413: too large") : Outcome();
  };
  fixture.drain();
  CHECK(fixture.waiting() == 0);
  const auto aside = fixture.set_aside();
  REQUIRE(aside.size() == 1);
  CHECK(aside[0].id == 5);
  CHECK(aside[0].reason == "413: too large");
}

TEST_CASE("where every record is refused, it is not the records", "[uplink]") {
  Fixture fixture(40);
  fixture.log.answer = [](const Parcel&) { return Outcome(Outcome::Kind::too_much, "400"); };
  fixture.drain();
  CHECK(fixture.set_aside().size() == 20);
  CHECK(fixture.waiting() > 0);
  CHECK(fixture.sender().status().problem.find("one after the other") != std::string::npos);
}

TEST_CASE("records that are refused by name are set aside with their reasons", "[uplink]") {
  Fixture fixture(2);
  fixture.log.answer = [](const Parcel& parcel) {
    Outcome outcome;
    outcome.refused.emplace_back(parcel.records.size() - 1, "not this one");
    return outcome;
  };
  fixture.turn();
  REQUIRE(fixture.set_aside().size() == 1);
  CHECK(fixture.set_aside()[0].reason == "not this one");
  fixture.log.answer = [](const Parcel&) { return Outcome(); };
  REQUIRE(store::Outbox(fixture.store()).retry("hub") == 1);
  REQUIRE(fixture.store().commit().has_value());
  fixture.drain();
  CHECK(fixture.set_aside().empty());
  CHECK(fixture.log.parcels.back().records.size() == 1);
}

TEST_CASE("a hub that is not where we think is told everything anew, not for ever", "[uplink]") {
  Fixture fixture(2);
  fixture.drain();
  store::test::import(fixture.store(), {.path = "/new.cfg", .assets = {cpu("N", "N")}});
  fixture.log.parcels.clear();
  fixture.log.answer = [](const Parcel&) { return Outcome(Outcome::Kind::unknown, "who are you"); };
  fixture.drain();
  REQUIRE(fixture.log.parcels.size() == 4);
  CHECK(fixture.log.parcels[1].head.sequence == 1);
  CHECK(fixture.log.parcels[1].records.size() == 6);
  CHECK(fixture.log.parcels[0].head.epoch != fixture.log.parcels[1].head.epoch);
  CHECK(fixture.sender().status().hint.find("sensor_name") != std::string::npos);
}

TEST_CASE("waits double, at random, up to five minutes", "[uplink]") {
  for (unsigned failures = 0; failures < 40; ++failures) {
    const auto wait = Sender::back_off(failures);
    CHECK(wait >= std::chrono::milliseconds(0));
    CHECK(wait <= std::min(std::chrono::milliseconds(300'000),
                           std::chrono::milliseconds(1000) * (1U << std::min(failures, 9U))));
  }
}

}  // namespace ot::agent::test
