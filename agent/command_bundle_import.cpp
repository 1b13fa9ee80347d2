#include <algorithm>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "agent/bundle/take_in.hpp"
#include "agent/bundle_commands.hpp"
#include "agent/commands.hpp"
#include "agent/output.hpp"
#include "agent/process.hpp"
#include "agent/progress.hpp"
#include "agent/store_path.hpp"
#include "agent/wall_option.hpp"

namespace ot::agent {
namespace {

constexpr const char* kExamples = R"(Examples:
  rackscout bundle import plant-2026-11.rsb
  rackscout bundle import --store plant.db 2025.rsb 2026.rsb   in any order

Each record keeps the time at which it was found on its walk. A bundle that is
there already changes nothing. A hub's store is a store: stop its service, import,
start it again. Each bundle is kept as the word of a sensor of its own, which
`rackscout status` lists; `rackscout store forget-sensor NAME` takes it back out.

A bundle that was altered is refused (exit code 4), and one that nobody whom you
trust has signed (3) unless --allow-unsigned is given.)";

constexpr std::size_t kMostReasons = 20;

struct Options {
  std::vector<std::string> paths;
  std::string store;
  std::string key;
  bool allow_unsigned = false;
  wall::Options wall;
};

/// Takes bundles one after the other; one that fails spoils no other.
class BundleImport {
 public:
  BundleImport(store::Store& store, const Options& options) : store_(store), options_(options) {}

  void take(const std::string& path) {
    int refused = exit_code::kOwnFailure;
    const auto bundle = bundle::open_to_use({.path = path,
                                             .key = options_.key,
                                             .allow_unsigned = options_.allow_unsigned,
                                             .wall = options_.wall},
                                            refused);
    if (!bundle) {
      say_error(bundle.error(), path);
      note(refused);
      return;
    }
    const auto taken = bundle::take_in(store_, *bundle);
    if (!taken) {
      say_error(taken.error(), path);
      note(exit_code::kOwnFailure);
      return;
    }
    say_taken(path, *taken);
    note(taken->rejected.empty() ? exit_code::kDone : exit_code::kWithFailures);
  }

  int end() const { return exit_; }

 private:
  /// What is worst stays: altered, our own failure, the rest.
  void note(int code) {
    const auto weight = [](int value) {
      return value == exit_code::kTampered ? 100 : value == exit_code::kOwnFailure ? 50 : value;
    };
    exit_ = weight(code) > weight(exit_) ? code : exit_;
  }

  static void say_taken(const std::string& path, const bundle::TakenIn& taken) {
    say(fmt::format("{}: {} applied, {} there already, {} rejected; sensor \"{}\"", path,
                    counted(taken.applied, "record", "records"), taken.known, taken.rejected.size(),
                    taken.sensor));
    for (std::size_t i = 0; i < std::min(taken.rejected.size(), kMostReasons); ++i) {
      say(fmt::format("{}: rejected: {}", path, taken.rejected[i]));
    }
    if (taken.rejected.size() > kMostReasons) {
      say(fmt::format("{}: and {} more", path, taken.rejected.size() - kMostReasons));
    }
  }

  store::Store& store_;
  const Options& options_;
  int exit_ = exit_code::kDone;
};

int import(const Options& options) {
  auto open = open_for_writing(options.store);
  if (!open) {
    return ended(fail(std::move(open).error()));
  }
  BundleImport import(open->store, options);
  Progress progress("import");
  progress.total(options.paths.size());
  for (const auto& path : options.paths) {
    if (stop_on_signals()) {
      break;
    }
    import.take(path);
    progress.step(path, 0);
  }
  progress.finish();
  return stop_on_signals() ? exit_code::kStopped : import.end();
}

}  // namespace

void add_bundle_import(CLI::App& bundle, int& exit_code) {
  auto* command = add_command(bundle, "import", "Take the records of walks into a store");
  const auto options = std::make_shared<Options>();
  command->add_option("FILE", options->paths, "Bundles")->type_name("")->required();
  command->add_option("--store", options->store, "The store; made if it is not there yet")
      ->type_name("FILE");
  command->add_option("--key", options->key, "Our private key, for bundles that are encrypted")
      ->type_name("FILE");
  command->add_flag("--allow-unsigned", options->allow_unsigned,
                    "Take what nobody whom we trust has signed");
  add_wall(*command, options->wall);
  command->footer(kExamples);
  command->callback([options, &exit_code] { exit_code = import(*options); });
}

}  // namespace ot::agent
