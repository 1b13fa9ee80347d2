#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "protocols/link/request.hpp"

namespace ot::protocols::modbus {

// Modbus Application Protocol V1.1b3: 6.13 Report Server ID, 6.21 Read Device
// Identification, 7 exceptions; Messaging on TCP/IP V1.0b: 3.1.3 MBAP header.

enum class ReadCode : std::uint8_t { basic = 1, regular = 2, extended = 3, one_object = 4 };

enum class ObjectId : std::uint8_t {
  vendor_name = 0,
  product_code = 1,
  major_minor_revision = 2,
  vendor_url = 3,
  product_name = 4,
  model_name = 5,
  user_application_name = 6,
};

enum class Exception : std::uint8_t {
  illegal_function = 1,
  illegal_data_address = 2,
  illegal_data_value = 3,
  server_device_failure = 4,
  acknowledge = 5,
  server_device_busy = 6,
  memory_parity_error = 8,
  gateway_path_unavailable = 0x0A,
  gateway_target_failed_to_respond = 0x0B,
};
/// "gateway path unavailable"; "exception 0C" for one that the specification lacks.
std::string describe(Exception exception);

std::string read_device_identification(ReadCode code, std::uint8_t first_object);
std::string report_server_id();

/// Packs PDUs for one wire and knows their answers again.
class Envelope {
 public:
  /// `wire`: modbus_tcp or modbus_rtu.
  explicit Envelope(link::Wire wire) : wire_(wire) {}

  /// Errors: forbidden.
  Result<link::Request> request(std::uint8_t unit, std::string pdu, link::Subject subject);

  /// The PDU within an answer to such a request.
  std::string_view pdu_of(std::string_view frame) const;

 private:
  link::Wire wire_;
  std::uint16_t transaction_ = 0;
};

/// The code of an exception response; nothing when the PDU is none.
std::optional<Exception> exception_in(std::string_view pdu);

/// By object id, as the device sent them.
using Objects = std::map<std::uint8_t, std::string>;

/// One answer of a Read Device Identification.
struct IdentificationPage {
  std::uint8_t conformity_level = 0;  ///< 01 to 03; with 80 also single objects
  std::optional<std::uint8_t> next;   ///< where the list goes on
  Objects objects;
};

/// Errors: malformed, with the offset in the PDU. The list ends with the PDU,
/// whatever its own count says: the specification's own example gets that wrong.
Result<IdentificationPage> parse_identification(std::string_view pdu);

struct ServerId {
  std::string data;         ///< device specific, without the run status
  std::optional<bool> run;  ///< run indicator status, where the last byte is one
};
Result<ServerId> parse_server_id(std::string_view pdu);

}  // namespace ot::protocols::modbus
