#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "agent/bundle/exchange.hpp"
#include "agent/bundle/recording.hpp"
#include "agent/bundle/replay_reading.hpp"
#include "agent/bundle/trusted_keys.hpp"

namespace {

using namespace ot;
using namespace ot::agent::bundle;
using protocols::link::LedgerEntry;
using protocols::link::Wire;

constexpr unsigned kWires = 6;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

/// A line that is tied to its walk as it should be: what it says is all that can be wrong with it.
void check_line(std::string_view text) {
  Chain writing("a walk");
  const auto hash = writing.add(text);
  Chain reading("a walk");
  const auto line = std::string(text) + ",\"chain\":\"" + hash + "\"}";
  const auto exchange = exchange_from(line, reading);
  if (!exchange) {
    require(!exchange.error().message().empty());
    return;
  }
  Chain again("a walk");
  auto written = exchange_line(*exchange, again);
  written.pop_back();
  Chain once_more("a walk");
  const auto back = exchange_from(written, once_more);
  require(back && back->entry.bytes == exchange->entry.bytes);
  require(back->entry.event == exchange->entry.event && back->number == exchange->number);
}

/// Whatever a request and its answers are, they are read, and they can be recalled.
void check_exchange(Wire wire, const std::string& request,
                    const std::vector<std::string>& answers) {
  const auto reading = reading_of(wire, request, answers);
  require(!reading.kind.empty());
  Recording recording(Recording::Use::replay);
  LedgerEntry entry;
  entry.target = "10.0.0.5:502";
  entry.wire = wire;
  entry.event = LedgerEntry::Event::sent;
  entry.bytes = request;
  recording.add(entry);
  for (const auto& answer : answers) {
    entry.event = LedgerEntry::Event::received;
    entry.bytes = answer;
    recording.add(entry);
  }
  const auto frame = protocols::link::Frame::build(wire, request);
  if (frame && !answers.empty()) {
    require(recording.answer(entry.target, *frame).has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  check_line(text);
  static_cast<void>(only_key_in(text));
  if (text.empty()) {
    return 0;
  }
  const auto wire = static_cast<Wire>(static_cast<unsigned char>(text.front()) % kWires);
  text.remove_prefix(1);
  const std::size_t length = text.empty() ? 0 : static_cast<unsigned char>(text.front());
  text.remove_prefix(text.empty() ? 0 : 1);
  const std::string request(text.substr(0, length));
  text.remove_prefix(request.size());
  check_exchange(
      wire, request,
      text.empty() ? std::vector<std::string>() : std::vector<std::string>{std::string(text)});
  return 0;
}
