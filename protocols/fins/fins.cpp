#include "protocols/probe.hpp"

namespace ot::protocols::fins {
extern const Probe module;
const Probe module{.name = "fins",
                   .title = "",
                   .port = 0,
                   .speaks_serial = false,
                   .run = nullptr,
                   .plan = nullptr};
}  // namespace ot::protocols::fins
