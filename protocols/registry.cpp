#include "protocols/probe.hpp"

namespace ot::protocols {

// protocols.inc is generated from the register_module() lines of CMakeLists.txt.
#define MODULE(name)         \
  namespace name {           \
  extern const Probe module; \
  }
#include "protocols.inc"
#undef MODULE

namespace {

#define MODULE(name) &name::module,
constexpr const Probe* kAll[] = {
#include "protocols.inc"
};
#undef MODULE

}  // namespace

std::span<const Probe* const> all() {
  return kAll;
}

}  // namespace ot::protocols
