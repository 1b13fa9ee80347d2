#include "agent/service/hub.hpp"

#include <fmt/format.h>

#include "agent/http/gunzip.hpp"
#include "agent/http/target.hpp"
#include "agent/uplink/wire.hpp"
#include "base/log.hpp"
#include "store/inbox.hpp"

namespace ot::agent {
namespace {

/// Bodies that are unfolded and read at once, each several times as long as it came.
constexpr std::size_t kAtOnce = 2;
/// Who is further back comes again: its own deadline would be over.
constexpr std::size_t kMostWaiting = 64;

http::Response answered(const store::Receipt& receipt) {
  http::Response response;
  response.body = receipt_text(receipt);
  return response;
}

http::Response refused(const Error& error) {
  const bool long_one = error.code() == Errc::too_large;
  return http::refusal(
      long_one ? http::Status::content_too_large : http::Status::bad_request,
      long_one ? "CONTENT_TOO_LARGE" : "BAD_REQUEST",
      error.hint().empty() ? error.message() : error.message() + ": " + error.hint());
}

http::Response not_stored(const Error& error) {
  log::error("import: " + error.text());
  auto response = http::refusal(http::Status::insufficient_storage, "NOT_STORED",
                                "the records can't be stored here now; the hub's log says why");
  response.retry_after = std::chrono::seconds(30);
  return response;
}

http::Response come_again() {
  auto response =
      http::refusal(http::Status::too_many_requests, "BUSY", "many others are sending right now");
  response.retry_after = std::chrono::seconds(2);
  return response;
}

Result<store::Delivery> read(const http::Request& request, Time arrived_at) {
  auto plain = request.gzipped ? http::gunzip(request.body, Hub::kMostUnfolded)
                               : Result<std::string>(request.body);
  if (!plain) {
    return fail(std::move(plain).error());
  }
  auto delivery = delivery_from(*plain);
  if (delivery) {
    delivery->arrived_at = arrived_at;
  }
  return delivery;
}

}  // namespace

Hub::Hub(const asio::any_io_executor& executor, StoreThread& store)
    : store_(store), turns_(executor, kAtOnce) {}

bool Hub::is_import(std::string_view path) {
  for (const std::string_view prefix : {"/ot/v1", "/ot/1.0"}) {
    if (path.starts_with(prefix)) {
      const auto rest = path.substr(prefix.size());
      return rest == "/host/import" || rest == "/projectfile/import";
    }
  }
  return false;
}

asio::awaitable<http::Response> Hub::take_in_turn(http::Request request) {
  auto sensor = request.sensor;
  auto peer = request.peer;
  auto work = [request = std::move(request), arrived_at = now()] {
    return read(request, arrived_at);
  };
  auto delivery = co_await offload(pool_, std::move(work));
  if (!delivery) {
    log::warning(fmt::format("import: {}: {}", peer, delivery.error().message()));
    co_return refused(delivery.error());
  }
  if (delivery->sensor != sensor) {
    log::warning(fmt::format("import: {}: the credential is that of \"{}\", the records of \"{}\"",
                             peer, http::shown(sensor), http::shown(delivery->sensor)));
    co_return http::refusal(http::Status::forbidden, "FORBIDDEN",
                            fmt::format("this credential is sensor \"{}\"'s", http::shown(sensor)));
  }
  auto put = [delivery = std::move(*delivery)](store::Store& store) {
    auto receipt = store::Inbox(store).take(delivery, store::Gaps::refused);
    const auto done = receipt ? store.commit() : fail(receipt.error());
    return done ? receipt : Result<store::Receipt>(fail(done.error()));
  };
  const auto receipt = co_await store_.run(std::move(put));
  if (!receipt) {
    co_return not_stored(receipt.error());
  }
  for (const auto& item : receipt->items) {
    auto& counter = item.status == store::Receipt::Status::applied     ? counters_.applied
                    : item.status == store::Receipt::Status::duplicate ? counters_.duplicates
                                                                       : counters_.rejected;
    ++counter;
  }
  co_return answered(*receipt);
}

asio::awaitable<http::Response> Hub::take(http::Request request) {
  ++counters_.requests;
  if (turns_.waiting() >= kMostWaiting) {
    co_return come_again();
  }
  co_await turns_.take();
  const Turns::End end(turns_);
  auto task = take_in_turn(std::move(request));
  co_return co_await std::move(task);
}

}  // namespace ot::agent
