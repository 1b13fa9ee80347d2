// Both directions of Modbus: the bytes as what a device answers, and as what might be sent.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "protocols/link/frame.hpp"
#include "protocols/link/rules.hpp"
#include "protocols/modbus/codec.hpp"

namespace {

using ot::protocols::link::allowed;
using ot::protocols::link::Wire;
namespace modbus = ot::protocols::modbus;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

/// Only these two functions may ever go out, read here a second time.
bool only_reads(std::string_view pdu) {
  using namespace std::string_view_literals;
  return pdu == "\x11"sv || (pdu.size() == 4 && pdu.starts_with("\x2b\x0e"sv));
}

void check_allowed(Wire wire, std::string_view frame, std::size_t head) {
  if (allowed(wire, frame)) {
    require(frame.size() > head && only_reads(frame.substr(head)));
  }
}

void decode(std::string_view pdu) {
  const auto page = modbus::parse_identification(pdu);
  if (page) {
    std::size_t bytes = 0;
    for (const auto& [id, text] : page->objects) {
      bytes += text.size();
    }
    require(bytes <= pdu.size());
  }
  const auto id = modbus::parse_server_id(pdu);
  require(!id || id->data.size() <= pdu.size());
  if (const auto exception = modbus::exception_in(pdu)) {
    require(!modbus::describe(*exception).empty());
  }
}

void ask_and_match(std::string_view bytes) {
  for (const auto wire : {Wire::modbus_tcp, Wire::modbus_rtu}) {
    modbus::Envelope envelope(wire);
    const auto code = static_cast<modbus::ReadCode>(1 + bytes.size() % 4);
    const auto request = envelope.request(1, modbus::read_device_identification(code, 0),
                                          ot::protocols::link::Subject::target);
    require(request.has_value());
    if (request->accepts(bytes)) {
      require(!envelope.pdu_of(bytes).empty());
    }
  }
}

void stream(std::string_view bytes) {
  for (const auto wire : {Wire::fins_tcp, Wire::enip_tcp, Wire::modbus_tcp}) {
    const auto size = ot::protocols::link::frame_size(wire, bytes);
    constexpr std::size_t kMost = 65'535 + 24;
    require(!size || !*size || (**size > 0 && **size <= kMost));
    require(!ot::protocols::link::describe_received(wire, bytes).empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_allowed(Wire::modbus_tcp, bytes, 7);
  check_allowed(Wire::modbus_rtu, bytes, 1);
  decode(bytes);
  ask_and_match(bytes);
  stream(bytes);
  ot::protocols::link::Exclusions exclusions;
  static_cast<void>(exclusions.add_lines(bytes));
  return 0;
}
