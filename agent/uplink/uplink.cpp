#include "agent/uplink/uplink.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>

#include "agent/service/failures.hpp"
#include "base/log.hpp"

namespace ot::agent {

Result<std::shared_ptr<Sender>> make_sender(const asio::any_io_executor& executor,
                                            StoreThread& store, Readers<ListReader>& readers,
                                            const SinkConfig& config,
                                            const std::string& sensor_name) {
  auto packing = Packing::of(config, sensor_name, now());
  if (!packing) {
    return fail(std::move(packing).error());
  }
  auto outlet = make_outlet(executor, config);
  if (!outlet) {
    return fail(std::move(outlet).error());
  }
  return std::make_shared<Sender>(executor, store, readers, config, std::move(*packing),
                                  std::move(*outlet));
}

void Uplink::begin(const SinkConfig& config, const std::string& sensor_name) {
  auto sender = make_sender(executor_, store_, readers_, config, sensor_name);
  if (!sender) {
    log::error(fmt::format("sink {}: {}", config.name, sender.error().text()));
    Sender::Status status;
    status.sink = config.name;
    status.state = "off";
    status.problem = sender.error().message();
    status.hint = sender.error().hint();
    failed_.emplace(config.name, std::move(status));
    return;
  }
  senders_.emplace(config.name, *sender);
  asio::co_spawn(executor_, Sender::run(*sender), failed_by("sink " + config.name));
}

void Uplink::configure(const std::vector<SinkConfig>& sinks, const std::string& sensor_name) {
  stop();
  senders_.clear();
  failed_.clear();
  for (const auto& sink : sinks) {
    begin(sink, sensor_name);
  }
}

void Uplink::ring() {
  for (const auto& [name, sender] : senders_) {
    sender->ring();
  }
}

void Uplink::stop() {
  for (const auto& [name, sender] : senders_) {
    sender->stop();
  }
}

std::vector<Sender::Status> Uplink::status() const {
  std::vector<Sender::Status> all;
  for (const auto& [name, sender] : senders_) {
    all.push_back(sender->status());
  }
  for (const auto& [name, status] : failed_) {
    all.push_back(status);
  }
  return all;
}

}  // namespace ot::agent
