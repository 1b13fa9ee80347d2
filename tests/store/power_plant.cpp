#include "tests/store/power_plant.hpp"

#include <array>

#include "store/inbox.hpp"
#include "tests/catch.hpp"
#include "tests/store/omron.hpp"
#include "tests/store/plant.hpp"

namespace ot::store::test {
namespace {

const std::string kSink = "hub";
const std::string kSensor = "cell";

std::string sink_text(std::int64_t sequence, const std::string& flight) {
  return std::to_string(sequence) + (flight.empty() ? "" : " in flight " + flight);
}

void must(const Result<void>& done) {
  INFO((done ? "" : done.error().text()));
  REQUIRE(done.has_value());
}

void put_address(Observation& observation, const std::string& address) {
  observation.target = address;
  observation.record.interfaces = {attachment(address)};
}

Uuid uuid_of(std::size_t number) {
  Uuid uuid;
  uuid.bytes.fill(static_cast<std::uint8_t>(number + 1));
  return uuid;
}

}  // namespace

Promise promise_of(Store& store) {
  Promise promise;
  for (const auto& file : files(store)) {
    if (file.status == FileStatus::importing) {
      promise.files[file.path].importing = true;
    } else if (file.status != FileStatus::deleted) {
      promise.files[file.path].live =
          std::string(to_string(file.status)) + " " + file.digests.sha256;
    }
  }
  for (const auto& asset : assets(store)) {
    for (const auto& sighting : asset.sightings) {
      promise.seen[sighting.target] = sighting.last_seen;
    }
  }
  const auto sinks = Outbox(store).sinks();
  const auto sensors = Inbox(store).sensors();
  REQUIRE((sinks && sensors));
  for (const auto& sink : *sinks) {
    promise.sinks[sink.name] = sink_text(sink.sequence, sink.flight ? sink.flight->name : "");
  }
  for (const auto& sensor : *sensors) {
    promise.sequence[sensor.name] = sensor.sequence;
  }
  return promise;
}

std::string text_of(const Promise& promise) {
  std::string text;
  for (const auto& [path, file] : promise.files) {
    text += path + ": " + file.live + (file.importing ? ", Importing" : "") + "\n";
  }
  for (const auto& [target, at] : promise.seen) {
    text += target + ": " + iso8601(at) + "\n";
  }
  for (const auto& [sink, state] : promise.sinks) {
    text += "sink " + sink + ": " + state + "\n";
  }
  for (const auto& [sensor, sequence] : promise.sequence) {
    text += "sensor " + sensor + ": " + std::to_string(sequence) + "\n";
  }
  return text;
}

PowerPlant::PowerPlant(std::string path, const LoggingVfs& log, std::uint64_t seed)
    : path_(std::move(path)), log_(log), chance_(seed) {}

std::vector<Moment> PowerPlant::work(std::size_t steps) {
  step("open", [this] { store_ = open(path_); });
  const std::array<Action, 12> all = {{{5, "", &PowerPlant::import_files},
                                       {1, "a file is gone", &PowerPlant::lose_file},
                                       {1, "no project file any more", &PowerPlant::find_foreign},
                                       {3, "devices answer", &PowerPlant::observe_devices},
                                       {1, "a device is forgotten", &PowerPlant::forget_device},
                                       {1, "a turn ends", &PowerPlant::note_turn},
                                       {2, "a sink is told", &PowerPlant::tell_sink},
                                       {2, "a delivery is taken", &PowerPlant::take_delivery},
                                       {1, "history is trimmed", &PowerPlant::trim},
                                       {1, "checkpoint", &PowerPlant::check_point},
                                       {1, "open again", &PowerPlant::reopen},
                                       {1, "work is abandoned", &PowerPlant::abandon}}};
  std::vector<Action> often;
  for (const auto& action : all) {
    often.insert(often.end(), action.times, action);
  }
  while (moments_.size() < steps) {
    const auto& action = often[any(often.size())];
    if (action.what.empty()) {
      (this->*action.work)();
    } else {
      step(action.what, [&] { (this->*action.work)(); });
    }
  }
  step("close", [this] { store_.reset(); });
  return std::move(moments_);
}

void PowerPlant::step(const std::string& what, const Work& work) {
  Moment moment{.what = what, .begin = log_.events().size()};
  work();
  moment.end = log_.events().size();
  moment.rows = dump(path_);
  moment.promise = promise_;
  moments_.push_back(std::move(moment));
}

void PowerPlant::commit() {
  must(store_->commit());
}

/// Some stay Importing, until somebody reads them again.
void PowerPlant::import_files() {
  step("begin imports", [this] { begin_imports(); });
  if (any(5) > 0) {
    step("finish imports", [this] { finish_imports(); });
  }
}

void PowerPlant::begin_imports() {
  std::vector<NewImport> imports;
  begun_.clear();
  for (std::size_t count = 1 + any(3); begun_.size() < count;) {
    const auto path = any_path();
    if (begun_.emplace(path, 0).second) {
      imports.push_back({.path = path, .stamp = {}, .place = {}, .uploaded_by = "tester"});
    }
  }
  const auto ids = store_->begin_imports(imports);
  REQUIRE(ids.has_value());
  for (std::size_t i = 0; i < imports.size(); ++i) {
    begun_[imports[i].path] = (*ids)[i];
    promise_.files[imports[i].path].importing = true;
  }
}

void PowerPlant::finish_imports() {
  for (const auto& [path, file] : begun_) {
    finish(file, path);
  }
  commit();
}

/// A new version, the same as one before, a broken one, or one that can't be read.
void PowerPlant::finish(FileId file, const std::string& path) {
  const auto number = any(4);
  const auto station = path + std::to_string(number % 2);
  Version version{.path = path, .content = path + std::to_string(number), .assets = {}};
  auto& live = promise_.files[path].live;
  const auto how = any(8);
  if (how < 2) {
    version.error = Error(Errc::malformed, "broken");
    version.content = how == 0 ? "" : version.content;
    const auto kept = live.empty() ? std::string() : live.substr(live.find(' ') + 1);
    live = "Failed " + (how == 0 ? kept : "sha256 of " + version.content);
  } else {
    version.assets = {cpu(station, "id of " + station)};
    for (std::uint32_t slot = 10; slot < (how == 2 ? 90 : 10); ++slot) {
      version.assets.front().add_ons.push_back(module_at(slot, "6ES7321-1BH02-0AA0"));
    }
    version.content += how == 2 ? " large" : "";
    live = "Imported sha256 of " + version.content;
  }
  promise_.files[path].importing = false;
  test::finish(*store_, file, version);
}

void PowerPlant::lose_file() {
  const auto path = any_path();
  gone(*store_, path);
  promise_.files.erase(path);
}

void PowerPlant::find_foreign() {
  const auto path = any_path();
  must(store_->remember_foreign(path, {.size = 5}, now()));
  commit();
  promise_.files.erase(path);
}

Observation PowerPlant::any_device() {
  const auto at = on_day(1) + std::chrono::hours(++number_);
  const auto number = std::to_string(any(4));
  auto observation = any(2) == 0 ? cj2m(at) : meter("M" + number, at);
  if (observation.protocol == "fins") {
    observation.record.firmware_version = "2.0" + std::to_string(any(3));
    put_address(observation, "10.1.0." + number);
  } else {
    put_address(observation, "10.2.0." + number);
  }
  return observation;
}

void PowerPlant::observe_devices() {
  for (std::size_t count = 1 + any(3); count > 0; --count) {
    const auto observation = any_device();
    const auto asset = store_->observe(observation);
    REQUIRE(asset.has_value());
    promise_.seen[observation.target] = observation.at;
    if (observation.protocol == "modbus") {
      meters_[observation.target] = *asset;
    }
  }
  commit();
}

void PowerPlant::forget_device() {
  if (!meters_.empty()) {
    const auto [target, asset] = *meters_.begin();
    must(store_->forget_asset(asset));
    commit();
    promise_.seen.erase(target);
    meters_.erase(target);
  }
}

void PowerPlant::note_turn() {
  const auto at = on_day(1) + std::chrono::hours(++number_);
  const bool answers = any(2) == 0;
  const GroupRun run{.group = "line", .began = at, .ended = at, .targets = 1};
  const TargetState target{.group = "line",
                           .target = "10.1.0.1",
                           .last_try = at,
                           .last_answer = answers ? std::optional(at) : std::nullopt,
                           .outcome = answers ? "answered" : "silent",
                           .reason = {}};
  must(store_->note_run(run, {&target, 1}));
  commit();
}

void PowerPlant::tell_sink() {
  Outbox outbox(*store_);
  const auto found = outbox.find(kSink);
  REQUIRE(found.has_value());
  const auto& sink = *found;
  auto& text = promise_.sinks[kSink];
  if (!sink || any(12) == 0) {
    must(outbox.begin_epoch(kSink, std::to_string(++number_)));
    text = sink_text(0, "");
  } else if (!sink->flight) {
    const auto changes = outbox.next(*sink, 5);
    REQUIRE(changes.has_value());
    const auto upto = changes->empty() ? sink->told : changes->back().number;
    const Flight flight{.name = "f" + std::to_string(++number_), .upto = upto};
    must(outbox.take_off(*sink, flight, {}));
    text = sink_text(sink->sequence, flight.name);
  } else if (any(4) == 0) {
    must(outbox.turn_back(*sink));
    text = sink_text(sink->sequence, "");
  } else {
    const SetAside refused{.sink = kSink, .id = 1, .at = now(), .reason = "no"};
    must(outbox.land(*sink, std::span(&refused, any(2))));
    text = sink_text(sink->sequence + 1, "");
  }
  commit();
}

void PowerPlant::take_delivery() {
  auto& sequence = promise_.sequence[kSensor];
  Delivery delivery{.sensor = kSensor, .epoch = "e", .sequence = ++sequence, .flight = "f"};
  delivery.arrived_at = now();
  for (std::size_t count = 1 + any(2); count > 0; --count) {
    const auto number = any(4);
    SentRecord record{.uuid = uuid_of(number), .observed_at = now()};
    record.fingerprint = ++number_;
    if (any(5) > 0) {
      record.asset = SentAsset{.record = cpu("sent " + std::to_string(number), "")};
    }
    delivery.records.emplace_back(std::move(record));
  }
  const auto receipt = Inbox(*store_).take(delivery, Gaps::refused);
  REQUIRE(receipt.has_value());
  REQUIRE(receipt->acknowledged == sequence);
  commit();
}

void PowerPlant::trim() {
  const auto later = now() + std::chrono::hours(any(2) == 0 ? 48 : 0);
  const Retention retention{.age = std::chrono::hours(24), .journal_size = 1500};
  REQUIRE(store_->trim(retention, later).has_value());
}

void PowerPlant::check_point() {
  const std::array<std::string, 3> kinds = {"PASSIVE", "RESTART", "TRUNCATE"};
  must(raw(path_).execute("PRAGMA wal_checkpoint(" + kinds[any(kinds.size())] + ")"));
}

void PowerPlant::reopen() {
  store_.reset();
  store_ = open(path_);
}

void PowerPlant::abandon() {
  for (int count = 0; count < 3; ++count) {
    REQUIRE(store_->observe(any_device()).has_value());
  }
  store_->abandon();
}

}  // namespace ot::store::test
