#pragma once

#include <memory>

#include "tests/plant/scene.hpp"
#include "tests/plant/service.hpp"

namespace ot::plant {

/// FINS over TCP (W421, 7-4) and UDP. The device must outlive it.
std::unique_ptr<Service> fins_service(const FinsDevice& device, Ipv4 address);

}  // namespace ot::plant
