#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/http/gunzip.hpp"
#include "agent/uplink/chunk.hpp"
#include "agent/uplink/wire.hpp"
#include "base/text.hpp"

namespace {

using namespace ot;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

/// What is taken can be stored: texts are UTF-8, and each record is refused for a reason or is one.
void check(const Result<store::Delivery>& delivery) {
  if (!delivery) {
    require(!delivery.error().message().empty());
    return;
  }
  require(delivery->sequence > 0 && !delivery->sensor.empty());
  for (const auto& record : delivery->records) {
    require(record || !record.error().empty());
    require(!record || !record->asset || is_utf8(record->asset->record.name));
    require(!record || !(record->asset && record->file));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(agent::delivery_from(text));
  check(agent::delivery_from_chunk(text));
  static_cast<void>(agent::receipt_from(text, 2));
  const auto unfolded = agent::http::gunzip(text, 1 << 16);
  require(!unfolded || unfolded->size() <= 1 << 16);
  return 0;
}
