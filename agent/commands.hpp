#pragma once

#include <string_view>

#include "base/result.hpp"

namespace CLI {
class App;
}

namespace ot::agent {

/// How a command ends, as scripts see it.
namespace exit_code {
constexpr int kDone = 0;
constexpr int kOwnFailure = 1;  ///< the store or the disk
constexpr int kWrongUse = 2;
constexpr int kWithFailures = 3;  ///< done, but something failed or was no project file
constexpr int kTampered = 4;
constexpr int kStopped = 130;  ///< by the user
}  // namespace exit_code

/// The exit code of a command; an error is said on stderr, with `place` in front.
int ended(const Result<void>& result, std::string_view place = {});

/// A command of `parent`, as its add_subcommand() makes one: CLI11 is in headers alone, and making
/// an App takes most of it into the object of each file that does.
CLI::App* add_command(CLI::App& parent, std::string_view name, std::string_view title);

// Each registers one command with the application. When the command line names
// it, it runs during parse() and leaves its end in `exit_code`.
void add_ingest(CLI::App& app, int& exit_code);
void add_probe(CLI::App& app, int& exit_code);
void add_survey(CLI::App& app, int& exit_code);
void add_list(CLI::App& app, int& exit_code);
void add_show(CLI::App& app, int& exit_code);
void add_run(CLI::App& app, int& exit_code);
void add_status(CLI::App& app, int& exit_code);
void add_journal(CLI::App& app, int& exit_code);
void add_store(CLI::App& app, int& exit_code);
void add_parse(CLI::App& app, int& exit_code);
void add_list_parsers(CLI::App& app, int& exit_code);
void add_config(CLI::App& app, int& exit_code);
void add_upload(CLI::App& app, int& exit_code);
void add_outbox(CLI::App& app, int& exit_code);
void add_import(CLI::App& app, int& exit_code);
void add_bundle(CLI::App& app, int& exit_code);
void add_key(CLI::App& app, int& exit_code);
void add_report(CLI::App& app, int& exit_code);

/// The whole command line: all of these, with what holds for every command.
void add_all_commands(CLI::App& app, int& exit_code);

}  // namespace ot::agent
