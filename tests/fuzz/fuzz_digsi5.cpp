#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "parsers/parser.hpp"

namespace ot::parsers::digsi5 {
extern const Parser module;
}

namespace {

constexpr ot::parsers::Limits kLimits{
    .file_bytes = 1 << 20,
    .archive_bytes = 4 << 20,
    .member_bytes = 2 << 20,
    .members = 200,
    .ratio = 100,
    .depth = 32,
    .records = 2'000,
    .warnings = 20,
    .time = std::chrono::milliseconds(2'000),
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto& parser = ot::parsers::digsi5::module;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto end = std::min(size, ot::parsers::kSampleSize);
  static_cast<void>(
      parser.claims({"input.bin", bytes.substr(0, end), bytes.substr(size - end), size}));
  const ot::parsers::MemoryContent content(bytes);
  static_cast<void>(parser.parse({"input.dz5", {}, &content}, kLimits));
  return 0;
}
