#include "agent/service/failures.hpp"

#include <fmt/format.h>

#include "base/log.hpp"

namespace ot::agent {

std::function<void(const std::exception_ptr&)> failed_by(std::string what) {
  return [what = std::move(what)](const std::exception_ptr& failure) {
    if (!failure) {
      return;
    }
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      log::error(fmt::format("{} ended by an exception: {}", what, error.what()));
    }
  };
}

}  // namespace ot::agent
