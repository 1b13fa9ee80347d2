#include "agent/bundle/examine_report.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "agent/bundle/walk_target.hpp"
#include "agent/commands.hpp"
#include "agent/process.hpp"
#include "agent/tree.hpp"
#include "base/text.hpp"

namespace ot::agent::bundle {
namespace {

constexpr std::size_t kShownAtMost = 12;
constexpr std::string_view kNoArea = "(no area)";

using Rows = std::vector<std::vector<std::string>>;

void put(Rows& rows, const char* label, const std::string& text) {
  if (!text.empty()) {
    rows.push_back({label, text});
  }
}

/// "a, b, c and 40 more"
std::string enumerated(const std::vector<std::string>& texts) {
  const auto shown = std::min(texts.size(), kShownAtMost);
  auto out =
      fmt::format("{}", fmt::join(texts.begin(), texts.begin() + static_cast<int>(shown), ", "));
  return shown == texts.size() ? out : fmt::format("{} and {} more", out, texts.size() - shown);
}

std::string span_text(Time began, Time ended) {
  if (began == Time{}) {
    return {};
  }
  return ended == Time{} ? "from " + iso8601(began)
                         : fmt::format("{} to {}", iso8601(began), iso8601(ended));
}

/// In the order in which they were walked, each once.
std::vector<std::string> areas_of(const Manifest& manifest) {
  std::vector<std::string> areas;
  std::set<std::string> seen;
  for (const auto& leg : manifest.legs) {
    if (seen.insert(leg.area).second) {
      areas.push_back(leg.area.empty() ? std::string(kNoArea) : leg.area);
    }
  }
  return areas;
}

struct Files {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

Files files_of(const Manifest& manifest) {
  Files files;
  for (const auto& member : manifest.members) {
    if (member.name.starts_with(kFiles)) {
      ++files.count;
      files.bytes += member.size;
    }
  }
  return files;
}

/// Of an altered bundle only what can be read.
std::uint64_t lines_of(const Bundle& bundle, std::string_view member) {
  std::uint64_t lines = 0;
  static_cast<void>(bundle.each_piece(member, [&lines](std::string_view piece) {
    lines += static_cast<std::uint64_t>(std::count(piece.begin(), piece.end(), '\n'));
    return Result<void>();
  }));
  return lines;
}

using Outcomes = std::map<std::string, std::map<std::string, std::uint64_t>>;

Outcomes outcomes_of(const Bundle& bundle) {
  Outcomes outcomes;
  const auto text = bundle.text(kTargets);
  const auto targets = text ? walk_targets_from(*text) : fail(text.error());
  if (targets) {
    for (const auto& target : *targets) {
      ++outcomes[target.area][target.outcome];
    }
  }
  return outcomes;
}

/// "60 targets: 41 answered, 3 silent"
std::string outcome_text(const std::map<std::string, std::uint64_t>& outcomes) {
  std::uint64_t all = 0;
  std::vector<std::string> parts;
  for (const auto& [outcome, count] : outcomes) {
    all += count;
    parts.push_back(fmt::format("{} {}", count, outcome));
  }
  return fmt::format("{}: {}", counted(all, "target", "targets"), enumerated(parts));
}

/// A name may hold anything: only what no shell reads in its own way is offered for copying.
std::string line_to_copy(PublicKey key) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' ||
           c == '-' || c == '_' || c == '.' || c == '@';
  };
  if (!std::all_of(key.name.begin(), key.name.end(), is_plain)) {
    key.name.clear();
  }
  return std::string(trim(key.line()));
}

void put(Json& out, const char* name, const std::string& text) {
  if (!text.empty()) {
    out[name] = text;
  }
}

std::string leg_text(const Leg& leg, const Outcomes& outcomes) {
  const auto found = outcomes.find(leg.area);
  Rows rows;
  put(rows, "asked", enumerated(leg.targets));
  put(rows, "with", leg.protocols.empty() ? "all protocols" : enumerated(leg.protocols));
  put(rows, "but not", enumerated(leg.exclude));
  put(rows, "units", enumerated(leg.units));
  put(rows, "serial", leg.serial);
  put(rows, "gap", fmt::format("{} ms, {} at once", leg.gap, leg.at_once));
  put(rows, "when", span_text(leg.began, leg.ended));
  put(rows, "ended", found == outcomes.end() ? "" : outcome_text(found->second));
  const auto area = leg.area.empty() ? std::string(kNoArea) : "area " + leg.area;
  return escape_for_terminal(area) + "\n" + render_rows(rows, "  ");
}

}  // namespace

