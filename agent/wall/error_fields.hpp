#pragma once

#include <string>
#include <string_view>

#include "agent/wall/options.hpp"
#include "base/result.hpp"

namespace ot::agent::wall {

// What a child says of itself and of its failures, as bytes. What can't be read is said to be so.

std::string packed_error(const Error& error);
Error unpacked_error(std::string_view bytes);

std::string packed_confinement(const Confinement& confinement);
Confinement unpacked_confinement(std::string_view bytes);

}  // namespace ot::agent::wall
