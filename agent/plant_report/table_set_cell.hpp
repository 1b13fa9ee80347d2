#pragma once

#include <string>
#include <string_view>

namespace ot::agent::plant_report {

/// Whether a spreadsheet that opens a CSV file would make another value of the text: a number
/// ("007", "1.10", "4E2", more digits than it shows), a date ("1-2", "SEP 2") or a time ("1:20").
bool is_taken_for_value(std::string_view text);

/// The text as a cell of such a file, before it is quoted. One that would become another value
/// gets a leading ', as one that would become a formula does: spreadsheets then keep it, and show
/// the '. Texts longer than a cell may be are cut.
std::string sheet_text(std::string_view text);

/// "2026-11-05 10:20:30", in UTC: a date in every language that spreadsheets speak.
std::string sheet_time_text(std::string_view iso8601);

}  // namespace ot::agent::plant_report
