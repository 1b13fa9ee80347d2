#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "agent/http/request.hpp"
#include "agent/http/response.hpp"
#include "agent/service/hub.hpp"
#include "agent/service/list_reader.hpp"
#include "agent/service/readers.hpp"

namespace ot::agent {

/// The routes of the local API.
class Api {
 public:
  /// The metrics' text; what of it is in the store is read there.
  using Metrics = std::function<std::string(const store::Counts& counts, std::uint64_t bytes)>;

  Api(Readers<ListReader>& readers, Hub& hub, Metrics metrics)
      : readers_(readers), hub_(hub), metrics_(std::move(metrics)) {}

  asio::awaitable<http::Response> answer(http::Request request);

  /// From now on, in what the host list says.
  void set_sensor_name(std::string name) { sensor_name_ = std::move(name); }

  /// Whether a path needs no token.
  static bool is_open(std::string_view path, bool open_metrics);

  /// How long the body of a POST to the path may be; 0: nothing is posted there.
  static std::uint64_t most_body(std::string_view path, bool accepts);

 private:
  using Read = tl::expected<ListPage, Refusal> (ListReader::*)(const ListQuery&, Time);

  asio::awaitable<http::Response> list(Read read, http::Request request);
  asio::awaitable<http::Response> health();
  asio::awaitable<http::Response> metrics();

  Readers<ListReader>& readers_;
  Hub& hub_;
  Metrics metrics_;
  std::string sensor_name_;
};

}  // namespace ot::agent
