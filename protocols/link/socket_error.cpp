#include "protocols/link/socket_error.hpp"

#include <fmt/format.h>
#include <boost/asio/error.hpp>

#include "base/async.hpp"

namespace ot::protocols::link {
namespace {

Errc kind_of(const boost::system::error_code& code) {
  using namespace asio::error;
  if (code == connection_refused) {
    return Errc::refused;
  }
  if (code == eof || code == connection_reset || code == broken_pipe ||
      code == connection_aborted || code == not_connected) {
    return Errc::closed;
  }
  if (code == timed_out || code == host_unreachable || code == network_unreachable) {
    return Errc::unreachable;
  }
  return Errc::io;
}

}  // namespace

Error socket_error(const boost::system::error_code& code, std::string_view action) {
  const auto kind = kind_of(code);
  const auto words = code == asio::error::eof ? "the device ended the connection" : code.message();
  return {kind, fmt::format("{}: {}", action, words)};
}

}  // namespace ot::protocols::link
