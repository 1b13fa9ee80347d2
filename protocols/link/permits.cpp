#include "protocols/link/permits.hpp"

namespace ot::protocols::link {

void Permit::give_back() {
  if (permits_ != nullptr) {
    std::exchange(permits_, nullptr)->put_back();
  }
}

Permit Permits::try_take() {
  if (free_ == 0) {
    return {};
  }
  --free_;
  return Permit(*this);
}

asio::awaitable<Permit> Permits::take() {
  if (free_ > 0) {
    --free_;
    co_return Permit(*this);
  }
  // Whoever gives a permit back hands it to the first in line by ending its timer.
  const auto never = asio::steady_timer::time_point::max();
  const auto executor = co_await asio::this_coro::executor;
  const auto timer = std::make_shared<asio::steady_timer>(executor, never);
  line_.push_back(timer);
  co_await timer->async_wait(no_throw);
  co_return Permit(*this);
}

void Permits::put_back() {
  if (line_.empty()) {
    ++free_;
    return;
  }
  const Waiting first = std::move(line_.front());
  line_.pop_front();
  first->cancel();
}

}  // namespace ot::protocols::link
