#pragma once

#include <span>
#include <string>

#include "agent/wall/serve.hpp"

namespace ot::tests {

/// The program's own tasks; but a file whose name has "hostile-" in it makes whoever reads it do
/// the deed behind that, up to the dot: "hostile-crash.cfg". "hostile-crash@bundle-unpack.rsb"
/// makes that task alone do it.
std::span<const agent::wall::Task> hostile_tasks();

}  // namespace ot::tests
