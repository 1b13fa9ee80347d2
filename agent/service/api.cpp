#include "agent/service/api.hpp"

#include <fmt/format.h>

#include "base/log.hpp"

namespace ot::agent {
namespace {

constexpr std::string_view kPrefixes[] = {"/ot/v1", "/ot/1.0"};
constexpr std::string_view kFiles = "/projectfile/list";
constexpr std::string_view kHosts = "/host/list";
constexpr std::string_view kHealth = "/healthz";
constexpr std::string_view kMetrics = "/metrics";

/// Whether the path is that list, under any of the prefixes.
bool is_list(std::string_view path, std::string_view list) {
  for (const auto prefix : kPrefixes) {
    if (path.starts_with(prefix) && path.substr(prefix.size()) == list) {
      return true;
    }
  }
  return false;
}

http::Response own_failure(const Error& error) {
  log::error("API: " + error.text());
  return http::refusal(http::Status::internal_error, "INTERNAL_ERROR",
                       "the store can't be read; the service's log says why");
}

struct StoreNumbers {
  store::Counts counts;
  std::uint64_t bytes = 0;
};

Result<StoreNumbers> read_numbers(ListReader& reader) {
  const auto counts = reader.store().counts();
  const auto bytes = reader.store().size();
  if (!counts || !bytes) {
    return fail(counts ? bytes.error() : counts.error());
  }
  return StoreNumbers{*counts, *bytes};
}

}  // namespace

bool Api::is_open(std::string_view path, bool open_metrics) {
  return path == kHealth || (open_metrics && path == kMetrics);
}

std::uint64_t Api::most_body(std::string_view path, bool accepts) {
  return accepts && Hub::is_import(path) ? Hub::kMostBody : 0;
}

asio::awaitable<http::Response> Api::answer(http::Request request) {
  const std::string path = request.path;
  if (request.is_post) {
    co_return co_await hub_.take(std::move(request));
  }
  if (is_list(path, kFiles)) {
    co_return co_await list(&ListReader::files, std::move(request));
  }
  if (is_list(path, kHosts)) {
    co_return co_await list(&ListReader::assets, std::move(request));
  }
  if (path == kHealth) {
    co_return co_await health();
  }
  if (path == kMetrics) {
    co_return co_await metrics();
  }
  co_return http::refusal(
      http::Status::not_found, "NOT_FOUND",
      "there are /ot/v1/projectfile/list, /ot/v1/host/list, for a hub's sensors "
      "/ot/v1/projectfile/import and /ot/v1/host/import, the same under "
      "/ot/1.0, /healthz and /metrics");
}

asio::awaitable<http::Response> Api::list(Read read, http::Request request) {
  const auto query = list_query(request.parameters);
  if (!query) {
    co_return refusal_of(query.error());
  }
  auto work = [read, &query, name = sensor_name_](ListReader& reader) {
    reader.set_sensor_name(name);
    return (reader.*read)(*query, now());
  };
  auto page = co_await readers_.read(std::move(work));
  if (!page) {
    co_return page.error().code.empty() ? own_failure(page.error().error)
                                        : refusal_of(page.error());
  }
  http::Response response;
  response.body = std::move(page->body);
  response.headers.emplace_back("count", std::to_string(page->total));
  co_return response;
}

asio::awaitable<http::Response> Api::health() {
  auto work = [](ListReader& reader) { return reader.store().version(); };
  const auto readable = co_await readers_.read(std::move(work));
  http::Response response;
  if (readable) {
    response.body = R"({"status":"ok"})";
  } else {
    log::error("healthz: " + readable.error().text());
    response.status = http::Status::unavailable;
    response.body = R"({"status":"the store can't be read"})";
  }
  co_return response;
}

asio::awaitable<http::Response> Api::metrics() {
  auto work = [](ListReader& reader) { return read_numbers(reader); };
  const auto numbers = co_await readers_.read(std::move(work));
  if (!numbers) {
    co_return own_failure(numbers.error());
  }
  http::Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = metrics_(numbers->counts, numbers->bytes);
  co_return response;
}

}  // namespace ot::agent
