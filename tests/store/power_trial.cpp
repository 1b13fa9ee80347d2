#include "tests/store/power_trial.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include <fmt/format.h>

#include "tests/catch.hpp"

namespace ot::store::test {
namespace {

/// Of more writes at risk only some are lost or kept alone.
constexpr std::size_t kAlone = 4;
constexpr std::size_t kRandom = 2;

/// Of so many states, one is put in order with the power failing once more.
constexpr std::size_t kRecoveries = 50;
constexpr std::size_t kRecoveryPoints = 12;

const std::string kStore = "s.db";

std::size_t hash_of(const Image& image, std::size_t from) {
  const std::hash<std::string> hash;
  for (const auto& [name, bytes] : image) {
    from = from * 31 + hash(name) * 7 + hash(bytes);
  }
  return from;
}

void write_out(const Image& image, const Folder& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder.path(""))) {
    std::filesystem::remove(entry.path());
  }
  for (const auto& [name, bytes] : image) {
    std::ofstream(folder.path(name), std::ios::binary) << bytes;
  }
}

std::string bytes_of(const std::string& path) {
  std::ostringstream all;
  all << std::ifstream(path, std::ios::binary).rdbuf();
  return all.str();
}

const char* name_of(Cut kind) {
  switch (kind) {
    case Cut::none_kept: return "nothing unsynced is kept";
    case Cut::all_kept: return "all is kept";
    case Cut::one_lost: return "one write is lost";
    case Cut::one_kept: return "one unsynced write is kept";
    case Cut::some_kept: return "some unsynced writes are kept";
    case Cut::sectors_kept: return "some unsynced sectors are kept";
    case Cut::torn: return "the last write is torn";
    case Cut::torn_garbage: return "the last write ends in garbage";
    case Cut::sector_lost: return "the last sector is garbage";
  }
  return "";
}

/// A store goes on after a power cut as if there had been none.
std::string trouble_going_on(Store& store) {
  import(store, {.path = "/plant/after.cfg", .assets = { cpu("after", "id of after") }});
  if (!store.check()->empty()) {
    return "after an import it is damaged: " + store.check()->front();
  }
  return promise_of(store).files.contains("/plant/after.cfg") ? "" : "an import was lost";
}

}  // namespace

PowerTrial::PowerTrial(std::span<const DiskEvent> events, std::span<const Moment> moments,
                       std::uint64_t seed, Again again)
    : events_(events), moments_(moments), again_(again), chance_(seed) {}

Tried PowerTrial::run() {
  return run_at([this](std::size_t point) { cut_in_all_ways(point); });
}

Tried PowerTrial::run_sample(std::size_t points) {
  return run_at([this, points](std::size_t point) {
    if (disk_.at_risk() == 1) {  // what was promised lies beside it
      try_cut(Cut::none_kept, point);
      try_cut(Cut::torn_garbage, point);
      try_cut(Cut::sector_lost, point);
    }
    if (chance_() % events_.size() < points) {
      cut_in_some_ways(point);
    }
  });
}

Tried PowerTrial::run_at(const std::function<void(std::size_t)>& cut) {
  for (const auto& event : events_) {
    tried_.writes += event.kind == DiskEvent::Kind::write ? 1 : 0;
    tried_.syncs += event.kind == DiskEvent::Kind::sync ? 1 : 0;
  }
  std::size_t begin = 0;
  for (; begin < events_.size() && events_[begin].kind == DiskEvent::Kind::there; ++begin) {
    disk_.take(events_[begin]);
  }
  for (std::size_t point = begin; point <= events_.size() && tried_.trouble.empty(); ++point) {
    cut(point);
    if (point < events_.size()) {
      disk_.take(events_[point]);
    }
  }
  return tried_;
}

void PowerTrial::cut_in_some_ways(std::size_t point) {
  constexpr std::size_t kWays = 3;
  ++tried_.points;
  for (std::size_t i = 0; i < kWays; ++i) {
    const auto kind = static_cast<Cut>(chance_() % (static_cast<unsigned>(Cut::sector_lost) + 1));
    const auto which = disk_.at_risk() > 0 ? below(disk_.at_risk()) : 0;
    try_cut(kind, point, which, chance_() % 4 == 0);
  }
}

void PowerTrial::cut_in_all_ways(std::size_t point) {
  ++tried_.points;
  try_cut(Cut::none_kept, point);
  try_cut(Cut::all_kept, point);
  if (disk_.at_risk() > 0) {
    cut_each(Cut::one_lost, point);
    cut_each(Cut::one_kept, point);
    for (std::size_t i = 0; i < kRandom; ++i) {
      try_cut(Cut::some_kept, point);
      try_cut(Cut::sectors_kept, point);
      try_cut(Cut::torn, point);
      try_cut(Cut::torn_garbage, point);
      try_cut(Cut::sector_lost, point);
    }
  }
  if (disk_.names_at_risk()) {
    try_cut(Cut::none_kept, point, 0, true);
    try_cut(Cut::all_kept, point, 0, true);
    try_cut(Cut::some_kept, point, 0, true);
  }
}

