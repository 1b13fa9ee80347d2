#pragma once

#include <string>

#include "base/result.hpp"

namespace ot::plant {

struct Options {
  std::string scene;
  unsigned port_offset = 0;  ///< taken when the scene's own ports can't be bound
  bool free_ports = false;
  std::string ready_file;
  std::string log_file;
  bool list = false;
  bool die_with_parent = false;
  bool help = false;
};

Result<Options> read_options(int count, char** arguments);
std::string usage();

}  // namespace ot::plant
