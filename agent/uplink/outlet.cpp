#include "agent/uplink/outlet.hpp"

namespace ot::agent {

Result<std::unique_ptr<Outlet>> make_outlet(const asio::any_io_executor& executor,
                                            const SinkConfig& config) {
  switch (config.kind) {
    case SinkConfig::Kind::hub: return make_hub_outlet(executor, config);
    case SinkConfig::Kind::csam: return make_csam_outlet(executor, config);
    case SinkConfig::Kind::file: break;
  }
  return make_file_outlet(config);
}

}  // namespace ot::agent
