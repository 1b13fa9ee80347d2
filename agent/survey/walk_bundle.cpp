#include "agent/survey/walk_bundle.hpp"

#include <algorithm>
#include <unordered_map>

#include "agent/json_text.hpp"
#include "agent/redact.hpp"
#include "agent/uplink/wire.hpp"
#include "store/outbox.hpp"

namespace ot::agent::survey {
namespace {

using bundle::WalkTarget;

/// The list that a target is on, in one word.
void add_list(const std::string& area, const TargetList& list, const char* outcome,
              std::vector<WalkTarget>& targets) {
  const auto add = [&](std::string text) {
    WalkTarget target;
    target.area = area;
    target.target = std::move(text);
    target.outcome = outcome;
    targets.push_back(std::move(target));
  };
  for (const auto address : list.addresses) {
    add(address.text());
  }
  for (const auto& device : list.devices) {
    add(device);
  }
}

WalkTarget target_of(const std::string& area, const TargetEnd& end) {
  WalkTarget target;
  target.area = area;
  target.target = end.target;
  target.named = end.named;
  target.answered = end.answered;
  target.outcome = end.outcome;
  target.reason = end.reason;
  return target;
}

/// "10.0.0.5" for a trouble at "10.0.0.5:9600".
std::string host_of(const Trouble& trouble) {
  return trouble.address == Ipv4{} ? trouble.target : trouble.address.text();
}

Result<std::string> asset_lines(store::Store& store, const std::string& sensor) {
  const auto ids = store.matching_assets({});
  if (!ids) {
    return fail(ids.error());
  }
  store::Outbox outbox(store);
  std::string lines;
  for (const auto id : *ids) {
    auto asset = store.find_asset(id);
    const auto keys = outbox.keys_of(id);
    if (!asset || !keys) {
      return fail(asset ? keys.error() : asset.error());
    }
    if (*asset) {
      redact(**asset);
      lines += json_text(asset_wire(**asset, *keys, sensor), -1) + "\n";
    }
  }
  return lines;
}

std::string file_line(store::StoredFile file) {
  redact(file);
  return json_text(file_wire(file), -1) + "\n";
}

/// Files that are there; what was there before them is history.
Result<std::string> file_lines(store::Store& store, std::vector<bundle::FileAlong>& along) {
  std::string lines;
  const auto listed = store.list_files({}, [&](const store::StoredFile& file) {
    if (file.status != FileStatus::deleted) {
      lines += file_line(file);
      along.push_back({file.path, file.digests.sha256});
    }
    return true;
  });
  // What could not be read at all can't be taken along.
  std::erase_if(along, [](const bundle::FileAlong& file) { return file.sha256.empty(); });
  return listed ? Result<std::string>(std::move(lines)) : fail(listed.error());
}

std::string journal_line(const store::JournalEntry& entry) {
  Json line = {{"time", iso8601(entry.at)}, {"kind", entry.kind}, {"subject", entry.subject}};
  if (!entry.before.empty()) {
    line["before"] = redact(entry.before);
  }
  if (!entry.after.empty()) {
    line["after"] = redact(entry.after);
  }
  return json_text(line, -1) + "\n";
}

Result<std::string> journal_lines(store::Store& store) {
  std::string lines;
  const auto read = store.journal_since(Time::min(), [&lines](const store::JournalEntry& entry) {
    lines += journal_line(entry);
    return true;
  });
  return read ? Result<std::string>(std::move(lines)) : fail(read.error());
}

Result<void> add_records(store::Store& store, const std::string& sensor,
                         bundle::Contents& contents) {
  auto assets = asset_lines(store, sensor);
  auto files = file_lines(store, contents.files);
  auto journal = journal_lines(store);
  if (!assets || !files) {
    return fail(assets ? files.error() : assets.error());
  }
  if (!journal) {
    return fail(std::move(journal).error());
  }
  contents.records = std::move(*files) + *assets;
  contents.journal = std::move(*journal);
  return {};
}

}  // namespace

void WalkFindings::add(const std::string& area, const std::vector<TargetEnd>& ends,
                       const ProbeSummary& summary) {
  const auto first = targets.size();
  std::transform(ends.begin(), ends.end(), std::back_inserter(targets),
                 [&area](const TargetEnd& end) { return target_of(area, end); });
  add_list(area, summary.cut_short, "cut short", targets);
  add_list(area, summary.not_asked, "not asked", targets);
  std::unordered_map<std::string, std::size_t> places;
  for (auto place = first; place < targets.size(); ++place) {
    places.emplace(targets[place].target, place);
  }
  for (const auto& trouble : summary.troubles) {
    if (const auto found = places.find(host_of(trouble)); found != places.end()) {
      targets[found->second].troubles.push_back(
          {std::string(to_string(trouble.kind)), trouble.protocol, trouble.text});
    }
  }
}

Result<bundle::Contents> contents_of(store::Store& store, const Walk& walk,
                                     const WalkFolder& folder, const WalkLedger& ledger,
                                     const WalkFindings& findings) {
  bundle::Contents contents;
  contents.manifest = walk.manifest;
  contents.manifest.exchanges = ledger.count();
  contents.manifest.chain = ledger.head();
  contents.exchanges_path = folder.ledger_path();
  contents.observations = findings.observations;
  for (const auto& target : findings.targets) {
    contents.targets += bundle::walk_target_line(target);
  }
  const auto read =
      store.at_one_moment([&] { return add_records(store, walk.manifest.sensor, contents); });
  if (!read) {
    return fail(read.error());
  }
  if (!walk.include_files) {
    contents.files.clear();
  }
  return contents;
}

}  // namespace ot::agent::survey
