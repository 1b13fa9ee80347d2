#pragma once

#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace ot::tests {

/// Whether the children of these tests have limits alone, as where the kernel has no seccomp.
bool is_reduced();

/// Whether a child's memory is limited: not under the sanitizers.
bool limits_memory();

/// The processes that this one started and that live.
std::vector<pid_t> children();
pid_t only_child();

std::vector<int> descriptors_of(pid_t process);

struct Ran {
  int exit = -1;
  std::string text;  ///< all that it wrote
};
/// Runs the program where seccomp filters are refused, as by a kernel that was built without them.
Ran run_without_seccomp(std::vector<std::string> arguments);

/// /proc/PID/status: "Seccomp" -> "2".
std::map<std::string, std::string> status_of(pid_t process);

}  // namespace ot::tests
