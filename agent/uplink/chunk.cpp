#include "agent/uplink/chunk.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "agent/json_text.hpp"
#include "agent/uplink/json_fields.hpp"
#include "agent/uplink/sent_record.hpp"
#include "base/hash.hpp"

namespace ot::agent {
namespace {

using nlohmann::json;

constexpr std::string_view kFormat = "rackscout records";
constexpr int kVersion = 1;
constexpr std::string_view kSuffix = ".ndjson";
constexpr std::size_t kEpochLetters = 8;

std::string sha256_of(std::string_view bytes) {
  FileHasher hasher;
  hasher.add(bytes);
  return hasher.finish().sha256;
}

std::string as_file_name(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(),
      [](char c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return !letter && (c < '0' || c > '9') && c != '_' && c != '-' && c != '.';
      },
      '_');
  return out.empty() || out.front() == '.' ? "_" + out : out;
}

tl::unexpected<Error> broken(std::uint64_t line, std::string what) {
  return fail(Error(Errc::malformed, std::move(what))
                  .at(Position::line(line))
                  .hint("copy it again from where it was written"));
}

/// Takes the first line off, with its line break.
std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

/// The last line off, as the end; what is before it stays.
json take_end(std::string_view& text) {
  const auto body = text.substr(0, text.find_last_not_of('\n') + 1);
  const auto begin = body.rfind('\n') == body.npos ? 0 : body.rfind('\n') + 1;
  auto end = parse_bounded(body.substr(begin)).value_or(json());
  text = text.substr(0, begin);
  return end;
}

Result<store::Delivery> head_from(std::string_view line, std::uint64_t& records) {
  const auto in = parse_bounded(line).value_or(json());
  if (!in.is_object() || in.value("format", json()) != kFormat) {
    return broken(1, "it is no chunk of records: its head is missing");
  }
  if (in.value("version", json()) != kVersion) {
    return fail(Error(Errc::unsupported, "its form is that of another rackscout")
                    .hint("read it with the rackscout that wrote it, or a later one"));
  }
  store::Delivery delivery;
  auto reason = take_head(in, delivery);
  Fields(in, reason).integer("records", records);
  return reason.empty() ? Result<store::Delivery>(std::move(delivery)) : broken(1, reason);
}

}  // namespace

std::string chunk_name(const WireHead& head) {
  return fmt::format("{}-{}-{:08}{}", as_file_name(head.sensor),
                     as_file_name(head.epoch.substr(0, kEpochLetters)), head.sequence, kSuffix);
}

bool is_chunk_name(std::string_view name) {
  return !name.starts_with('.') && name.ends_with(kSuffix);
}

std::string chunk_text(const WireHead& head, std::string_view records) {
  const auto count = records.empty() ? 0 : std::count(records.begin(), records.end(), '\n') + 1;
  Json first = {{"format", kFormat},         {"version", kVersion},
                {"sensorId", head.sensor},   {"epoch", head.epoch},
                {"sequence", head.sequence}, {"flight", head.flight},
                {"complete", head.complete}, {"sentAt", iso8601(head.sent_at)},
                {"records", count}};
  auto text = json_text(first, -1) + "\n";
  text += records;
  text += records.empty() ? "" : "\n";
  const Json last = {{"sha256", sha256_of(text)}};
  return text + json_text(last, -1) + "\n";
}

Result<store::Delivery> head_of_chunk(std::string_view beginning) {
  std::uint64_t records = 0;
  return head_from(take_line(beginning), records);
}

Result<store::Delivery> delivery_from_chunk(std::string_view text) {
  const auto whole = text;
  const auto end = take_end(text);
  const auto lines = static_cast<std::uint64_t>(std::count(whole.begin(), whole.end(), '\n'));
  if (!end.is_object() || !end.contains("sha256")) {
    return broken(lines, "it is cut short: its end is missing");
  }
  if (end["sha256"] != sha256_of(text)) {
    return broken(lines, "it was altered on its way: its SHA-256 is another one");
  }
  std::uint64_t records = 0;
  auto delivery = head_from(take_line(text), records);
  if (!delivery) {
    return delivery;
  }
  while (!text.empty()) {
    const auto line = take_line(text);
    const auto record = parse_bounded(line);
    if (!record) {
      return fail(record.error());
    }
    delivery->records.push_back(sent_record_from(*record));
    if (delivery->records.size() > kMostElements) {
      return fail(Errc::too_large, fmt::format("it has over {} records", kMostElements));
    }
  }
  if (delivery->records.size() != records) {
    return broken(1, fmt::format("its head says {} records, there are {}", records,
                                 delivery->records.size()));
  }
  return delivery;
}

}  // namespace ot::agent
