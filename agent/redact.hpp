#pragma once

#include <string>
#include <string_view>

#include "base/records.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// The text with each user's name in a home folder's path replaced:
/// C:\Users\<user>\plant.s7p, /home/<user>/plant.scd, \\server\home\<user>.
std::string redact(std::string_view text);

// The same in every free text that a record quotes from inside of a project
// file. The file's own path on this machine is no such text and stays.
void redact(Project& project);
void redact(store::StoredFile& file);
void redact(store::StoredAsset& asset);

/// The error with its words redacted.
Error redacted(const Error& error);

}  // namespace ot::agent
