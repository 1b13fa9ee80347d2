#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "protocols/enip/identity.hpp"

namespace ot::protocols::enip {

// The frames of EtherNet/IP: CIP volume 2, chapter 2. All numbers are little endian.

/// ListIdentity needs no session. Over UDP it says within how many milliseconds
/// the device is to answer.
std::string list_identity();
std::string list_identity_over_udp();

/// Its sender context is zero: there are devices that refuse any other.
std::string register_session();
std::string unregister_session(std::uint32_t session);

/// One CIP message outside of any connection. The context comes back in the answer.
std::string send_rr_data(std::uint32_t session, std::uint32_t context, std::string_view message);

/// Whether the reply answers the request: the command, and for SendRRData the session
/// and the sender context.
bool is_answer(std::string_view request, std::string_view reply);

/// A reply's header, and what is behind it: empty unless the status is zero.
struct Encapsulation {
  std::uint32_t session = 0;
  std::uint32_t status = 0;
  std::string_view body;
};

Result<Encapsulation> parse_encapsulation(std::string_view frame);

/// The first identity item of a ListIdentity reply's body. The address in it is not
/// read: devices put 0.0.0.0 there, or one behind a router.
Result<Identity> parse_list_identity(std::string_view body);

/// The CIP message in a SendRRData reply's body.
Result<std::string_view> parse_rr_data(std::string_view body);

}  // namespace ot::protocols::enip
