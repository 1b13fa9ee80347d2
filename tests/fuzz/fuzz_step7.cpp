#include <cstdint>
#include <cstdlib>

#include "base/text.hpp"
#include "parsers/parser.hpp"

namespace ot::parsers::step7 {
extern const Parser module;
}

namespace {

/// What a parser hands on is UTF-8, whatever the file was.
void require_utf8(const std::string& text) {
  if (!ot::is_utf8(text)) {
    std::abort();
  }
}

void check(const ot::Project& project) {
  require_utf8(project.project_name);
  require_utf8(project.engineering_tool_version);
  for (const auto& warning : project.warnings) {
    require_utf8(warning.message);
  }
  for (const auto& asset : project.assets) {
    require_utf8(asset.name);
    require_utf8(asset.order_id);
    for (const auto& add_on : asset.add_ons) {
      require_utf8(add_on.name);
      require_utf8(add_on.type_id);
      require_utf8(add_on.hardware.product_name);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto& parser = ot::parsers::step7::module;
  parser.claims({.name = "input.cfg", .head = bytes, .tail = bytes, .size = size});
  const ot::parsers::Limits limits{.depth = 8, .records = 2000, .warnings = 20};
  if (const auto project = parser.parse({.name = "input.cfg", .bytes = bytes}, limits)) {
    check(*project);
  }
  return 0;
}
