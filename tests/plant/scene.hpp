#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ipv4.hpp"
#include "tests/plant/service.hpp"

namespace ot::plant {

enum class FaultKind : std::uint8_t {
  silence,       ///< accepts connections and answers nothing
  drop,          ///< silent over UDP alone
  slow,          ///< answers after `ms`
  cut,           ///< an answer ends after `bytes`, then the connection
  bytewise,      ///< each byte is a segment of its own
  reset,         ///< RST instead of an answer
  closes,        ///< FIN behind an answer; counts each connection's requests
  wrong_id,      ///< first an answer to somebody else, then the right one
  garbage,       ///< random bytes instead of an answer
  endless,       ///< answers to somebody else, without an end
  huge_length,   ///< a length field far beyond what follows
  lying_count,   ///< a count of more than what is there
  hostile_text,  ///< terminal escapes and SQL in every name
  busy,          ///< no room for one more, in the protocol's own words
  bad_crc,       ///< of a serial line
};

struct Fault {
  FaultKind kind = FaultKind::silence;
  unsigned after = 0;             ///< so many requests are served well first
  std::optional<unsigned> times;  ///< so many requests are served badly, then well again
  unsigned ms = 300;
  unsigned bytes = 5;
};

/// What only the network units of a FINS rack tell of themselves.
struct FinsNetwork {
  Ipv4 address;
  Ipv4 mask;
  std::array<std::uint8_t, 6> mac{};
};

struct FinsUnit {
  std::uint8_t address = 0;
  std::string model;
  std::string version;  ///< empty: it does not know 05 01
  std::optional<FinsNetwork> network;
};

struct FinsDevice {
  std::uint16_t port = 9600;
  bool tcp = true;
  bool udp = true;
  std::optional<std::uint8_t> node;  ///< else the last octet of the address
  std::string cpu;
  std::string version;
  std::string internal_version;  ///< a second one, which a CP1L puts behind the first
  std::string system_use;        ///< 40 bytes "for system use" of 05 01
  std::string area;              ///< 12 bytes of memory sizes of 05 01
  std::vector<FinsUnit> units;   ///< by address, the CPU left out
  unsigned page = 25;            ///< how many units one 05 02 tells at most
  bool battery_flat = false;
  bool nj = false;  ///< knows no 05 02
  unsigned connections = 16;
  std::uint8_t first_client_node = 239;
  std::uint16_t reply_port = 0;                    ///< UDP answers go to this port of the asker
  std::uint32_t handshake_error = 0;               ///< each handshake ends with it
  bool confirms = false;                           ///< CONNECTION CONFIRMATION before each answer
  std::map<std::uint16_t, std::uint16_t> refuses;  ///< command and the end code it gets
};

struct EnipIdentity {
  std::uint16_t vendor = 1;
  std::uint16_t type = 0x0C;
  std::uint16_t code = 1;
  std::uint8_t major = 1;
  std::uint8_t minor = 1;
  std::uint16_t status = 0x0030;
  std::uint32_t serial = 1;
  std::string name;
  std::uint8_t state = 3;
  std::string tail;  ///< bytes that some put behind the attributes
};

struct EnipModule {
  std::uint8_t slot = 0;
  EnipIdentity identity;
  std::string backplane;               ///< the first 8 bytes of class 0x66
  bool has_backplane = true;           ///< else class 0x66 is not there
  bool silent = false;                 ///< no answer at all comes for it
  std::vector<std::uint16_t> refuses;  ///< general and extended status for each request to it
};

struct EnipChassis {
  std::uint32_t serial = 0;
  std::uint16_t slots = 0;
  std::uint8_t own_slot = 0;
  std::string backplane;  ///< the first 8 bytes of class 0x66 of the device itself
  std::map<std::uint8_t, EnipModule> modules;
};

struct EnipDevice {
  std::uint16_t port = 44818;
  bool tcp = true;
  bool udp = true;
  EnipIdentity identity;
  std::optional<EnipChassis> chassis;
  bool everyslot = false;            ///< a gateway that ignores the route
  bool no_unconnected_send = false;  ///< service 0x52 is unknown to it
  bool strict_context = false;       ///< RegisterSession with a sender context is refused
  bool list_identity_silent = false;
  std::uint32_t list_identity_status = 0;
  std::uint32_t send_status = 0;  ///< encapsulation status of each Unconnected_Send
  std::uint32_t first_session = 0x00020013;
};

enum class Manner : std::uint8_t { answers, refuses, silent };

struct ModbusUnit {
  std::map<std::uint8_t, std::string> objects;
  std::uint8_t conformity = 0x82;
  Manner fc43 = Manner::answers;
  Manner fc17 = Manner::refuses;
  std::string server_id;  ///< all bytes behind the count
  unsigned page = 253;    ///< how long an answer's PDU may be
};

struct ModbusDevice {
  std::uint16_t port = 502;
  std::optional<ModbusUnit> own;  ///< the device itself: units 255 and 0
  bool ignores_unit = false;      ///< `own` answers for every unit
  std::map<std::uint8_t, ModbusUnit> units;
  std::uint8_t missing = 0x0B;  ///< exception for a unit that is not there; 0: silence
  unsigned missing_ms = 0;      ///< and how long it takes
};

/// A request, and what a device once answered to it.
struct RecordedExchange {
  std::string request;
  std::vector<std::string> answers;  ///< none: it was silent
  bool closes = false;               ///< and then it ended the connection
};

/// What was recorded at one port of a device.
struct RecordedPort {
  std::string protocol;  ///< "fins"
  Wire wire = Wire::fins_tcp;
  std::uint16_t port = 0;
  std::vector<RecordedExchange> exchanges;
};

struct Host {
  std::string name;
  Ipv4 address;
  std::vector<Fault> faults;
  std::optional<FinsDevice> fins;
  std::optional<EnipDevice> enip;
  std::optional<ModbusDevice> modbus;
  std::vector<RecordedPort> recorded;
};

struct SerialLine {
  std::string name;
  std::string link;  ///< a symbolic link to make to its device; may be empty
  std::vector<Fault> faults;
  std::map<std::uint8_t, ModbusUnit> units;
  std::vector<RecordedExchange> exchanges;  ///< where there are any, they are what it answers
};

struct Scene {
  std::vector<Host> hosts;
  std::vector<SerialLine> lines;
};

}  // namespace ot::plant
