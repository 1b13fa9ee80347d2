#include <memory>

#include <CLI/CLI.hpp>

#include "agent/commands.hpp"
#include "agent/config/read.hpp"
#include "agent/service/service.hpp"

namespace ot::agent {
namespace {

constexpr const char* kExamples = R"(Examples:
  rackscout config init --config plant.toml    a commented configuration to fill in
  rackscout config check --config plant.toml   are there mistakes in it?
  rackscout run --config plant.toml            in the foreground, until Ctrl-C
  rackscout status                             what it is doing

It watches the configured folders, asks the configured targets on schedule, and
answers the list API. Logs go to stderr or the journal. SIGHUP reads the
configuration again, whole or not at all; SIGTERM and Ctrl-C end it within 2 s.)";

}  // namespace

void add_run(CLI::App& app, int& exit_code) {
  auto* command = add_command(app, "run", "Run as a service: watch, ask on schedule, answer");
  const auto options = std::make_shared<ServiceOptions>();
  command->add_option("--config", options->config_path, "The configuration")->type_name("FILE");
  command->add_option("--store", options->store_path, "The store; made if it is not there yet")
      ->type_name("FILE");
  command->footer(kExamples);
  command->callback([options, &exit_code] {
    options->config_path = config_path(options->config_path);
    exit_code = ended(run_service(*options));
  });
}

}  // namespace ot::agent
