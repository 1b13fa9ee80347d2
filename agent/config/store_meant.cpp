#include "agent/config/store_meant.hpp"

#include "agent/config/read.hpp"
#include "agent/store_path.hpp"

namespace ot::agent {

Result<std::string> store_meant(const std::string& store, const std::string& config) {
  if (store.empty()) {
    auto read = load_config(config_path(config));
    if (read && read->config && !read->config->store.path.empty()) {
      return read->config->store.path;
    }
    if (!read && !config.empty()) {
      return fail(std::move(read).error());
    }
  }
  return store_path(store);
}

}  // namespace ot::agent
