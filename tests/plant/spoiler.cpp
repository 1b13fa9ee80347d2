#include "tests/plant/spoiler.hpp"

namespace ot::plant {

const Spoiler& spoiler_of(Wire wire) {
  switch (wire) {
    case Wire::fins_tcp: return kFinsTcpSpoiler;
    case Wire::fins_udp: return kFinsUdpSpoiler;
    case Wire::enip_tcp:
    case Wire::enip_udp: return kEnipSpoiler;
    case Wire::modbus_tcp: return kModbusTcpSpoiler;
    case Wire::modbus_rtu: break;
  }
  return kModbusRtuSpoiler;
}

void shift_letters(std::string& frame, std::size_t from) {
  for (std::size_t i = from; i < frame.size(); ++i) {
    if (frame[i] >= 'A' && frame[i] < 'Z') {
      ++frame[i];
    }
  }
}

void put(std::string& frame, std::size_t at, std::string_view bytes) {
  if (at + bytes.size() <= frame.size()) {
    frame.replace(at, bytes.size(), bytes);
  }
}

}  // namespace ot::plant
