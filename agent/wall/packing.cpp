#include "agent/wall/packing.hpp"

#include <algorithm>

namespace ot::agent::wall {

Unpack unpacking(std::string_view bytes, std::uint64_t memory) {
  auto source = [bytes](char* into, std::size_t size) mutable -> Result<void> {
    if (size > bytes.size()) {
      return fail(Errc::malformed, "cut short");
    }
    std::copy_n(bytes.data(), size, into);
    bytes.remove_prefix(size);
    return {};
  };
  return Unpack(source, memory);
}

}  // namespace ot::agent::wall
