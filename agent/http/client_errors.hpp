#pragma once

#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include "agent/http/url.hpp"
#include "base/result.hpp"

struct ssl_st;

namespace ot::agent::http {

/// Why a name gave no address.
Error lookup_error(const boost::system::error_code& code, const Url& url);

/// Why no connection came about with an address of the host.
Error connect_error(const boost::system::error_code& code, const Url& url,
                    const boost::asio::ip::address& address);

/// What ended a step of an open connection: "read", "write", "TLS handshake".
Error step_error(const boost::system::error_code& code, std::string_view step);

/// The same with TLS, which may tell why.
Error tls_error(const boost::system::error_code& code, std::string_view step,
                const ssl_st* connection);

}  // namespace ot::agent::http
