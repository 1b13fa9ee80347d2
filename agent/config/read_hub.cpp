#include "agent/config/sections.hpp"

namespace ot::agent {
namespace {

/// Who could send, and whether it gets here.
void check_ways_in(TableReader& reader, const Config& config) {
  const auto& hub = config.hub;
  const bool somebody_sends = hub.jwt_sensors || !reader.is_unnamed("sensor");
  if (hub.accept && !somebody_sends) {
    reader.mistake("accept", "nobody could send: no sensor is named",
                   "add a [[hub.sensor]] with its id and token_file, or set jwt_sensors = true");
  }
  if (hub.accept && !config.api.enabled) {
    reader.mistake("accept", "records come by the list API, and that is not enabled",
                   "write enabled = true in [api]");
  }
  if (!hub.accept && somebody_sends) {
    reader.warning("accept", "is not true: nothing is taken from the sensors that are named",
                   "write accept = true");
  }
  if (hub.jwt_sensors && !config.api.jwt) {
    reader.mistake("jwt_sensors", "there is no [api.jwt], by which a sensor's token is checked",
                   "add [api.jwt] with its key_file, or name the sensors in [[hub.sensor]]");
  }
}

}  // namespace

void read_hub(TableReader& reader, Config& config) {
  config.hub.accept = reader.flag("accept", config.hub.accept);
  config.hub.jwt_sensors = reader.flag("jwt_sensors", config.hub.jwt_sensors);
  check_ways_in(reader, config);
}

void read_sensor(TableReader& reader, Config& config) {
  HubSensor sensor;
  sensor.id = reader.plain_name("id");
  reader.require("token_file");
  sensor.token_file = reader.secret("token_file");
  config.hub.sensors.push_back(std::move(sensor));
}

}  // namespace ot::agent
