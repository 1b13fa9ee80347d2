#pragma once

#include <string>
#include <vector>

#include "agent/records_json.hpp"
#include "store/query/ast.hpp"

namespace ot::store::query::test {

using agent::Json;

/// Whether the record, as the list prints it with our own fields, is as the
/// filter wants it: found out by walking its JSON.
bool holds(const Node& node, const Json& record);

/// All values that the token has in the record.
std::vector<Json> values_of(const Token& token, const Json& record);

}  // namespace ot::store::query::test
