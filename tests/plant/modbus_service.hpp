#pragma once

#include <memory>

#include "tests/plant/scene.hpp"
#include "tests/plant/service.hpp"

namespace ot::plant {

/// Modbus/TCP, alone or as a gateway. The device must outlive it.
std::unique_ptr<Service> modbus_service(const ModbusDevice& device);

/// The units of a serial line in RTU framing; its one connection is the line.
std::unique_ptr<Service> rtu_service(const SerialLine& line);

/// Over Serial Line V1.02, 6.2.2: the CRC, low byte first on the line.
std::uint16_t modbus_crc(std::string_view bytes);

}  // namespace ot::plant
