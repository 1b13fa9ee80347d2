#pragma once

#include <string>

#include "agent/ingest.hpp"

namespace ot::agent {

std::string summary_text(const IngestSummary& summary, const std::string& store);
std::string summary_json(const IngestSummary& summary, const std::string& store);

/// What could not be read, on stderr.
void say_failures(const IngestSummary& summary);

/// All of it but the store, on stderr.
void say_ingest(const IngestSummary& summary);

int exit_code_of(const IngestSummary& summary);

}  // namespace ot::agent
