#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "agent/bundle/chain.hpp"
#include "base/result.hpp"
#include "protocols/link/ledger.hpp"

namespace ot::agent::bundle {

/// An entry of the ledger of a walk.
struct Exchange {
  std::uint64_t number = 0;  ///< from 1
  std::string area;
  protocols::link::LedgerEntry entry;
};

/// The entry as a line, ended by a line feed:
/// {"n","time","area","target","protocol","event","bytes","meaning","error","stray","chain"}.
/// What is empty is left out; its last member is its link of the chain.
std::string exchange_line(const Exchange& exchange, Chain& chain);

/// Reads a line, without its line feed, that is the next of its chain. Errors: malformed, which
/// says what is wrong ("its link of the chain is another one").
Result<Exchange> exchange_from(std::string_view line, Chain& chain);

/// Reads all lines of a ledger; an error has the line's number. `each` may be empty.
Result<void> each_exchange(std::string_view lines, Chain& chain,
                           const std::function<void(Exchange)>& each);

}  // namespace ot::agent::bundle