void PowerTrial::cut_each(Cut kind, std::size_t point) {
  const auto count = disk_.at_risk();
  for (std::size_t i = 0; i < std::min(count, kAlone); ++i) {
    try_cut(kind, point, count <= kAlone ? i : below(count));
  }
}

/// What was done lasts. What was being done did not begin, or is done.
std::span<const Moment> PowerTrial::possible_at(std::size_t point) const {
  const auto is_done = [point](const Moment& moment) { return moment.end <= point; };
  const auto done = static_cast<std::size_t>(
      std::partition_point(moments_.begin(), moments_.end(), is_done) - moments_.begin());
  const std::size_t first = done == 0 ? 0 : done - 1;
  const bool is_begun = done < moments_.size() && moments_[done].begin < point;
  return moments_.subspan(first, done == 0 || !is_begun ? 1 : 2);
}

void PowerTrial::try_cut(Cut kind, std::size_t point, std::size_t which, bool lose_names) {
  if (!tried_.trouble.empty()) {
    return;
  }
  const auto image = disk_.cut(kind, chance_, which, lose_names);
  const auto possible = possible_at(point);
  const auto first = static_cast<std::size_t>(possible.data() - moments_.data());
  if (!known_.insert(hash_of(image, first * 2 + possible.size())).second) {
    return;
  }
  ++tried_.states;
  auto trouble = trouble_with(image, possible);
  if (trouble.empty() && again_ == Again::yes && tried_.states % kRecoveries == 0) {
    trouble = trouble_in_recovery(image);
  }
  if (!trouble.empty()) {
    tried_.trouble = fmt::format("power cut after event {} of {}, while: {}; {}{}\n{}", point,
                                 events_.size(), possible.back().what, name_of(kind),
                                 lose_names ? ", new names are lost" : "", trouble);
  }
}

/// Whatever becomes of putting it in order: in the end it is what it would have been.
std::string PowerTrial::trouble_in_recovery(const Image& image) {
  write_out(image, folder_);
  const auto path = folder_.path(kStore);
  std::optional<LoggingVfs> log(std::in_place, std::filesystem::path(path).parent_path());
  { const auto store = open(path); }
  const auto events = log->events();
  log.reset();
  Moment recovered{.what = "recovery", .rows = dump(path)};
  {
    auto store = open(path);
    recovered.promise = promise_of(store);
  }
  PowerTrial trial(events, {&recovered, 1}, chance_(), Again::no);
  const auto tried = trial.run_sample(kRecoveryPoints);
  tried_.again += tried.states;
  return tried.trouble.empty() ? "" : "after that, a second " + tried.trouble;
}

/// Once opened and closed all of it is in one file, and that says all.
std::string PowerTrial::trouble_with(const Image& image, std::span<const Moment> possible) {
  write_out(image, folder_);
  const auto path = folder_.path(kStore);
  if (auto store = Store::open(path, Mode::read_write); !store) {
    return "it does not open: " + store.error().text();
  }
  if (std::filesystem::exists(path + "-wal") || std::filesystem::exists(path + "-journal")) {
    return "it leaves a log behind when it is closed";
  }
  const auto hash = std::hash<std::string>()(bytes_of(path));
  const auto found = sound_.find(hash);
  if (found == sound_.end() || chance_() % 64 == 0) {
    return look_into(path, possible, hash);
  }
  const auto is_it = [&](const Moment& moment) { return moment.rows == found->second->rows; };
  return std::any_of(possible.begin(), possible.end(), is_it)
             ? ""
             : "not what it was before or after, but as after: " + found->second->what;
}

std::string PowerTrial::look_into(const std::string& path, std::span<const Moment> possible,
                                  std::size_t hash) {
  auto store = open(path);
  const auto damage = store.check();
  if (!damage || !damage->empty()) {
    return "damaged: " + (damage ? damage->front() : damage.error().text());
  }
  const auto rows = dump(path);
  const auto found = std::find_if(possible.begin(), possible.end(),
                                  [&rows](const Moment& moment) { return moment.rows == rows; });
  const auto promise = promise_of(store);
  if (found == possible.end()) {
    return "not what it was before or after, but\n" + text_of(promise) + "where it said\n" +
           text_of(possible.front().promise) + "and then\n" + text_of(possible.back().promise);
  }
  if (promise != found->promise) {
    return "not what was promised, but\n" + text_of(promise) + "instead of\n" +
           text_of(found->promise);
  }
  sound_[hash] = &*found;
  return trouble_going_on(store);
}

}  // namespace ot::store::test
