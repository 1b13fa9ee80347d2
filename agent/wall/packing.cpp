#include "agent/wall/packing.hpp"

#include <algorithm>

namespace ot::agent::wall {

Unpack unpacking(std::string_view bytes) {
  return Unpack([bytes](char* into, std::size_t size) mutable -> Result<void> {
    if (size > bytes.size()) {
      return fail(Errc::malformed, "cut short");
    }
    std::copy_n(bytes.data(), size, into);
    bytes.remove_prefix(size);
    return {};
  });
}

}  // namespace ot::agent::wall
