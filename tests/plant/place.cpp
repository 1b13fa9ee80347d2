#include "tests/plant/place.hpp"

#include "tests/plant/enip_service.hpp"
#include "tests/plant/fins_service.hpp"
#include "tests/plant/modbus_service.hpp"
#include "tests/plant/recorded_service.hpp"

namespace ot::plant {
namespace {

std::unique_ptr<Place> place(const Host& host, std::string_view protocol, std::uint16_t port,
                             std::unique_ptr<Service> service) {
  return std::make_unique<Place>(Place{.host = host.name,
                                       .protocol = protocol,
                                       .address = host.address,
                                       .port = port,
                                       .service = std::move(service),
                                       .faults = Faults(host.faults)});
}

std::optional<Wire> wire_if(bool wanted, Wire wire) {
  return wanted ? std::optional(wire) : std::nullopt;
}

/// What was recorded at one port over TCP and over UDP is one place.
void add_recorded(const Host& host, std::vector<std::unique_ptr<Place>>& all) {
  for (const RecordedPort& port : host.recorded) {
    const bool is_udp = port.wire == Wire::fins_udp || port.wire == Wire::enip_udp;
    Place* here = nullptr;
    for (const auto& one : all) {
      const bool is_here =
          one->host == host.name && one->protocol == port.protocol && one->port == port.port;
      here = is_here ? one.get() : here;
    }
    if (here == nullptr) {
      here = all.emplace_back(place(host, port.protocol, port.port, recorded_service(host, port)))
                 .get();
    }
    (is_udp ? here->udp : here->tcp) = port.wire;
  }
}

}  // namespace

std::vector<std::unique_ptr<Place>> places_of(const Scene& scene, Log& log) {
  std::vector<std::unique_ptr<Place>> all;
  for (const Host& host : scene.hosts) {
    if (host.fins) {
      auto& fins = *all.emplace_back(
          place(host, "fins", host.fins->port, fins_service(*host.fins, host.address)));
      fins.tcp = wire_if(host.fins->tcp, Wire::fins_tcp);
      fins.udp = wire_if(host.fins->udp, Wire::fins_udp);
      fins.reply_port = host.fins->reply_port;
    }
    if (host.enip) {
      auto& enip = *all.emplace_back(
          place(host, "enip", host.enip->port, enip_service(*host.enip, host.address)));
      enip.tcp = wire_if(host.enip->tcp, Wire::enip_tcp);
      enip.udp = wire_if(host.enip->udp, Wire::enip_udp);
    }
    if (host.modbus) {
      auto& modbus =
          *all.emplace_back(place(host, "modbus", host.modbus->port, modbus_service(*host.modbus)));
      modbus.tcp = Wire::modbus_tcp;
    }
    add_recorded(host, all);
  }
  for (const SerialLine& line : scene.lines) {
    auto& serial = *all.emplace_back(std::make_unique<Place>());
    serial.host = line.name;
    serial.protocol = "modbus";
    serial.serial = true;
    serial.link = line.link;
    serial.service = line.exchanges.empty() ? rtu_service(line) : recorded_service(line);
    serial.faults = Faults(line.faults);
  }
  for (const auto& one : all) {
    one->log = &log;
  }
  return all;
}

}  // namespace ot::plant