Verdict verdict_of(const Bundle& bundle) {
  if (bundle.is_altered()) {
    return Verdict::altered;
  }
  switch (bundle.trust()) {
    case Trust::trusted: return Verdict::good;
    case Trust::unknown_key: return Verdict::unknown_key;
    case Trust::nobody: break;
  }
  return Verdict::not_signed;
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::good: return "good";
    case Verdict::unknown_key: return "unknown key";
    case Verdict::not_signed: return "not signed";
    case Verdict::altered: break;
  }
  return "altered";
}

int exit_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::good: return exit_code::kDone;
    case Verdict::altered: return exit_code::kTampered;
    default: return exit_code::kWithFailures;
  }
}

std::string verdict_text(const Bundle& bundle) {
  const auto count = bundle.findings().size();
  return bundle.is_altered() ? fmt::format("altered: {}; {}",
                                           count == 1 ? "this does not match"
                                                      : fmt::format("these {} do not match", count),
                                           bundle.trust_text())
                             : "unaltered; " + bundle.trust_text();
}

std::string advice_text(const Bundle& bundle) {
  const auto verdict = verdict_of(bundle);
  if (verdict == Verdict::not_signed) {
    return "nobody has signed it: who made it, and whether it was replaced, can't be told\n";
  }
  if (verdict != Verdict::unknown_key) {
    return {};
  }
  const auto& key = *bundle.signer();
  return escape_for_terminal(fmt::format("the key {} calls itself \"{}\": ask its owner for the id "
                                         "(`rackscout key show`), and if it is the same, trust it:",
                                         key.id(), key.name)) +
         "\n  rackscout key trust '" + line_to_copy(key) + "'\n";
}

std::string summary_text(const Bundle& bundle) {
  const auto& manifest = bundle.manifest();
  const auto files = files_of(manifest);
  Rows rows;
  put(rows, "walk", manifest.walk);
  put(rows, "when", span_text(manifest.began, manifest.ended));
  put(rows, "who", manifest.operator_name);
  put(rows, "note", manifest.note);
  put(rows, "site", manifest.site);
  put(rows, "areas", enumerated(areas_of(manifest)));
  put(rows, "sensor", manifest.sensor);
  put(rows, "made by", manifest.version.empty() ? "" : "rackscout " + manifest.version);
  put(rows, "projects", enumerated(manifest.projects));
  put(rows, "holds",
      fmt::format("{}, {}, {}{}", counted(lines_of(bundle, kRecords), "record", "records"),
                  counted(manifest.exchanges, "exchange", "exchanges"),
                  counted(files.count, "project file", "project files"),
                  files.count == 0 ? "" : fmt::format(" ({} bytes)", files.bytes)));
  put(rows, "encrypted", bundle.was_encrypted() ? "for us" : "");
  return render_rows(rows, "");
}

std::string legs_text(const Bundle& bundle) {
  const auto outcomes = outcomes_of(bundle);
  std::string text;
  for (const auto& leg : bundle.manifest().legs) {
    text += leg_text(leg, outcomes);
  }
  return text;
}

Json verdict_json(const Bundle& bundle) {
  Json out = {{"verdict", to_string(verdict_of(bundle))}, {"encrypted", bundle.was_encrypted()}};
  if (const auto* key = bundle.signer()) {
    Json signer = {{"keyId", key->id()}};
    put(signer, "name", key->name);
    signer["publicKey"] = key->line();
    signer["trusted"] = bundle.trust() == Trust::trusted;
    out["signer"] = std::move(signer);
  }
  out["findings"] = bundle.findings();
  return out;
}

Json summary_json(const Bundle& bundle) {
  const auto& manifest = bundle.manifest();
  Json out = Json::object();
  put(out, "walk", manifest.walk);
  put(out, "site", manifest.site);
  put(out, "operator", manifest.operator_name);
  put(out, "note", manifest.note);
  put(out, "sensor", manifest.sensor);
  put(out, "rackscout", manifest.version);
  put(out, "began", manifest.began == Time{} ? "" : iso8601(manifest.began));
  put(out, "ended", manifest.ended == Time{} ? "" : iso8601(manifest.ended));
  Json areas = Json::array();
  std::set<std::string> seen;
  for (const auto& leg : manifest.legs) {
    if (!leg.area.empty() && seen.insert(leg.area).second) {
      areas.push_back(leg.area);
    }
  }
  out["areas"] = std::move(areas);
  out["exchanges"] = manifest.exchanges;
  out["files"] = files_of(manifest).count;
  return out;
}

Json manifest_json(const Bundle& bundle) {
  return Json::parse(manifest_text(bundle.manifest()), nullptr, false);
}

}  // namespace ot::agent::bundle
