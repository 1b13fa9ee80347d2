#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/records_json.hpp"
#include "protocols/link/wire.hpp"

namespace ot::agent::bundle {

/// What a request of a ledger was and what came of it, whoever asked it.
struct Reading {        // NOLINT(bugprone-exception-escape): std::bad_alloc alone
  std::string kind;     ///< "FINS 0101 MEMORY AREA READ", "S7comm 04 Read Var"
  std::string outcome;  ///< "end code 0000", "Modbus exception 01 (illegal function)", "no answer"
  Json fields;          ///< what we can decode of the answer; null: nothing
};

/// Never fails: what no protocol of ours is and none that is known by its head is "unknown".
Reading reading_of(protocols::link::Wire wire, std::string_view request,
                   const std::vector<std::string>& answers);

}  // namespace ot::agent::bundle
