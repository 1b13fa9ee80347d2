#include "protocols/link/endpoint.hpp"

#include <fmt/format.h>

#include "base/number.hpp"
#include "base/text.hpp"

namespace ot::protocols::link {

std::string Endpoint::text() const {
  return is_serial() ? device : fmt::format("{}:{}", address.text(), port);
}

Result<SerialSettings> parse_serial_settings(std::string_view text) {
  SerialSettings settings;
  const auto comma = text.find(',');
  const auto baud = text.substr(0, comma);
  const auto frame = comma == std::string_view::npos ? "" : text.substr(comma + 1);
  settings.baud = whole_number<int>(baud).value_or(0);
  const bool is_baud = settings.baud >= 300 && settings.baud <= 1'000'000;
  const bool is_frame = frame.size() == 3 && (frame[0] == '7' || frame[0] == '8') &&
                        std::string_view("NEO").find(frame[1]) != std::string_view::npos &&
                        (frame[2] == '1' || frame[2] == '2');
  if (!is_baud || !is_frame) {
    return fail(Error(Errc::wrong_use,
                      fmt::format("\"{}\" are no serial settings", escape_for_terminal(text)))
                    .hint("write baud rate, data bits, parity and stop bits: 19200,8E1"));
  }
  settings.data_bits = frame[0] - '0';
  settings.parity = frame[1];
  settings.stop_bits = frame[2] - '0';
  return settings;
}

}  // namespace ot::protocols::link
