#include "agent/bundle/walk_records.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "agent/uplink/json_fields.hpp"
#include "agent/uplink/sent_record.hpp"

namespace ot::agent::bundle {

bool take_line(std::string_view& text, std::string_view& line) {
  do {
    line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  } while (line.empty() && !text.empty());
  return !line.empty();
}

tl::expected<store::SentRecord, std::string> walk_record_from(std::string_view line,
                                                              std::uint64_t number) {
  const auto in = parse_bounded(line);
  if (!in) {
    return tl::unexpected(fmt::format("record {}: {}", number, in.error().message()));
  }
  auto record = sent_record_from(*in);
  if (!record) {
    return tl::unexpected(fmt::format("record {}: {}", number, record.error()));
  }
  return record;
}

WalkRecords walk_records_from(std::string_view text) {
  WalkRecords read;
  std::uint64_t number = 0;
  for (std::string_view line; take_line(text, line);) {
    auto record = walk_record_from(line, ++number);
    record ? read.records.push_back(std::move(*record))
           : read.rejected.push_back(std::move(record).error());
  }
  return read;
}

}  // namespace ot::agent::bundle
