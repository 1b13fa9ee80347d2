#include <CLI/CLI.hpp>

#include "agent/command_survey_offline.hpp"
#include "agent/commands.hpp"
#include "agent/ingest_report.hpp"
#include "agent/output.hpp"
#include "agent/probe_command.hpp"
#include "agent/probe_report.hpp"
#include "agent/process.hpp"
#include "agent/progress.hpp"
#include "agent/store_path.hpp"
#include "agent/wall_option.hpp"

namespace ot::agent {
namespace {

constexpr const char* kExamples = R"(Examples:
  rackscout survey --projects /srv/projects 10.20.0.0/24
  rackscout survey --site Werk --area "Hall 3" --projects /srv/hall3 10.20.3.0/24

  rackscout survey --offline --out plant-2026-11.rsb --site Werk --targets areas.txt
  rackscout survey --offline --out plant-2026-11.rsb --resume

The same as `rackscout ingest` of each folder and then `rackscout probe` of the
targets, into one store, with one summary. What a project file says and what a
device says are kept side by side; `rackscout show` tells where they differ.

With --offline nothing but the probes' requests leaves the machine, and what comes
of it is one signed file. It asks before it begins; --resume goes on after a power
cut, and asks nobody again who has answered. areas.txt holds a target on each line,
below headings such as [Hall 1]: equal addresses in two areas are two devices.)";

/// Those of an offline survey are there for the other one, too.
struct Options : OfflineOptions {
  bool offline = false;
};

Result<IngestSummary> read_projects(store::Store& store, const Options& options) {
  IngestOptions ingest_options;
  ingest_options.paths = options.projects;
  ingest_options.wall = options.wall;
  ingest_options.uploaded_by = user_name();
  if (!options.probe.site.empty()) {
    ingest_options.site = options.probe.site;
  }
  if (!options.probe.area.empty()) {
    ingest_options.area = options.probe.area;
  }
  Progress progress("ingest");
  auto summary = ingest(store, ingest_options, progress, stop_on_signals());
  progress.finish();
  return summary;
}

int report(store::Store& store, const Options& options, const IngestSummary& files,
           const ProbeSummary& racks, const std::string& path) {
  const auto printed =
      options.probe.format == "json" ? print_hosts_json(store, racks) : print_racks(store, racks);
  if (!printed) {
    return ended(printed);
  }
  if (!options.projects.empty()) {
    say_ingest(files);
  }
  say_summary(racks, path);
  return std::max(exit_code_of(files), exit_code_of(racks));
}

int survey_into(store::Store& store, ProbeCommand& command, const Options& options,
                const std::string& path) {
  IngestSummary files;
  if (!options.projects.empty()) {
    auto read = read_projects(store, options);
    if (!read) {
      return ended(fail(std::move(read).error()));
    }
    files = std::move(*read);
  }
  const auto racks = command.run(store);
  if (!racks) {
    return ended(fail(racks.error()));
  }
  return report(store, options, files, *racks, path);
}

/// Whether an option was given that only an offline survey has.
bool wants_offline(const Options& options) {
  return !options.out.empty() || !options.targets_file.empty() || options.resume ||
         options.include_files;
}

int run_survey(const Options& options) {
  if (options.offline) {
    return run_offline_survey(options);
  }
  if (wants_offline(options)) {
    return ended(fail(Error(Errc::wrong_use, "a bundle is what an offline survey becomes")
                          .hint("add --offline")));
  }
  if (options.probe.targets.empty()) {
    return ended(fail(Errc::wrong_use, "no TARGET is named"));
  }
  auto command = ProbeCommand::prepare(options.probe);
  if (!command) {
    return ended(fail(std::move(command).error()));
  }
  if (options.probe.plan) {
    return print_plan(command->job(), options.probe.format);
  }
  auto open = open_for_writing(options.probe.store);
  if (!open) {
    return ended(fail(std::move(open).error()));
  }
  return survey_into(open->store, *command, options, open->path);
}

}  // namespace

void add_survey(CLI::App& app, int& exit_code) {
  auto* command = add_command(app, "survey", "Read project files and ask controllers, in one");
  const auto options = std::make_shared<Options>();
  command
      ->add_option("--projects", options->projects,
                   "Folder of project files (with all below it); may be repeated")
      ->allow_extra_args(false)
      ->type_name("DIR");
  add_probe_options(*command, options->probe);
  command->get_option("TARGET")->required(false);
  command->add_flag("--offline", options->offline,
                    "No uplink, no look-ups: into a bundle that can be carried out");
  add_offline_options(*command, *options);
  add_wall(*command, options->wall);
  command->footer(kExamples);
  command->callback([options, &exit_code] { exit_code = run_survey(*options); });
}

}  // namespace ot::agent
