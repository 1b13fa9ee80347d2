#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "agent/bundle/replay.hpp"
#include "agent/bundle/replay_text.hpp"
#include "agent/bundle/scene.hpp"
#include "agent/bundle_commands.hpp"
#include "agent/checks.hpp"
#include "agent/commands.hpp"
#include "agent/json_text.hpp"
#include "agent/output.hpp"
#include "agent/process.hpp"
#include "agent/progress.hpp"
#include "agent/store_path.hpp"
#include "agent/wall_option.hpp"
#include "agent/whole_file.hpp"

namespace ot::agent {
namespace {

constexpr const char* kExamples = R"(Examples:
  rackscout bundle replay plant-2026-11.rsb
  rackscout bundle replay --format json plant-2026-11.rsb
  rackscout bundle replay --store plant.db plant-2026-11.rsb
  rackscout bundle replay --scene odd-plc.toml plant-2026-11.rsb

Nothing is sent: the answers in the bundle are given to today's decoders. Told is what
they read otherwise than on the walk, what was recorded that no probe asks for, and how
much of each. With --store what they read goes into that store, with the times of the
walk. --scene writes a scene for the simulated plant, in which each target answers
again as it did; where the bundle has several areas, each gets a file of its own:
odd-plc-Hall-1.toml. The exit code is 0 also where something is read otherwise; it is 3
when a device that was read on the walk is not read any more, and for a bundle that is
not signed by a key that you trust, unless --allow-unsigned; 4 for an altered one.)";

struct Options {
  bundle::Opening opening;
  std::string store;
  std::string scene;
  std::string format = "text";
};

/// --scene replaces what is there: it is made again at will.
Result<void> write_scenes(const bundle::Bundle& bundle, const std::string& path) {
  const auto files = bundle::scenes_of(bundle, path);
  if (!files) {
    return fail(files.error());
  }
  for (const auto& file : *files) {
    auto written = write_whole(file.path, file.text, IfThere::replace);
    if (!written) {
      return fail(std::move(written).error().during(fmt::format("scene \"{}\"", file.path)));
    }
    say(fmt::format("{} has {}", file.path, counted(file.hosts, "host", "hosts")));
  }
  if (files->empty()) {
    say("the bundle has no exchanges to make a scene of");
  }
  return {};
}

Result<bundle::ReplayReport> replayed(const bundle::Bundle& bundle, const Options& options) {
  static_cast<void>(stop_on_signals());
  Progress progress("replay");
  if (options.store.empty()) {
    return bundle::replay(bundle, progress);
  }
  auto open = open_for_writing(options.store);
  return open ? bundle::replay(bundle, open->store, progress) : fail(std::move(open).error());
}

Result<void> print(const bundle::ReplayReport& report, const std::string& format) {
  Output output;
  if (format == "json") {
    output.write(json_text(bundle::replay_json(report), 2) + "\n");
  } else {
    const auto sink = [&output](std::string_view text) { output.write(text); };
    bundle::write_replay_text(report, sink);
  }
  return output.finish();
}

/// What a replay that came to nothing ends with.
int exit_after(const Error& error, const std::string& path) {
  const auto said = ended(fail(error), path);
  return error.code() == Errc::cancelled ? exit_code::kStopped : said;
}

int run_replay(const Options& options) {
  int exit = exit_code::kOwnFailure;
  const auto bundle = bundle::open_to_use(options.opening, exit);
  if (!bundle) {
    say_error(bundle.error(), options.opening.path);
    return exit;
  }
  if (!options.scene.empty()) {
    if (auto written = write_scenes(*bundle, options.scene); !written) {
      return ended(written);
    }
  }
  const auto report = replayed(*bundle, options);
  if (!report) {
    return exit_after(report.error(), options.opening.path);
  }
  if (auto printed = print(*report, options.format); !printed) {
    return ended(printed);
  }
  return report->lost.empty() ? exit_code::kDone : exit_code::kWithFailures;
}

}  // namespace

void add_bundle_replay(CLI::App& bundle, int& exit_code) {
  auto* command =
      add_command(bundle, "replay", "Decode the exchanges of a bundle with today's decoders");
  const auto options = std::make_shared<Options>();
  command->add_option("FILE", options->opening.path, "The bundle")->type_name("")->required();
  command->add_option("--key", options->opening.key, "Your private key, for an encrypted bundle")
      ->type_name("FILE");
  command->add_flag("--allow-unsigned", options->opening.allow_unsigned,
                    "Also a bundle that nobody whom you trust has signed");
  add_wall(*command, options->opening.wall);
  command->add_option("--format", options->format, "text or json")
      ->check(one_of({"text", "json"}))
      ->type_name("FORMAT");
  command->add_option("--store", options->store, "Put what is read into this store")
      ->type_name("FILE");
  command->add_option("--scene", options->scene, "Write a scene for the simulated plant")
      ->type_name("FILE");
  command->footer(kExamples);
  command->callback([options, &exit_code] { exit_code = run_replay(*options); });
}

}  // namespace ot::agent
