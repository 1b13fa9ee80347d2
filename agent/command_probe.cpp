#include <CLI/CLI.hpp>

#include "agent/commands.hpp"
#include "agent/probe_command.hpp"
#include "agent/probe_report.hpp"
#include "agent/store_path.hpp"

namespace ot::agent {
namespace {

constexpr const char* kExamples = R"(Examples:
  rackscout probe 10.20.0.15                     all protocols, each at its own port
  rackscout probe --plan 10.20.0.0/24            what would be asked; sends nothing
  rackscout probe --protocol fins 10.20.0.15:9601
  rackscout probe --exclude 10.20.0.7 --ledger frames.ndjson 10.20.0.0/24
  rackscout probe --protocol modbus --units 1-10 /dev/ttyUSB0

Only requests that read an identification are ever sent: one connection and one
request at a time to each target, with a pause between them. A target that is
silent or shows distress is left alone. --exclude wins over every TARGET.
Devices go to stdout, what was refused, silent or odd to stderr. The exit code is
3 when something was not read to its end, or when nothing answered.)";

int report(store::Store& store, const ProbeSummary& summary, const ProbeOptionTexts& texts,
           const std::string& path) {
  const auto printed =
      texts.format == "json" ? print_hosts_json(store, summary) : print_racks(store, summary);
  if (!printed) {
    return ended(printed);
  }
  say_summary(summary, path);
  return exit_code_of(summary);
}

int run_probe(const ProbeOptionTexts& texts) {
  auto command = ProbeCommand::prepare(texts);
  if (!command) {
    return ended(fail(std::move(command).error()));
  }
  if (texts.plan) {
    return print_plan(command->job(), texts.format);
  }
  auto open = open_for_writing(texts.store);
  if (!open) {
    return ended(fail(std::move(open).error()));
  }
  const auto summary = command->run(open->store);
  if (!summary) {
    return ended(fail(summary.error()));
  }
  return report(open->store, *summary, texts, open->path);
}

}  // namespace

void add_probe(CLI::App& app, int& exit_code) {
  auto* command = add_command(app, "probe", "Ask controllers what is plugged into their racks");
  const auto texts = std::make_shared<ProbeOptionTexts>();
  add_probe_options(*command, *texts);
  command->footer(kExamples);
  command->callback([texts, &exit_code] { exit_code = run_probe(*texts); });
}

}  // namespace ot::agent
