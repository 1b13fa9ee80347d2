#pragma once

#include <cstdint>
#include <string>

namespace ot::protocols::enip {

/// "01 Connection failure, 0312 Link address not valid": a general status and its
/// first extended word, when it has one.
std::string status_text(std::uint8_t general, const std::uint16_t* extended);

/// "0002 out of memory": a status of the encapsulation.
std::string encapsulation_status_text(std::uint32_t status);

/// "minor recoverable fault, major recoverable fault" of an Identity's status; empty
/// without one. Its other bits come and go with the traffic.
std::string faults_text(std::uint16_t device_status);

}  // namespace ot::protocols::enip
