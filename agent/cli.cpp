#include "agent/cli.hpp"

#include <csignal>
#include <cstdio>
#include <sstream>
#include <version.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "agent/commands.hpp"
#include "agent/output.hpp"
#include "base/nearest.hpp"
#include "parsers/parser.hpp"
#include "protocols/probe.hpp"

namespace ot::agent {
namespace {

constexpr const char* kDescription =
    "rackscout reads the engineering project files of a plant, asks its controllers what is in\n"
    "their racks, and keeps an inventory of controllers, devices and their modules.";

constexpr const char* kExamples = R"(Examples:
  rackscout ingest /srv/projects       read every project file below a folder
  rackscout probe 10.20.0.0/24         ask controllers what is in their racks
  rackscout list assets                what is in the plant
  rackscout show AS01                  one station with its racks and modules
  rackscout parse AS01.cfg             one file as JSON, without a store
  rackscout run                        as a service: watch, ask on schedule, answer
  rackscout upload                     send what is new to the configured sinks
  rackscout survey --offline --out plant.rsb 10.20.0.0/24
                                       the same without a network, to be carried out
  rackscout report --out plant.html    the inventory as a document

The store is the file named by --store, else by $RACKSCOUT_STORE, else
/var/lib/rackscout/rackscout.db for root and rackscout/rackscout.db in
$XDG_STATE_HOME or ~/.local/state for all others.

Each command has its own --help. Exit codes: 0 done, 1 the store or the disk
failed, 2 wrong use, 3 done with failures, 4 altered by somebody, 130 stopped.)";

/// Scripts may say yes to whatever they run: to each command, and each of its own.
void add_yes(CLI::App& command) {
  if (command.get_option_no_throw("--yes") == nullptr) {
    command.add_flag_function(
        "--yes", [](std::int64_t) {}, "Answer every question with yes (nothing is ever asked)");
  }
  for (auto* inner : command.get_subcommands({})) {
    add_yes(*inner);
  }
}

/// What the user should have read: "rackscout store forget --help".
std::string help_command(const CLI::App& app) {
  std::string command = "rackscout";
  for (auto chosen = app.get_subcommands(); !chosen.empty();
       chosen = chosen.front()->get_subcommands()) {
    command += " " + chosen.front()->get_name();
  }
  return command + " --help";
}

int wrong_use(const std::string& message, const std::string& help) {
  say("rackscout: " + message);
  say(fmt::format("  `{}` tells more", help));
  return exit_code::kWrongUse;
}

/// Whether the first word is a command; if not, the user is told.
bool knows_command(const CLI::App& app, std::string_view word) {
  Nearest nearest(word, 2);
  for (const auto* command : app.get_subcommands({})) {
    if (command->get_name() == word) {
      return true;
    }
    nearest.consider(command->get_name());
  }
  wrong_use(fmt::format("unknown command \"{}\"{}", word, did_you_mean(nearest.take())),
            "rackscout --help");
  return false;
}

/// The help or the version.
int print_asked(const CLI::App& app, const CLI::ParseError& asked) {
  std::ostringstream text;
  app.exit(asked, text, text);
  Output output;
  output.write(text.str());
  return ended(output.finish());
}

int parse_and_run(CLI::App& app, int argc, char** argv, const int& exit_code) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help or --version
      return print_asked(app, error);
    }
    return wrong_use(error.what(), help_command(app));
  }
  return exit_code;
}

/// "step7, digsi5, scl"
template <class Modules>
std::string names_of(const Modules& modules) {
  std::string names;
  for (const auto* module : modules) {
    names += names.empty() ? "" : ", ";
    names += module->name;
  }
  return names;
}

}  // namespace

std::string version_text() {
  return fmt::format("rackscout {}\ncommit: {}\nparsers: {}\nprotocols: {}", RACKSCOUT_VERSION,
                     RACKSCOUT_COMMIT, names_of(parsers::all()), names_of(protocols::all()));
}

int ended(const Result<void>& result, std::string_view place) {
  if (result) {
    return exit_code::kDone;
  }
  say_error(result.error(), place);
  return result.error().code() == Errc::wrong_use ? exit_code::kWrongUse : exit_code::kOwnFailure;
}

CLI::App* add_command(CLI::App& parent, std::string_view name, std::string_view title) {
  return parent.add_subcommand(std::string(name), std::string(title));
}

void add_all_commands(CLI::App& app, int& exit_code) {
  app.name("rackscout");
  app.description(kDescription);
  app.require_subcommand(1);
  app.get_formatter()->column_width(32);
  app.set_version_flag("--version", version_text);
  app.footer(kExamples);
  add_ingest(app, exit_code);
  add_probe(app, exit_code);
  add_survey(app, exit_code);
  add_list(app, exit_code);
  add_show(app, exit_code);
  add_run(app, exit_code);
  add_status(app, exit_code);
  add_journal(app, exit_code);
  add_upload(app, exit_code);
  add_outbox(app, exit_code);
  add_import(app, exit_code);
  add_bundle(app, exit_code);
  add_report(app, exit_code);
  add_key(app, exit_code);
  add_store(app, exit_code);
  add_parse(app, exit_code);
  add_list_parsers(app, exit_code);
  add_config(app, exit_code);
  add_yes(app);
}

int run(int argc, char** argv) {
  // A reader that has seen enough (`| head`) ends us without a word, even if we
  // were started by something that ignores the signal.
  std::signal(SIGPIPE, SIG_DFL);
  int exit_code = exit_code::kDone;
  CLI::App app;
  add_all_commands(app, exit_code);
  if (argc < 2) {
    const auto help = app.help();
    std::fwrite(help.data(), 1, help.size(), stderr);
    return exit_code::kWrongUse;
  }
  if (argv[1][0] != '-' && !knows_command(app, argv[1])) {
    return exit_code::kWrongUse;
  }
  return parse_and_run(app, argc, argv, exit_code);
}

}  // namespace ot::agent
