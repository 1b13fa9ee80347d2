#include "agent/bundle/replay_reading.hpp"

#include "agent/bundle/replay_wires.hpp"

namespace ot::agent::bundle {

using protocols::link::Wire;

void put_text(Json& fields, const char* name, std::string_view text) {
  if (!text.empty()) {
    fields[name] = text;
  }
}

Json hardware_fields(const Hardware& hardware) {
  Json fields = Json::object();
  put_text(fields, "vendor", hardware.vendor);
  put_text(fields, "model", hardware.model);
  put_text(fields, "productName", hardware.product_name);
  return fields;
}

Reading reading_of(Wire wire, std::string_view request, const std::vector<std::string>& answers) {
  const std::string_view answer = answers.empty() ? std::string_view() : answers.back();
  if (auto foreign = foreign_reading(request, answer)) {
    return std::move(*foreign);
  }
  switch (wire) {
    case Wire::fins_tcp:
    case Wire::fins_udp: return fins_reading(wire, request, answer);
    case Wire::enip_tcp:
    case Wire::enip_udp: return enip_reading(request, answer);
    case Wire::modbus_tcp:
    case Wire::modbus_rtu: break;
  }
  return modbus_reading(wire, request, answer);
}

}  // namespace ot::agent::bundle
