#include "agent/bundle/exchange.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "agent/json_text.hpp"
#include "agent/uplink/json_fields.hpp"
#include "base/hash.hpp"
#include "base/number.hpp"

namespace ot::agent::bundle {
namespace {

using protocols::link::LedgerEntry;

constexpr std::string_view kLink = ",\"chain\":\"";
constexpr std::size_t kHashSize = 64;
constexpr std::size_t kLongestFrame = 65'536;

tl::unexpected<Error> broken(std::string what) {
  return fail(Errc::malformed, std::move(what));
}

std::optional<std::uint8_t> digit_of(char c) {
  if (c >= '0' && c <= '9') {
    return static_cast<std::uint8_t>(c - '0');
  }
  if (c >= 'a' && c <= 'f') {
    return static_cast<std::uint8_t>(c - 'a' + 10);
  }
  return std::nullopt;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0 || text.size() > 2 * kLongestFrame) {
    return std::nullopt;
  }
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = digit_of(text[i]);
    const auto low = digit_of(text[i + 1]);
    if (!high || !low) {
      return std::nullopt;
    }
    bytes.push_back(static_cast<char>(*high << 4 | *low));
  }
  return bytes;
}

Json json_of(const Exchange& exchange) {
  const auto& entry = exchange.entry;
  Json line = {{"n", exchange.number}, {"time", iso8601(entry.at)}};
  if (!exchange.area.empty()) {
    line["area"] = exchange.area;
  }
  line["target"] = entry.target;
  line["protocol"] = to_string(entry.wire);
  line["event"] = to_string(entry.event);
  if (!entry.bytes.empty()) {
    line["bytes"] = hex(entry.bytes);
  }
  if (!entry.meaning.empty()) {
    line["meaning"] = entry.meaning;
  }
  if (entry.error) {
    line["error"] = to_string(*entry.error);
  }
  if (entry.stray) {
    line["stray"] = true;
  }
  return line;
}

/// The text of the line, and the hash at its end.
std::optional<std::pair<std::string_view, std::string_view>> halves_of(std::string_view line) {
  constexpr std::string_view kEnd = "\"}";
  const auto tail = kLink.size() + kHashSize + kEnd.size();
  if (line.size() <= tail || !line.ends_with(kEnd)) {
    return std::nullopt;
  }
  const auto text = line.substr(0, line.size() - tail);
  if (line.substr(text.size(), kLink.size()) != kLink) {
    return std::nullopt;
  }
  return std::pair(text, line.substr(text.size() + kLink.size(), kHashSize));
}

Result<Exchange> exchange_in(std::string_view line) {
  const auto parsed = parse_bounded(line);
  if (!parsed || !parsed->is_object()) {
    return broken("it is no entry of a ledger");
  }
  Exchange exchange;
  auto& entry = exchange.entry;
  std::string bytes;
  std::string reason;
  const Fields fields(*parsed, reason);
  fields.integer("n", exchange.number);
  fields.time("time", entry.at);
  fields.text("area", exchange.area);
  fields.text("target", entry.target);
  fields.word("protocol", entry.wire, protocols::link::wire_from);
  fields.word("event", entry.event, protocols::link::event_from);
  fields.text("meaning", entry.meaning);
  fields.flag("stray", entry.stray);
  Errc error{};
  fields.word("error", error, errc_from);
  if (parsed->contains("error")) {
    entry.error = error;
  }
  // Frames may be longer than texts may be.
  if (const auto found = parsed->find("bytes"); found != parsed->end() && found->is_string()) {
    auto decoded = from_hex(found->get_ref<const std::string&>());
    reason = decoded ? reason : "\"bytes\" are no hex digits";
    entry.bytes = std::move(decoded).value_or(std::string());
  }
  return reason.empty() ? Result<Exchange>(std::move(exchange)) : broken(reason);
}

}  // namespace

std::string exchange_line(const Exchange& exchange, Chain& chain) {
  auto text = json_text(json_of(exchange), -1);
  text.pop_back();  // its closing brace
  const auto& hash = chain.add(text);
  return fmt::format("{}{}{}\"}}\n", text, kLink, hash);
}

Result<Exchange> exchange_from(std::string_view line, Chain& chain) {
  const auto halves = halves_of(line);
  if (!halves) {
    return broken("its link of the chain is missing");
  }
  if (chain.add(halves->first) != halves->second) {
    return broken("its link of the chain is another one: it was altered, or a line before it");
  }
  return exchange_in(line);
}

Result<void> each_exchange(std::string_view lines, Chain& chain,
                           const std::function<void(Exchange)>& each) {
  for (std::uint64_t number = 1; !lines.empty(); ++number) {
    const auto end = std::min(lines.find('\n'), lines.size());
    auto exchange = exchange_from(lines.substr(0, end), chain);
    if (!exchange) {
      return fail(std::move(exchange).error().at(Position::line(number)));
    }
    if (each) {
      each(std::move(*exchange));
    }
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return {};
}

}  // namespace ot::agent::bundle
