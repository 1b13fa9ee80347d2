#pragma once

#include <string>

#include "agent/probe_run.hpp"
#include "agent/records_json.hpp"

namespace ot::agent {

/// Which requests would go where, and how many at most; nothing is sent.
std::string plan_text(const ProbeJob& job);
Json plan_json(const ProbeJob& job);

}  // namespace ot::agent
