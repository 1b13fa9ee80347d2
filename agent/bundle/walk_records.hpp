#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/inbox.hpp"

namespace ot::agent::bundle {

/// Takes the next line that is not empty off a text; false: there is none.
bool take_line(std::string_view& text, std::string_view& line);

/// Reads a line of records.ndjson, the `number`th. Else why it is none.
tl::expected<store::SentRecord, std::string> walk_record_from(std::string_view line,
                                                              std::uint64_t number);

/// The records of a walk.
struct WalkRecords {
  std::vector<store::SentRecord> records;
  std::vector<std::string> rejected;  ///< why a line is none, a text each
};
WalkRecords walk_records_from(std::string_view text);

}  // namespace ot::agent::bundle
