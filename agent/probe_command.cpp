#include "agent/probe_command.hpp"

#include <iostream>

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "agent/commands.hpp"
#include "agent/json_text.hpp"
#include "agent/output.hpp"
#include "agent/probe_plan.hpp"
#include "agent/process.hpp"
#include "agent/progress.hpp"

namespace ot::agent {
namespace {

/// More than a /24 is asked only when somebody said so.
constexpr std::size_t kWithoutQuestion = 256;

Result<void> agree(std::size_t targets, bool yes) {
  if (yes || targets <= kWithoutQuestion) {
    return {};
  }
  if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDERR_FILENO) == 0) {
    return fail(Error(Errc::wrong_use, fmt::format("{} targets are more than a /24", targets))
                    .hint("add --yes, or name fewer"));
  }
  std::cerr << fmt::format("Ask {} targets? [y/N] ", targets);
  std::string answer;
  std::getline(std::cin, answer);
  if (answer != "y" && answer != "Y" && answer != "yes") {
    return fail(Errc::wrong_use, "nothing was sent");
  }
  return {};
}

bool exists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

}  // namespace

std::string what_stops(const std::string& stop_file) {
  if (auto signal = stop_signal(); !signal.empty()) {
    return signal;
  }
  return !stop_file.empty() && exists(stop_file) ? "the stop file " + stop_file : "";
}

Result<ProbeCommand> ProbeCommand::prepare(const ProbeOptionTexts& texts) {
  ProbeCommand command;
  auto job = job_of(texts);
  if (!job) {
    return fail(std::move(job).error());
  }
  command.job_ = std::move(*job);
  if (texts.plan) {
    return command;
  }
  if (auto agreed = agree(command.job_.targets.size(), texts.yes); !agreed) {
    return fail(std::move(agreed).error());
  }
  if (!texts.ledger.empty()) {
    auto ledger = LedgerFile::open(texts.ledger);
    if (!ledger) {
      return fail(std::move(ledger).error());
    }
    command.ledger_ = std::move(*ledger);
    command.job_.ledger = command.ledger_.get();
  }
  static_cast<void>(stop_on_signals());
  command.job_.stop = [file = texts.stop_file, ledger = command.ledger_.get()] {
    return ledger != nullptr && ledger->failed() ? "the ledger" : what_stops(file);
  };
  return command;
}

Result<ProbeSummary> ProbeCommand::run(store::Store& store) {
  Progress progress("probe");
  auto summary = run_probes(store, std::move(job_), progress);
  progress.finish();
  if (summary && ledger_) {
    if (auto written = ledger_->finish(); !written) {
      return fail(std::move(written).error());
    }
  }
  return summary;
}

int print_plan(const ProbeJob& job, const std::string& format) {
  Output output;
  output.write(format == "json" ? json_text(plan_json(job), 2) + "\n" : plan_text(job));
  return ended(output.finish());
}

}  // namespace ot::agent
