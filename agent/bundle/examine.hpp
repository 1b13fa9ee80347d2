#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/bundle/bundle.hpp"
#include "agent/bundle/container.hpp"
#include "agent/bundle/key.hpp"
#include "agent/bundle/manifest.hpp"
#include "base/result.hpp"
#include "parsers/parser.hpp"

namespace ot::agent::bundle {

/// What became of a bundle that was looked at, byte by byte.
struct Examination {
  Manifest manifest;
  Listing listing;
  std::vector<std::string> findings;  ///< what does not match; empty: everything does
  Trust trust = Trust::nobody;
  std::optional<PublicKey>
      signer;  ///< whose signature holds; with the name under which we trust it
};

/// Looks at a bundle that is not encrypted; `reader` reads the same content. The container is
/// written once more from its members and compared; each member is hashed, the chain of the
/// exchanges followed, the signature checked. Errors: io; malformed for what holds no manifest that
/// can be read; unsupported for that of another rackscout, whose container is unaltered; too_large;
/// and the reader's.
Result<Examination> examine(const parsers::Content& content, ContainerReader& reader,
                            const Keyring& keys);

}  // namespace ot::agent::bundle
