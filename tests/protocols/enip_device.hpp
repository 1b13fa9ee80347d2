#pragma once

#include <string>
#include <string_view>

#include "tests/protocols/scripted.hpp"

namespace ot::tests {

// Replies in hexadecimal. Those that end in "real" are of public captures:
// ITI/ICS-Security-Tools pcaps/EthernetIP/enip_test.pcap (the ENBT), and
// pjkundert/cpppo docs, controllogix-SCADA-read-write.pcapng (the backplane, the L61).

/// A whole ListIdentity reply: vendor 1, type 0C, code 58, 4.3, status 0030, serial
/// 00524d8e, "1756-ENBT/A", state 3.
inline constexpr std::string_view kListedEnbt =
    "63003300000000000000000000000000c1debed100000000"
    "01000c002d0001000002af120a0101a40000000000000000"
    "01000c003a00040330008e4d52000b313735362d454e42542f4103";
/// CIP replies to Get_Attributes_All: own slot 1, chassis serial 001b2ab1, 10 slots.
inline constexpr std::string_view kBackplaneReal =
    "81000000 000800000000 2d00 01 000101 b12a1b00 0a00";
/// "1756-L61/B LOGIX5561", type 0E, 20.11, status 3160, serial 006c061a, no state.
inline constexpr std::string_view kL61Real =
    "81000000 0100 0e00 3600 140b 6031 1a066c00 14 313735362d4c36312f42204c4f47495835353631";

inline constexpr std::string_view kEmpty = "d2000101 1203";
inline constexpr std::string_view kTimedOut = "d2000101 0402";
inline constexpr std::string_view kItself = "d2000101 1803";
inline constexpr std::string_view kNoSuchService = "d2000800";

/// A CIP reply with an Identity of vendor 1, revision 3.7 and no state.
std::string identity(std::uint16_t device_type, std::uint32_t serial, std::string_view name,
                     std::uint16_t vendor = 1);
/// A CIP reply of the backplane: a chassis of serial 00c0ffee.
std::string backplane(std::uint16_t own_slot, std::uint16_t slots);

/// What an EtherNet/IP device is asked and answers, in its order; the requests are
/// written here once more, byte for byte.
class EnipDevice {
 public:
  EnipDevice& lists(std::string_view reply = kListedEnbt);
  EnipDevice& fails_to_list(Errc code);
  EnipDevice& lists_over_udp(std::string_view reply = kListedEnbt);
  EnipDevice& fails_over_udp(Errc code);
  /// RegisterSession, with a good answer, a reply of its own, or none.
  EnipDevice& registers();
  EnipDevice& registers(std::string_view reply);
  EnipDevice& fails_to_register(Errc code);
  /// CIP messages and their replies; or none; or a status of the encapsulation.
  EnipDevice& identity(std::string_view reply);
  EnipDevice& backplane(std::string_view reply);
  EnipDevice& slot(unsigned number, std::string_view reply);
  EnipDevice& slots(unsigned first, unsigned last, std::string_view reply);
  EnipDevice& fails_in_slot(unsigned number, Errc code);
  EnipDevice& refuses_slot(unsigned number, std::string_view status);
  EnipDevice& refuses_identity(std::string_view status);
  /// UnRegisterSession.
  EnipDevice& leaves();

  Result<protocols::Observation> run();
  const Script& script() const { return script_; }

 private:
  void expect_message(std::string_view message);
  EnipDevice& answer(std::string_view message, std::string_view reply);
  EnipDevice& refuse(std::string_view message, std::string_view status);

  Script script_;
  unsigned context_ = 0;
};

/// The outcome, when all was asked as expected, and the connection was closed.
protocols::Observation observed(EnipDevice& device);

}  // namespace ot::tests
