#pragma once

#include <string>

#include "agent/http/counters.hpp"
#include "agent/service/status.hpp"

namespace ot::agent {

/// What Prometheus is told of the service.
std::string metrics_text(const ServiceStatus& service, const http::Counters& http,
                         const store::Counts& counts, std::uint64_t store_bytes);

}  // namespace ot::agent
