// What a child behind the wall might send once it was taken over: frames, errors, and a project.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/wall/error_fields.hpp"
#include "agent/wall/frames.hpp"
#include "agent/wall/packing.hpp"
#include "agent/wall/record_fields.hpp"

namespace {

using namespace ot;
using namespace ot::agent::wall;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

/// What could be read is written as it was read.
void check_project(std::string_view bytes) {
  auto unpack = unpacking(bytes);
  Project project;
  unpack(project);
  if (unpack.failed()) {
    require(!unpack.outcome().error().message().empty());
    return;
  }
  const auto again = packed(project);
  auto second = unpacking(again);
  Project copy;
  second(copy);
  require(!second.failed() && copy == project);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_project(bytes);
  require(!unpacked_error(bytes).text("a.cfg").empty());
  static_cast<void>(unpacked_confinement(bytes));
  const auto head = FrameHead::from(bytes.substr(0, FrameHead::kSize));
  require(!head || head->size <= FrameHead::kMost);
  return 0;
}
