#pragma once

#include <string>

struct sqlite3;

namespace ot::store::query {

/// The type of a TextMatcher that is bound to a statement.
constexpr const char* kMatcherType = "text_matcher";

/// Teaches a connection the functions of compiled filters; no schema may use them:
///   matches(TEXT, matcher)    whether the text is as a TextMatcher wants it
///   uuid_text(BLOB)           "4da66005-911b-39b0-bb8d-193d3255af7e"
///   head_uuid(BLOB)           the moduleUuid of the asset with this UUID
///   add_on_uuid(BLOB, occurrence, bus, slave_address, unit_address, rack, slot, subslot)
///   sensor_name()             what `sensor_name` holds then, which outlives the connection
/// Answers SQLite's code.
int register_functions(sqlite3* connection, std::string* sensor_name);

}  // namespace ot::store::query
