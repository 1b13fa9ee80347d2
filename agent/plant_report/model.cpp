#include "agent/plant_report/model.hpp"

#include <cctype>
#include <cstdlib>
#include <version.hpp>

#include <fmt/format.h>

#include "agent/bundle/take_in.hpp"
#include "agent/passing_store.hpp"
#include "agent/redact.hpp"
#include "base/ipv4.hpp"
#include "protocols/link/frame.hpp"

namespace ot::agent::plant_report {
namespace {

using protocols::link::LedgerEntry;

/// By its bytes, whatever the ledger says of it; empty for what may not be sent.
std::string meaning_of(const LedgerEntry& entry) {
  constexpr std::size_t kCrc = 2;
  std::string_view frame = entry.bytes;
  if (entry.wire == protocols::link::Wire::modbus_rtu && frame.size() > kCrc) {
    frame.remove_suffix(kCrc);
  }
  return protocols::link::allowed(entry.wire, frame).value_or(std::string());
}

void count(SentCount& counts, const LedgerEntry& entry) {
  switch (entry.event) {
    case LedgerEntry::Event::connect: ++counts.tries; break;
    case LedgerEntry::Event::connected: ++counts.connections; break;
    case LedgerEntry::Event::refused: ++counts.refused; break;
    case LedgerEntry::Event::sent:
      ++counts.requests;
      counts.bytes_sent += entry.bytes.size();
      ++counts.functions[function_of(meaning_of(entry))];
      break;
    case LedgerEntry::Event::received:
      ++(entry.stray ? counts.strays : counts.answers);
      counts.bytes_received += entry.bytes.size();
      break;
    case LedgerEntry::Event::unanswered: ++counts.silences; break;
    case LedgerEntry::Event::closed: break;
  }
}

/// Addresses sort by their number: "10.0.0.9:9600" comes before "10.0.0.10:9600".
std::string sort_text(const std::string& target) {
  const auto colon = target.rfind(':');
  const auto address = parse_ipv4(target.substr(0, colon));
  return address ? fmt::format("{:08x} {}", address->number, target) : target;
}

/// The site that all assets share; empty without one.
std::string common_site(const std::vector<store::StoredAsset>& assets) {
  for (const auto& asset : assets) {
    if (asset.site != assets.front().site) {
      return {};
    }
  }
  return assets.empty() ? std::string() : assets.front().site;
}

Result<void> read_store(store::Store& store, PlantReport& report) {
  auto assets = store.list_assets({}, [&report](store::StoredAsset asset) {
    redact(asset);
    report.assets.push_back(std::move(asset));
    return true;
  });
  if (!assets) {
    return assets;
  }
  auto files = store.list_files({}, [&report](store::StoredFile file) {
    redact(file);
    file.path = redact(file.path);
    report.files.push_back(std::move(file));
    return true;
  });
  if (!files) {
    return files;
  }
  auto states = store.targets();
  auto runs = states ? store.group_runs() : fail(std::move(states.error()));
  if (!runs) {
    return fail(std::move(runs.error()));
  }
  report.site = common_site(report.assets);
  report.states = std::move(*states);
  report.runs = std::move(*runs);
  return {};
}

void take_manifest(PlantReport& report, const bundle::Bundle& bundle) {
  const auto& manifest = bundle.manifest();
  report.source = PlantReport::Source::bundle;
  report.site = manifest.site;
  report.operator_name = manifest.operator_name;
  report.note = manifest.note;
  report.walk = manifest.walk;
  report.sensor = manifest.sensor;
  report.version = manifest.version;
  report.trust = bundle.trust_text();
  report.trusted = bundle.trust() == bundle::Trust::trusted;
  report.began = manifest.began;
  report.ended = manifest.ended;
  report.legs = manifest.legs;
  report.projects = manifest.projects;
}

Result<void> count_exchanges(PlantReport& report, const bundle::Bundle& bundle) {
  const auto lines = bundle.text(bundle::kExchanges);
  if (!lines) {
    return fail(lines.error());
  }
  SentCounter counter;
  bundle::Chain chain(bundle.manifest().walk);
  auto read = bundle::each_exchange(
      *lines, chain, [&counter](const bundle::Exchange& exchange) { counter.add(exchange); });
  if (!read) {
    return fail(std::move(read.error()).during(bundle::kExchanges));
  }
  report.sent = counter.take();
  return {};
}

Result<void> read_members(PlantReport& report, const bundle::Bundle& bundle) {
  const auto lines = bundle.text(bundle::kTargets);
  if (!lines) {
    return fail(lines.error());
  }
  auto targets = bundle::walk_targets_from(*lines);
  if (!targets) {
    return fail(std::move(targets.error()).during(bundle::kTargets));
  }
  report.targets = std::move(*targets);
  return count_exchanges(report, bundle);
}

/// "CIP Get_Attribute_Single of Identity 1 attribute 7": the instance is where, not what.
std::string_view without_instance(std::string_view text) {
  text = text.substr(0, text.rfind(" attribute "));
  while (!text.empty() && std::isdigit(static_cast<unsigned char>(text.back())) != 0) {
    text.remove_suffix(1);
  }
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

}  // namespace

std::string function_of(std::string_view meaning) {
  if (meaning.starts_with("CIP ")) {
    return std::string(without_instance(meaning.substr(0, meaning.find(" in slot "))));
  }
  for (const std::string_view where : {" of unit ", ", to be ", " from unit "}) {
    meaning = meaning.substr(0, meaning.find(where));
  }
  return std::string(meaning);
}

void SentCounter::add(const bundle::Exchange& exchange) {
  const auto& entry = exchange.entry;
  const std::string protocol(to_string(entry.wire));
  auto& counts = counts_[{exchange.area, sort_text(entry.target), protocol}];
  counts.area = exchange.area;
  counts.target = entry.target;
  counts.protocol = protocol;
  count(counts, entry);
}

std::vector<SentCount> SentCounter::take() {
  std::vector<SentCount> all;
  all.reserve(counts_.size());
  for (auto& [key, counts] : counts_) {
    all.push_back(std::move(counts));
  }
  counts_.clear();
  return all;
}

Result<PlantReport> report_of(store::Store& store) {
  PlantReport report;
  report.made = now();
  report.version = RACKSCOUT_VERSION;
  auto read = store.at_one_moment([&store, &report] { return read_store(store, report); });
  if (!read) {
    return fail(std::move(read.error()));
  }
  return report;
}

Result<PlantReport> report_of(const bundle::Bundle& bundle) {
  auto passing = PassingStore::open();
  if (!passing) {
    return fail(std::move(passing.error()));
  }
  auto taken = bundle::take_in(passing->store(), bundle);
  if (!taken) {
    return fail(std::move(taken.error()));
  }
  auto report = report_of(passing->store());
  if (!report) {
    return report;
  }
  report->rejected = std::move(taken->rejected);
  take_manifest(*report, bundle);
  if (auto read = read_members(*report, bundle); !read) {
    return fail(std::move(read.error()));
  }
  return report;
}

}  // namespace ot::agent::plant_report
