#include "agent/walled_tasks.hpp"

#include <array>

#include "agent/bundle/walled_reader.hpp"
#include "agent/wall/parse_task.hpp"

namespace ot::agent {

std::span<const wall::Task> walled_tasks() {
  static const std::array tasks = {wall::kParseTask, bundle::kListTask, bundle::kUnpackTask};
  return tasks;
}

}  // namespace ot::agent
