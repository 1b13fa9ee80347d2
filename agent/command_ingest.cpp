#include <atomic>
#include <csignal>
#include <memory>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "agent/checks.hpp"
#include "agent/commands.hpp"
#include "agent/ingest.hpp"
#include "agent/json_text.hpp"
#include "agent/output.hpp"
#include "agent/progress.hpp"
#include "agent/store_path.hpp"

namespace ot::agent {
namespace {

constexpr const char* kExamples = R"(Examples:
  rackscout ingest /srv/projects                      everything below a folder
  rackscout ingest --plant-location "Hall 3" AS01.cfg one file, and where it belongs
  rackscout ingest --format json /srv/projects | jq .failed

Files that did not change since the last time are not read again. The exit code
is 3 when some file or folder could not be read; all others are in the store.)";

/// Set by SIGINT and SIGTERM. A handler may touch nothing else.
std::atomic<bool> stop_requested{false};

void request_stop(int) {
  stop_requested = true;
}

/// The login name of whoever runs us.
std::string user_name() {
  const passwd* entry = ::getpwuid(::getuid());
  return entry != nullptr ? entry->pw_name : "";
}

struct Options {
  IngestOptions ingest;
  std::string store;
  std::string format = "text";
};

/// "3 assets", "1 asset"
template <class Number>
std::string counted(Number number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string failure_line(const Failure& failure) {
  return "  " + failure.error.text(failure.path);
}

std::string summary_text(const IngestSummary& summary, const std::string& store) {
  auto text =
      fmt::format("{}: {} imported, {} unchanged, {} failed, {} gone; {} no project files\n",
                  counted(summary.files, "file", "files"), summary.imported, summary.unchanged,
                  summary.failed.size(), summary.gone, summary.foreign);
  if (summary.warnings > 0) {
    text += fmt::format(
        "{} in the files read: `rackscout list files --extended --format json` "
        "has them\n",
        counted(summary.warnings, "warning", "warnings"));
  }
  if (summary.links > 0) {
    text +=
        fmt::format("{} not followed\n", counted(summary.links, "symbolic link", "symbolic links"));
  }
  return text + fmt::format("in the store: {}, {}, {}\nstore: {}\n",
                            counted(summary.stored.assets, "asset", "assets"),
                            counted(summary.stored.add_ons, "add-on", "add-ons"),
                            counted(summary.stored.files, "project file", "project files"), store);
}

void say_failures(std::string_view title, const std::vector<Failure>& failures) {
  if (failures.empty()) {
    return;
  }
  say(title);
  for (const auto& failure : failures) {
    say(failure_line(failure));
  }
}

Json failures_json(const std::vector<Failure>& failures) {
  Json out = Json::array();
  for (const auto& failure : failures) {
    out.push_back({{"path", failure.path}, {"error", failure.error.text()}});
  }
  return out;
}

std::string summary_json(const IngestSummary& summary, const std::string& store) {
  const Json stored = {{"path", store},
                       {"files", summary.stored.files},
                       {"assets", summary.stored.assets},
                       {"addOns", summary.stored.add_ons}};
  const Json out = {{"store", stored},
                    {"files", summary.files},
                    {"imported", summary.imported},
                    {"unchanged", summary.unchanged},
                    {"foreign", summary.foreign},
                    {"gone", summary.gone},
                    {"links", summary.links},
                    {"warnings", summary.warnings},
                    {"bytes", summary.bytes},
                    {"stopped", summary.stopped},
                    {"failed", failures_json(summary.failed)},
                    {"problems", failures_json(summary.problems)}};
  return json_text(out, 2) + "\n";
}

int exit_code_of(const IngestSummary& summary) {
  if (summary.stopped) {
    return exit_code::kStopped;
  }
  const bool clean = summary.failed.empty() && summary.problems.empty();
  return clean ? exit_code::kDone : exit_code::kWithFailures;
}

int report(const IngestSummary& summary, const Options& options) {
  const bool as_json = options.format == "json";
  Output output;
  output.write(as_json ? summary_json(summary, options.store)
                       : summary_text(summary, options.store));
  if (const auto written = output.finish(); !written) {
    return ended(written);
  }
  if (!as_json) {
    say_failures("failed:", summary.failed);
    say_failures("could not be looked at:", summary.problems);
  }
  if (summary.stopped) {
    say("stopped; what was read is in the store, the rest is read at the next run");
  }
  return exit_code_of(summary);
}

int run_ingest(Options options) {
  const auto path = store_path(options.store);
  if (!path) {
    return ended(fail(path.error()));
  }
  options.store = *path;
  auto store = store::Store::open(options.store, store::Mode::read_write);
  if (!store) {
    return ended(fail(store.error()));
  }
  std::signal(SIGINT, request_stop);
  std::signal(SIGTERM, request_stop);
  Progress progress("ingest");
  const auto summary = ingest(*store, options.ingest, progress, stop_requested);
  progress.finish();
  if (!summary) {
    return ended(fail(summary.error()));
  }
  return report(*summary, options);
}

}  // namespace

void add_ingest(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("ingest", "Read project files into the inventory");
  const auto options = std::make_shared<Options>();
  options->ingest.uploaded_by = user_name();
  command->add_option("PATH", options->ingest.paths, "Files and folders (with all below them)")
      ->type_name("")
      ->required();
  command->add_option("--store", options->store, "The store; made if it is not there yet")
      ->type_name("FILE");
  command->add_option("--site", options->ingest.site, "The site that the files belong to")
      ->type_name("TEXT");
  command->add_option("--area", options->ingest.area, "The area of the site")->type_name("TEXT");
  command
      ->add_option("--plant-location", options->ingest.plant_location,
                   "The plant location of the files")
      ->type_name("TEXT");
  command
      ->add_option("--uploaded-by", options->ingest.uploaded_by,
                   "Who brings the files in, if not you")
      ->type_name("NAME");
  command->add_flag("--rehash", options->ingest.rehash, "Read unchanged files, too");
  command->add_option("--format", options->format, "Of the summary: text or json")
      ->check(one_of({"text", "json"}))
      ->type_name("FORMAT");
  command->footer(kExamples);
  command->callback([options, &exit_code] { exit_code = run_ingest(*options); });
}

}  // namespace ot::agent
