#pragma once

#include <string>
#include <string_view>

#include "agent/uplink/wire.hpp"

namespace ot::agent {

// A chunk is a request to a hub as a file of lines: a head, a record a line, and an end with the
// SHA-256 of all before it. docs/uplink.md has the form.

/// "gateway-1-0f3a9c12-00000042.ndjson": in order by name, within an epoch.
std::string chunk_name(const WireHead& head);
bool is_chunk_name(std::string_view name);

/// `records`: a line each.
std::string chunk_text(const WireHead& head, std::string_view records);

/// Reads what stands before the records, of a chunk's beginning. It is not checked whether the
/// rest is sound.
Result<store::Delivery> head_of_chunk(std::string_view beginning);

/// Reads it whole; `malformed` where the end is missing or its hash is another one, which the
/// error says with the line.
Result<store::Delivery> delivery_from_chunk(std::string_view text);

}  // namespace ot::agent
