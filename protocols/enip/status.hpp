#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ot::protocols::enip {

/// "01 Connection failure, 0312 Link address not valid": a general status and its
/// first extended word, when it has one.
std::string status_text(std::uint8_t general, const std::uint16_t* extended);

/// "0002 out of memory": a status of the encapsulation.
std::string encapsulation_status_text(std::uint32_t status);

/// "0x3160: configured, minor recoverable fault"; the number alone when no bit is
/// one that every vendor means alike.
std::string device_status_text(std::uint16_t status);

/// "Operational"; empty for a state that says nothing.
std::string_view state_name(std::uint8_t state);

}  // namespace ot::protocols::enip
