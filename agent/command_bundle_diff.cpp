#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "agent/bundle/bundle.hpp"
#include "agent/bundle/walk_difference.hpp"
#include "agent/bundle/walk_records.hpp"
#include "agent/bundle_commands.hpp"
#include "agent/checks.hpp"
#include "agent/commands.hpp"
#include "agent/json_text.hpp"
#include "agent/output.hpp"
#include "agent/process.hpp"
#include "agent/wall_option.hpp"

namespace ot::agent {
namespace {

constexpr const char* kExamples = R"(Examples:
  rackscout bundle diff 2025.rsb 2026.rsb
  rackscout bundle diff --format json 2025.rsb 2026.rsb

What is otherwise in the second walk: devices that are new or gone, modules that
were added, removed or swapped, firmware and other facts, and project files. A
device or a module that is not there any more has a remark where the second walk
did not ask it, or got no full answer. Behind that stands what of the first walk the
second one did not ask.

A bundle that was altered is refused (exit code 4). Nothing is kept of what is read,
so one that nobody whom you trust has signed is read with a word on it.)";

struct Options {
  std::string before;
  std::string after;
  std::string key;
  std::string format = "text";
  wall::Options wall;
};

/// A walk, and whose word it is.
struct Side {
  bundle::Found found;
  std::string trust;
  bool is_complete = true;  ///< all of its records could be read
};

Result<Side> side_from(const bundle::Bundle& bundle, const std::string& path) {
  Side side;
  side.found.manifest = bundle.manifest();
  side.trust = bundle.trust_text();
  const auto records = bundle.text(bundle::kRecords);
  const auto targets = bundle.text(bundle::kTargets);
  auto observations = bundle.text(bundle::kObservations);
  if (!records || !targets || !observations) {
    return fail(!records ? records.error() : targets ? observations.error() : targets.error());
  }
  auto read = bundle::walk_records_from(*records);
  auto asked = bundle::walk_targets_from(*targets);
  if (!asked) {
    return fail(std::move(asked).error());
  }
  for (const auto& reason : read.rejected) {
    say(fmt::format("{}: {}", path, reason));
  }
  side.is_complete = read.rejected.empty();
  side.found.records = std::move(read.records);
  side.found.targets = std::move(*asked);
  side.found.observations = std::move(*observations);
  return side;
}

/// The error is said already.
std::optional<Side> read_side(const std::string& path, const Options& options, int& exit) {
  exit = exit_code::kOwnFailure;
  const auto bundle = bundle::open_to_use(
      {.path = path, .key = options.key, .allow_unsigned = true, .wall = options.wall}, exit);
  auto side = bundle ? side_from(*bundle, path) : fail(bundle.error());
  if (!side) {
    say_error(side.error(), path);
    return std::nullopt;
  }
  if (bundle->trust() != bundle::Trust::trusted) {
    say(fmt::format("{}: {}", path, side->trust));
  }
  return std::move(*side);
}

Json side_json(const Side& side) {
  const auto& manifest = side.found.manifest;
  Json out = {{"walk", manifest.walk},
              {"began", iso8601(manifest.began)},
              {"ended", iso8601(manifest.ended)},
              {"sensorName", manifest.sensor},
              {"trust", side.trust}};
  if (!manifest.site.empty()) {
    out["site"] = manifest.site;
  }
  return out;
}

std::string text_of(const Options& options, const Side& before, const Side& after) {
  const auto changes = bundle::differences(before.found, after.found);
  const auto covered = bundle::coverage(before.found, after.found);
  say(changes.empty() ? "no difference" : counted(changes.size(), "difference", "differences"));
  if (options.format == "text") {
    return bundle::difference_text(changes, covered);
  }
  Json out = {{"before", side_json(before)}, {"after", side_json(after)}};
  out.update(bundle::difference_json(changes, covered));
  return json_text(out, 2) + "\n";
}

/// What makes the comparison odd.
void say_doubts(const Side& before, const Side& after) {
  const auto& a = before.found.manifest;
  const auto& b = after.found.manifest;
  if (a.site != b.site) {
    say(fmt::format("the walks are of two sites: \"{}\" and \"{}\"", a.site, b.site));
  }
  if (b.began < a.began) {
    say("the second walk is the older one");
  }
}

int compare(const Options& options) {
  int exit = exit_code::kDone;
  const auto before = read_side(options.before, options, exit);
  if (!before) {
    return exit;
  }
  const auto after = read_side(options.after, options, exit);
  if (!after) {
    return exit;
  }
  say_doubts(*before, *after);
  Output output;
  output.write(text_of(options, *before, *after));
  const int code = ended(output.finish());
  const bool all = before->is_complete && after->is_complete;
  return code == exit_code::kDone && !all ? exit_code::kWithFailures : code;
}

}  // namespace

void add_bundle_diff(CLI::App& bundle, int& exit_code) {
  auto* command = add_command(bundle, "diff", "What changed between two walks");
  const auto options = std::make_shared<Options>();
  command->add_option("BEFORE", options->before, "The earlier walk")->type_name("")->required();
  command->add_option("AFTER", options->after, "The later one")->type_name("")->required();
  command->add_option("--key", options->key, "Our private key, for bundles that are encrypted")
      ->type_name("FILE");
  command->add_option("--format", options->format, "text or json")
      ->check(one_of({"text", "json"}))
      ->type_name("FORMAT");
  add_wall(*command, options->wall);
  command->footer(kExamples);
  command->callback([options, &exit_code] { exit_code = compare(*options); });
}

}  // namespace ot::agent
