#pragma once

#include <string_view>

#include "base/records.hpp"
#include "base/result.hpp"
#include "parsers/parser.hpp"

/// IEC 61850-6 system configuration description: .scd, .icd, .cid and their kin.
namespace ot::parsers::scl {

/// Whether a text that begins so is XML with the root element SCL, in UTF-8,
/// UTF-16 or a code page that contains ASCII. False when the root is not in sight.
bool is_scl(std::string_view head);

/// Reads a whole SCL document, from a file or from a member of an archive.
Result<Project> read(std::string_view xml, const Limits& limits);

}  // namespace ot::parsers::scl
