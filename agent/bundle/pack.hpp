#pragma once

#include <string>
#include <vector>

#include "agent/bundle/key.hpp"
#include "agent/bundle/manifest.hpp"
#include "base/result.hpp"

namespace ot::agent::bundle {

/// A project file that goes along.
struct FileAlong {
  std::string path;
  std::string sha256;  ///< with another content it is refused as `changed`
};

/// What goes into a bundle. The texts are NDJSON.
struct Contents {
  Manifest manifest;  ///< its members, signer and writer are filled in by packing
  std::string records;
  std::string observations;
  std::string targets;
  std::string exchanges_path;  ///< the ledger of the walk, on disk
  std::string journal;
  std::vector<FileAlong> files;
};

/// Writes the bundle: whole and on its disk (beside it first, then in its place), or not at all;
/// mode 0600. Signed where there is a key, encrypted where there is a recipient.
Result<void> write_bundle(const std::string& path, Contents contents, const PrivateKey* signer,
                          const PublicKey* recipient);

}  // namespace ot::agent::bundle
