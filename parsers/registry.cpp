#include "parsers/parser.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace ot::parsers {

// parsers.inc is generated from the register_module() lines of CMakeLists.txt.
#define MODULE(name)          \
  namespace name {            \
  extern const Parser module; \
  }
#include "parsers.inc"
#undef MODULE

namespace {

#define MODULE(name) &name::module,
constexpr const Parser* kAll[] = {
#include "parsers.inc"
};
#undef MODULE

}  // namespace

std::span<const Parser* const> all() {
  return kAll;
}

const Parser* detect(const Sample& sample) {
  for (const Parser* parser : kAll) {
    if (parser->claims(sample)) {
      return parser;
    }
  }
  return nullptr;
}

bool has_project_suffix(std::string_view name) {
  const auto lower = to_lower_ascii(name);
  for (const Parser* parser : kAll) {
    for (const auto suffix : parser->suffixes) {
      if (lower.ends_with(suffix)) {
        return true;
      }
    }
  }
  return false;
}

Result<std::size_t> MemoryContent::read_at(std::uint64_t offset, std::span<char> into) const {
  if (offset >= bytes_.size()) {
    return 0;
  }
  return bytes_.copy(into.data(), into.size(), static_cast<std::size_t>(offset));
}

void Warnings::add(std::string message, Position position) {
  if (kept_.size() < limit_) {
    kept_.push_back({std::move(message), position});
  } else {
    ++dropped_;
  }
}

std::vector<Warning> Warnings::take() {
  if (dropped_ > 0) {
    kept_.push_back({fmt::format("{} more warnings not kept", dropped_), {}});
  }
  return std::move(kept_);
}

}  // namespace ot::parsers
