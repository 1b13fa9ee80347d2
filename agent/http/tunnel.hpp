#pragma once

#include <string>

#include "agent/http/client_transport.hpp"
#include "agent/http/reply_reader.hpp"

namespace ot::agent::http {

/// What a proxy is asked: CONNECT.
Result<std::string> tunnel_request(const Url& target, const Proxy& proxy);

/// Whether the tunnel is there; else why it isn't, and what to do. `is_quiet`: nothing
/// came behind the head, where only the server may speak.
Result<void> judge_tunnel(const Reply& reply, bool is_quiet, const Url& target, const Proxy& proxy);

}  // namespace ot::agent::http
