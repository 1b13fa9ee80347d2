#pragma once

#include <memory>

#include "tests/plant/scene.hpp"
#include "tests/plant/service.hpp"

namespace ot::plant {

/// EtherNet/IP over TCP and UDP (CIP volume 2, chapter 2). The device must outlive it.
std::unique_ptr<Service> enip_service(const EnipDevice& device, Ipv4 address);

}  // namespace ot::plant
