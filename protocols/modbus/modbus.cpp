#include "protocols/probe.hpp"

namespace ot::protocols::modbus {
extern const Probe module;
const Probe module{.name = "modbus",
                   .title = "",
                   .port = 0,
                   .speaks_serial = false,
                   .run = nullptr,
                   .plan = nullptr};
}  // namespace ot::protocols::modbus
