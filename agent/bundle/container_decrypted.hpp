#pragma once

#include <memory>

#include "agent/bundle/key.hpp"
#include "base/result.hpp"
#include "parsers/parser.hpp"

namespace ot::agent::bundle {

/// What an envelope holds, in a file without a name that goes with the process: in $TMPDIR, else in
/// /var/tmp. Errors: encrypted (it is for somebody else), corrupt, unsupported, io.
Result<std::unique_ptr<parsers::Content>> decrypted(const parsers::Content& envelope,
                                                    const Keyring& keys);

}  // namespace ot::agent::bundle
