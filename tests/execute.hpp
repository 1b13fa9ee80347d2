#pragma once

#include <string>
#include <vector>

#include <unistd.h>

namespace ot::tests {

/// Becomes the program, in a child process; ends with 127 when there is none.
[[noreturn]] inline void execute(std::vector<std::string>& arguments) {
  std::vector<char*> pointers;
  for (auto& argument : arguments) {
    pointers.push_back(argument.data());
  }
  pointers.push_back(nullptr);
  ::execv(pointers[0], pointers.data());
  ::_exit(127);
}

}  // namespace ot::tests
