#pragma once

#include <string>

#include "agent/probe_run.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// What was found, as a table of devices, each with its modules below it.
Result<void> print_racks(store::Store& store, const ProbeSummary& summary);

/// The same in the shape of the host list.
Result<void> print_hosts_json(store::Store& store, const ProbeSummary& summary);

/// "24 of 254 targets answered ...", then what did not, on stderr.
void say_summary(const ProbeSummary& summary, const std::string& store);

/// Whether there is anything to be looked at, or somebody was not read.
bool has_findings(const ProbeSummary& summary);
/// What is to be looked at, and who was refused, silent, excluded, cut short or not asked, on
/// stderr.
void say_findings(const ProbeSummary& summary);

int exit_code_of(const ProbeSummary& summary);

}  // namespace ot::agent
