#include "protocols/probe.hpp"

namespace ot::protocols::enip {
extern const Probe module;
const Probe module{.name = "enip",
                   .title = "",
                   .port = 0,
                   .speaks_serial = false,
                   .run = nullptr,
                   .plan = nullptr};
}  // namespace ot::protocols::enip
