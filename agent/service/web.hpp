#pragma once

#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "agent/config/config.hpp"
#include "agent/http/server.hpp"
#include "agent/service/api.hpp"

namespace ot::agent {

/// The API's server as the configuration wants it, exchanged while the service runs.
class Web {
 public:
  Web(const asio::any_io_executor& executor, Api& api) : executor_(executor), api_(api) {}

  /// Listens as configured. What can't be done leaves everything as it was.
  /// `store` is where the token lies, unless the configuration says so.
  Task<void> configure(ApiConfig config, HubConfig hub, std::string store_path);

  /// Requests under way have a second to be answered.
  asio::awaitable<void> stop();

  /// "https://10.0.0.2:8640"; empty while there is no API.
  std::string url() const;
  http::Counters counters() const;

 private:
  Result<std::unique_ptr<http::Server>> started(const ApiConfig& config, const HubConfig& hub,
                                                http::Credentials credentials);
  Task<void> exchange(ApiConfig config, HubConfig hub, http::Credentials credentials,
                      std::string store_path);
  http::Site site(bool open_metrics, bool accepts);

  asio::any_io_executor executor_;
  Api& api_;
  ApiConfig config_;
  HubConfig hub_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace ot::agent
