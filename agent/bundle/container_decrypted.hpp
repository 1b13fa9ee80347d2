#pragma once

#include "agent/bundle/key.hpp"
#include "agent/input_file.hpp"
#include "base/result.hpp"
#include "parsers/parser.hpp"

namespace ot::agent::bundle {

/// What an envelope holds, in a file without a name that goes with the process: in $TMPDIR, else in
/// /var/tmp. Errors: encrypted (it is for somebody else), corrupt, unsupported, io.
Result<InputFile> decrypted(const parsers::Content& envelope, const Keyring& keys);

}  // namespace ot::agent::bundle
