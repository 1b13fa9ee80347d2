#include "agent/http/client_errors.hpp"

#include <fmt/format.h>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/error.hpp>

namespace ot::agent::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

bool is_timeout(const error_code& code) {
  return code == boost::beast::error::timeout || code == asio::error::timed_out;
}

Error stopped() {
  return {Errc::cancelled, "stopped"};
}

/// "127.0.0.1: " where the host is known by a name.
std::string at_address(const Url& url, const asio::ip::address& address) {
  const auto text = address.to_string();
  return text == url.host ? std::string() : text + ": ";
}

Error too_slow(std::string_view step) {
  if (step == "write") {
    return {Errc::silent, "it did not take in time what was sent"};
  }
  return {Errc::silent,
          step == "read" ? "no answer in time" : fmt::format("no answer in time in the {}", step)};
}

bool is_end(const error_code& code) {
  return code == asio::error::eof || code == asio::ssl::error::stream_truncated;
}

}  // namespace

Error lookup_error(const error_code& code, const Url& url) {
  if (code == asio::error::operation_aborted) {
    return stopped();
  }
  if (is_timeout(code)) {
    return Error(Errc::silent, fmt::format("nobody told in time what address {} has", url.host))
        .hint("ask the name servers of this machine: getent hosts NAME");
  }
  return Error(Errc::unreachable,
               fmt::format("no address is known for {} ({})", url.host, code.message()))
      .hint("is it written right, and do this machine's name servers know it?");
}

Error connect_error(const error_code& code, const Url& url, const asio::ip::address& address) {
  const auto at = at_address(url, address);
  if (code == asio::error::operation_aborted) {
    return stopped();
  }
  if (is_timeout(code)) {
    return Error(Errc::silent, at + "no connection in time")
        .hint("is it up, and does a firewall on the way let it through?");
  }
  if (code == asio::error::connection_refused) {
    return Error(Errc::refused, at + "the connection was refused")
        .hint("does it run there, and is this its port?");
  }
  return Error(Errc::unreachable, fmt::format("{}no way there ({})", at, code.message()))
      .hint("see this machine's routes: ip route get ADDRESS");
}

Error step_error(const error_code& code, std::string_view step) {
  if (code == asio::error::operation_aborted) {
    return stopped();
  }
  if (is_timeout(code)) {
    return too_slow(step);
  }
  const auto how = is_end(code) ? std::string() : fmt::format(" ({})", code.message());
  const auto when =
      step == "read" || step == "write" ? std::string() : fmt::format(" in the {}", step);
  return {Errc::closed, fmt::format("it ended the connection{}{}", when, how)};
}

}  // namespace ot::agent::http
