#pragma once

#include <memory>

#include "tests/plant/scene.hpp"
#include "tests/plant/service.hpp"

namespace ot::plant {

/// All that was recorded of the host at the port, over TCP and UDP. The host must outlive it.
std::unique_ptr<Service> recorded_service(const Host& host, const RecordedPort& port);

/// The same of a serial line.
std::unique_ptr<Service> recorded_service(const SerialLine& line);

}  // namespace ot::plant
