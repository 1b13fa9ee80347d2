#include "agent/bundle/replay.hpp"

#include <map>
#include <tuple>

#include <fmt/format.h>

#include "agent/bundle/observed.hpp"
#include "agent/json_text.hpp"
#include "agent/passing_store.hpp"
#include "agent/probe_options.hpp"
#include "agent/probe_recorder.hpp"
#include "agent/process.hpp"
#include "agent/progress.hpp"
#include "agent/uplink/json_fields.hpp"
#include "base/text.hpp"

namespace ot::agent::bundle {
namespace {

/// A line of observations, as it is read back.
using Line = nlohmann::json;
/// Area, target, protocol.
using Key = std::tuple<std::string, std::string, std::string>;
using Lines = std::map<Key, Line>;

std::string member(const Line& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() && found->is_string()
             ? found->get<std::string>()
             : std::string();
}

Result<void> add_line(std::string_view text, Lines& lines) {
  auto line = parse_bounded(text);
  if (!line) {
    return fail(std::move(line).error());
  }
  if (!line->is_object()) {
    return fail(Errc::malformed, "it is no observation");
  }
  Key key(member(*line, "area"), member(*line, "target"), member(*line, "protocol"));
  lines[std::move(key)] = std::move(*line);
  return {};
}

Result<Lines> lines_in(std::string_view text) {
  Lines lines;
  for (std::uint64_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    if (auto added = add_line(text.substr(0, end), lines); !added) {
      return fail(
          std::move(added).error().at(Position::line(number)).during(std::string(kObservations)));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// The recordings of all areas.
using Recordings = std::map<std::string, Recording>;

Result<Recordings> recordings_in(const Bundle& bundle) {
  const auto text = bundle.text(kExchanges);
  if (!text) {
    return fail(text.error());
  }
  Recordings recordings;
  Chain chain(bundle.manifest().walk);
  auto read = each_exchange(*text, chain, [&recordings](const Exchange& exchange) {
    auto& kept = recordings.try_emplace(exchange.area, Recording::Use::replay).first->second;
    kept.add(exchange.entry);
  });
  if (!read) {
    return fail(std::move(read).error().during(std::string(kExchanges)));
  }
  return recordings;
}

Result<Ipv4> no_names(std::string_view name) {
  return fail(Errc::malformed, fmt::format("target \"{}\" of the walk is no address, and names are "
                                           "not looked up in a replay",
                                           escape_for_terminal(name)));
}

/// As it was typed then, but without names: those could lead elsewhere today.
Result<ProbeJob> job_of(const Manifest& manifest, const Leg& leg) {
  ProbeOptionTexts texts;
  texts.targets = leg.targets;
  texts.protocols = leg.protocols;
  texts.exclude = leg.exclude;
  texts.units = leg.units;
  texts.serial = leg.serial;
  texts.site = manifest.site;
  texts.area = leg.area;
  texts.gap = 0;  // nobody waits for it
  return agent::job_of(texts, no_names);
}

std::string device_of(const Line& line) {
  const auto asset = line.find("asset");
  if (asset == line.end() || !asset->is_object()) {
    return {};
  }
  const auto hardware = asset->find("hardware");
  const Line none = Line::object();
  const auto& known = hardware == asset->end() ? none : *hardware;
  const auto vendor = member(known, "vendor");
  const auto model = member(known, "model");
  return fmt::format("{}{}{}", vendor, vendor.empty() || model.empty() ? "" : " ", model);
}

class Replay {
 public:
  Replay(const Bundle& bundle, store::Store& store, Progress& progress)
      : bundle_(bundle), store_(store), progress_(progress) {}

  Result<ReplayReport> run();

 private:
  Result<void> run_leg(const Leg& leg, Recording& recording);
  Result<void> take(const std::vector<Answer>& answers, const std::string& area);
  void compare(const Lines& before);
  void count(const std::string& area, const Recording& recording);

  const Bundle& bundle_;
  store::Store& store_;
  Progress& progress_;
  Lines now_;
  ReplayReport report_;
};

Result<void> Replay::take(const std::vector<Answer>& answers, const std::string& area) {
  for (const auto& answer : answers) {
    const auto observed = observed_json(answer, area);
    if (observed.is_null()) {
      continue;
    }
    if (auto added = add_line(json_text(observed, -1), now_); !added) {
      return added;
    }
  }
  return {};
}

Result<void> Replay::run_leg(const Leg& leg, Recording& recording) {
  auto job = job_of(bundle_.manifest(), leg);
  if (!job) {
    return fail(std::move(job).error().during(fmt::format("area \"{}\"", leg.area)));
  }
  Result<void> taken;
  job->recollection = &recording;
  job->stop = stop_signal;
  job->on_answers = [this, &taken, &leg](const std::vector<Answer>& answers) {
    taken = taken ? take(answers, leg.area) : std::move(taken);
  };
  const auto summary = run_probes(store_, std::move(*job), progress_);
  if (!summary) {
    return fail(summary.error());
  }
  if (summary->stopped()) {
    return fail(Errc::cancelled, "stopped by " + summary->stopped_by);
  }
  return taken;
}

void Replay::compare(const Lines& before) {
  const auto described = [](const Key& key, const Line& line) {
    const auto& [area, target, protocol] = key;
    return ReplayedTarget{area, target, protocol, device_of(line), {}};
  };
  for (const auto& [key, line] : before) {
    const auto found = now_.find(key);
    if (found == now_.end()) {
      report_.lost.push_back(described(key, line));
      continue;
    }
    auto target = described(key, found->second);
    target.changes = field_changes(line, found->second);
    target.changes.empty() ? void(++report_.same) : report_.changed.push_back(std::move(target));
  }
  for (const auto& [key, line] : now_) {
    if (!before.contains(key)) {
      report_.gained.push_back(described(key, line));
    }
  }
}

void Replay::count(const std::string& area, const Recording& recording) {
  for (const auto& asked : recording.asked()) {
    ++report_.exchanges;
    if (asked.used) {
      ++report_.used;
      continue;
    }
    report_.unused.push_back({area, asked.target, asked.at, asked.wire,
                              reading_of(asked.wire, asked.request, asked.answers)});
  }
}

Result<ReplayReport> Replay::run() {
  const auto text = bundle_.text(kObservations);
  auto before = text ? lines_in(*text) : Result<Lines>(fail(text.error()));
  auto recordings = recordings_in(bundle_);
  if (!before || !recordings) {
    return fail(before ? recordings.error() : before.error());
  }
  for (const auto& leg : bundle_.manifest().legs) {
    auto& recording = recordings->try_emplace(leg.area, Recording::Use::replay).first->second;
    if (auto done = run_leg(leg, recording); !done) {
      return fail(std::move(done).error());
    }
  }
  compare(*before);
  for (const auto& [area, recording] : *recordings) {
    count(area, recording);
  }
  return std::move(report_);
}

}  // namespace

std::string ReplayedTarget::name() const {
  return fmt::format("{}{}{} {}", area, area.empty() ? "" : ", ", target, protocol);
}

Result<ReplayReport> replay(const Bundle& bundle, store::Store& store, Progress& progress) {
  return Replay(bundle, store, progress).run();
}

Result<ReplayReport> replay(const Bundle& bundle, Progress& progress) {
  auto passing = PassingStore::open();
  return passing ? replay(bundle, passing->store(), progress) : fail(std::move(passing).error());
}

}  // namespace ot::agent::bundle
