#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "base/result.hpp"

namespace ot::tests {

using Json = nlohmann::json;

std::string content_of(const std::filesystem::path& path);

/// What `rackscout parse` would print of the file, without its hashes and size;
/// null for a file that no parser claims.
Result<Json> parsed(const std::filesystem::path& path);

/// Where `actual` lacks or contradicts something in `expected`: arrays must be
/// of one length, an object may have more members than are expected and lack a
/// list that is expected to be empty. Empty if nothing does.
std::string difference(const Json& expected, const Json& actual, const std::string& at = "");

}  // namespace ot::tests
