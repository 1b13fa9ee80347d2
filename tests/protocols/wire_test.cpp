#include "protocols/link/wire.hpp"

#include "tests/catch.hpp"
#include "tests/protocols/scripted.hpp"

using ot::Errc;
using ot::protocols::link::describe_received;
using ot::protocols::link::frame_size;
using ot::protocols::link::Wire;
using ot::tests::from_hex;

namespace {

/// -1: too few bytes to tell, -2: no frame.
long size_of(Wire wire, std::string_view hex) {
  const auto size = frame_size(wire, from_hex(hex));
  if (!size) {
    return -2;
  }
  return *size ? static_cast<long>(**size) : -1;
}

}  // namespace

TEST_CASE("a frame on a stream is as long as its header says", "[link]") {
  CHECK(size_of(Wire::fins_tcp, "46494e53 00000072") == 122);
  CHECK(size_of(Wire::fins_tcp, "46494e53 000000") == -1);
  CHECK(size_of(Wire::enip_tcp, "6300 3300") == 75);
  CHECK(size_of(Wire::enip_tcp, "63") == -1);
  CHECK(size_of(Wire::modbus_tcp, "0017 0000 003d") == 67);
  CHECK(size_of(Wire::modbus_tcp, "0017 0000") == -1);
}

TEST_CASE("a stream that is no frame of its protocol is malformed at once", "[link]") {
  CHECK(size_of(Wire::fins_tcp, "48") == -2);                 // "H"TTP
  CHECK(size_of(Wire::fins_tcp, "46494e53 7fffffff") == -2);  // 2 GB
  CHECK(size_of(Wire::fins_tcp, "46494e53 00000007") == -2);  // shorter than its header
  CHECK(size_of(Wire::enip_tcp, "485454 50") == -2);
  CHECK(size_of(Wire::modbus_tcp, "0017 0001 003d") == -2);
  CHECK(size_of(Wire::modbus_tcp, "0017 0000 0001") == -2);
  CHECK(size_of(Wire::modbus_tcp, "0017 0000 00ff") == -2);
}

TEST_CASE("the ledger says in words what came, whatever it is", "[link]") {
  CHECK(describe_received(Wire::fins_udp, from_hex("c0000200630000c800ef05010040")) ==
        "FINS 0501 response of unit 00, end code 0040");
  CHECK(describe_received(Wire::fins_tcp, from_hex("46494e53 00000008 00000003 00000020")) ==
        "FINS/TCP command 3, error 20");
  CHECK(describe_received(Wire::modbus_tcp, from_hex("0017 0000 0003 01 ab 01")) ==
        "Modbus 2B exception 01 of unit 1");
  CHECK(describe_received(Wire::enip_tcp, from_hex("6f00 0000 00000000 02000000"
                                                   "0000000000000000 00000000")) ==
        "EtherNet/IP SendRRData reply, status 0002");
  for (const auto wire : {Wire::fins_tcp, Wire::fins_udp, Wire::enip_tcp, Wire::enip_udp,
                          Wire::modbus_tcp, Wire::modbus_rtu}) {
    for (std::size_t size = 0; size < 64; ++size) {
      CHECK_FALSE(describe_received(wire, std::string(size, '\x6f')).empty());
    }
  }
}
