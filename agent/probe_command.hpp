#pragma once

#include "agent/probe_options.hpp"

namespace ot::agent {

/// A run of probes from the command line: what `probe` and `survey` share.
class ProbeCommand {
 public:
  /// Errors: wrong_use (also when the user did not agree), io.
  static Result<ProbeCommand> prepare(const ProbeOptionTexts& texts);

  const ProbeJob& job() const { return job_; }

  Result<ProbeSummary> run(store::Store& store);

 private:
  ProbeJob job_;
  std::unique_ptr<LedgerFile> ledger_;
};

/// "Ctrl-C", "the stop file /run/stop": what asks to end; empty while nothing does.
std::string what_stops(const std::string& stop_file);

/// The plan on stdout, in the format that was asked for.
int print_plan(const ProbeJob& job, const std::string& format);

}  // namespace ot::agent
