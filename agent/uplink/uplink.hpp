#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "agent/config/config.hpp"
#include "agent/uplink/sender.hpp"

namespace ot::agent {

/// All sinks of a service.
class Uplink {
 public:
  Uplink(const asio::any_io_executor& executor, StoreThread& store, Readers<ListReader>& readers)
      : executor_(executor), store_(store), readers_(readers) {}

  /// From now on these, their certificates and secrets read anew. A request under way is cut, and
  /// made again as the same one. A sink that can't be begun is a problem of its own, told by
  /// status().
  void configure(const std::vector<SinkConfig>& sinks, const std::string& sensor_name);

  /// Something may have changed in the store.
  void ring();
  void stop();

  std::vector<Sender::Status> status() const;

 private:
  void begin(const SinkConfig& config, const std::string& sensor_name);

  asio::any_io_executor executor_;
  StoreThread& store_;
  Readers<ListReader>& readers_;
  std::map<std::string, std::shared_ptr<Sender>> senders_;
  std::map<std::string, Sender::Status> failed_;  ///< sinks that could not be begun
};

/// A sender for the sink, which nobody runs yet.
Result<std::shared_ptr<Sender>> make_sender(const asio::any_io_executor& executor,
                                            StoreThread& store, Readers<ListReader>& readers,
                                            const SinkConfig& config,
                                            const std::string& sensor_name);

}  // namespace ot::agent
