#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "agent/checks.hpp"
#include "agent/commands.hpp"
#include "agent/ingest.hpp"
#include "agent/ingest_report.hpp"
#include "agent/output.hpp"
#include "agent/process.hpp"
#include "agent/progress.hpp"
#include "agent/store_path.hpp"
#include "agent/wall_option.hpp"

namespace ot::agent {
namespace {

constexpr const char* kExamples = R"(Examples:
  rackscout ingest /srv/projects                      everything below a folder
  rackscout ingest --plant-location "Hall 3" AS01.cfg one file, and where it belongs
  rackscout ingest --format json /srv/projects | jq .failed

Files that did not change since the last time are not read again. The exit code
is 3 when some file or folder could not be read; all others are in the store.)";

struct Options {
  IngestOptions ingest;
  std::string store;
  std::string format = "text";
};

int report(const IngestSummary& summary, const Options& options) {
  const bool as_json = options.format == "json";
  Output output;
  output.write(as_json ? summary_json(summary, options.store)
                       : summary_text(summary, options.store));
  if (const auto written = output.finish(); !written) {
    return ended(written);
  }
  if (!as_json) {
    say_failures(summary);
  }
  if (summary.stopped) {
    say("stopped; what was read is in the store, the rest is read at the next run");
  }
  return exit_code_of(summary);
}

int run_ingest(Options options) {
  auto open = open_for_writing(options.store);
  if (!open) {
    return ended(fail(std::move(open).error()));
  }
  options.store = open->path;
  Progress progress("ingest");
  const auto summary = ingest(open->store, options.ingest, progress, stop_on_signals());
  progress.finish();
  if (!summary) {
    return ended(fail(summary.error()));
  }
  return report(*summary, options);
}

}  // namespace

void add_ingest(CLI::App& app, int& exit_code) {
  auto* command = add_command(app, "ingest", "Read project files into the inventory");
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
  add_wall(*command, options->ingest.wall);
  command->add_option("--format", options->format, "Of the summary: text or json")
      ->check(one_of({"text", "json"}))
      ->type_name("FORMAT");
  command->footer(kExamples);
  command->callback([options, &exit_code] { exit_code = run_ingest(*options); });
}

}  // namespace ot::agent
