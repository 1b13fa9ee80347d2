#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ot::agent {

/// One cell of RFC 4180, quoted where needed. A cell that a spreadsheet would
/// take for a formula gets a leading '.
std::string csv_cell(std::string_view text);

/// A line, ended by a bare line feed: what Unix tools expect and spreadsheets accept.
std::string csv_row(std::span<const std::string> cells);

}  // namespace ot::agent
