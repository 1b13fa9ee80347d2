#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "agent/bundle/bundle.hpp"
#include "agent/checks.hpp"
#include "agent/commands.hpp"
#include "agent/output.hpp"
#include "agent/plant_report/html.hpp"
#include "agent/plant_report/plain.hpp"
#include "agent/redact.hpp"
#include "agent/store_path.hpp"
#include "agent/wall_option.hpp"
#include "agent/whole_file.hpp"

namespace ot::agent {
namespace {

using plant_report::PlantReport;
using plant_report::Sink;

constexpr const char* kExamples = R"(Examples:
  rackscout report --out plant.html                      of the store
  rackscout report --bundle plant-2026-11.rsb --out plant.html
  rackscout report --bundle plant-2026-11.rsb --format cyclonedx --out plant.cdx.json
  rackscout report --format csv-set --out tables         a folder of tables for a spreadsheet
  rackscout report --format csv --out - | less           to stdout

The HTML report is one file that loads nothing else: a summary, racks drawn as
racks, networks, project files, what could not be read and why, and, of a
bundle, what was sent to whom. It is written whole or not at all, for your eyes
only (mode 0600). A bundle that was altered is refused (exit code 4); one that
nobody whom you trust has signed is reported as such, in the report and here.)";

struct Options {
  std::string store;
  std::string bundle;
  std::string out;
  std::string format = "html";
  std::string key;
  bool allow_unsigned = false;
  wall::Options wall;
};

bool to_stdout(const Options& options) {
  return options.out == "-";
}

Result<PlantReport> read_store(const Options& options) {
  auto open = open_for_reading(options.store);
  if (!open) {
    return fail(std::move(open.error()));
  }
  auto report = plant_report::report_of(open->store);
  if (report) {
    report->origin = redact(open->path);
  }
  return report;
}

/// Whose word a bundle is stands in the report, so that one that nobody signed is no reason to
/// refuse it.
Result<PlantReport> read_bundle(const Options& options, int& exit) {
  bundle::Opening opening;
  opening.path = options.bundle;
  opening.key = options.key;
  opening.allow_unsigned = true;
  opening.wall = options.wall;
  auto bundle = bundle::open_to_use(opening, exit);
  if (!bundle) {
    return fail(std::move(bundle.error()));
  }
  auto report = plant_report::report_of(*bundle);
  if (!report) {
    return report;
  }
  report->origin = redact(options.bundle);
  if (!report->trusted && !options.allow_unsigned) {
    say(fmt::format("{}: {}; the report says so, too", options.bundle, report->trust));
  }
  return report;
}

void write_form(const PlantReport& report, const std::string& format, const Sink& sink) {
  if (format == "csv") {
    plant_report::write_csv(report, sink);
  } else if (format == "json") {
    plant_report::write_json(report, sink);
  } else if (format == "cyclonedx") {
    plant_report::write_cyclonedx(report, sink);
  } else {
    plant_report::write_html(report, sink);
  }
}

Result<void> write_file(const PlantReport& report, const Options& options) {
  std::string text;
  write_form(report, options.format, [&text](std::string_view piece) { text += piece; });
  auto written = write_whole(options.out, text, IfThere::replace);
  if (!written) {
    return fail(std::move(written.error()).during(fmt::format("\"{}\"", options.out)));
  }
  return {};
}

Result<void> write_out(const PlantReport& report, const Options& options) {
  if (to_stdout(options)) {
    Output output;
    write_form(report, options.format, [&output](std::string_view text) { output.write(text); });
    return output.finish();
  }
  auto written = options.format == "csv-set" ? plant_report::write_table_set(report, options.out)
                                             : write_file(report, options);
  if (written) {
    say(fmt::format("report: {}", options.out));
  }
  return written;
}

int run_report(const Options& options) {
  if (to_stdout(options) && options.format == "csv-set") {
    return ended(fail(Error(Errc::wrong_use, "a set of tables goes into a folder, not to stdout")
                          .hint("name one with --out, or use --format csv")));
  }
  int exit = exit_code::kDone;
  const auto report = options.bundle.empty() ? read_store(options) : read_bundle(options, exit);
  if (!report) {
    const int code = ended(fail(report.error()));
    return exit == exit_code::kDone ? code : exit;
  }
  return ended(write_out(*report, options));
}

}  // namespace

void add_report(CLI::App& app, int& exit_code) {
  auto* command =
      add_command(app, "report", "Write a report of the plant: HTML, tables or CycloneDX");
  const auto options = std::make_shared<Options>();
  auto* store = command->add_option("--store", options->store, "The store to report on");
  store->type_name("FILE");
  command->add_option("--bundle", options->bundle, "The bundle of a walk, instead of a store")
      ->type_name("FILE")
      ->excludes(store);
  command->add_option("--out", options->out, "The file to write, for csv-set the folder; -: stdout")
      ->type_name("FILE")
      ->required();
  command->add_option("--format", options->format, "html, csv, json, cyclonedx or csv-set")
      ->check(one_of({"html", "csv", "json", "cyclonedx", "csv-set"}))
      ->type_name("FORMAT");
  command->add_option("--key", options->key, "Our private key, for an encrypted bundle")
      ->type_name("FILE");
  command->add_flag("--allow-unsigned", options->allow_unsigned,
                    "Don't mention on stderr that nobody trusted signed the bundle");
  add_wall(*command, options->wall);
  command->footer(kExamples);
  command->callback([options, &exit_code] { exit_code = run_report(*options); });
}

}  // namespace ot::agent
