#include "protocols/link/remembered.hpp"

#include <algorithm>

namespace ot::protocols::link {
namespace {

constexpr const char* kUnrecorded = "not in the recording";

}  // namespace

std::optional<Result<void>> Remembered::connection(Wire wire) const {
  auto known = memory_ == nullptr ? std::nullopt : memory_->connection(target_, wire);
  if (known) {
    return std::move(known->outcome);
  }
  return is_all() ? std::optional<Result<void>>(fail(Errc::unreachable, kUnrecorded))
                  : std::nullopt;
}

std::optional<Result<std::string>> Remembered::answer(const Request& request) {
  knew_nothing_ = false;
  auto known = memory_ == nullptr ? std::nullopt : memory_->answer(target_, request.frame());
  if (known && known->outcome && !request.accepts(*known->outcome)) {
    known.reset();
  }
  if (known) {
    ++host_.requests;
    host_.frames += known->strays + (known->outcome ? 1 : 0);
    host_.heard = std::max(host_.heard, known->at);
    return std::move(known->outcome);
  }
  if (!is_all()) {
    return std::nullopt;
  }
  knew_nothing_ = true;
  ++host_.unrecorded;
  return fail(Errc::silent, kUnrecorded);
}

Result<std::string> Remembered::what_is_left(const Request& request, const Error& why) {
  const bool is_out_of_reach = why.code() == Errc::refused || why.code() == Errc::unreachable;
  if (memory_ == nullptr || !is_out_of_reach) {
    return fail(why);
  }
  memory_->lose(target_, request.frame().wire(), why);
  auto left = answer(request);
  return left ? std::move(*left) : fail(why);
}

void Remembered::told(const Frame& frame) const {
  if (memory_ != nullptr) {
    static_cast<void>(memory_->answer(target_, frame));
  }
}

}  // namespace ot::protocols::link
