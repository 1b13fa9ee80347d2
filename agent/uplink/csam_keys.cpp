#include "agent/uplink/csam_keys.hpp"

#include "base/number.hpp"
#include "base/text.hpp"

namespace ot::agent {

CsamKeys::CsamKeys(std::span<const std::string> keys) : keys_(keys) {
  for (const auto& key : keys) {
    const auto name = to_lower_ascii(key);
    names_.emplace(name, &key);
    names_.emplace(name.substr(name.rfind('/') + 1), &key);
  }
}

const std::string* CsamKeys::find(std::string_view name) const {
  const auto known = names_.find(to_lower_ascii(trim(name)));
  if (known != names_.end()) {
    return known->second;
  }
  const auto index = whole_number<std::size_t>(name);
  return index && *index < keys_.size() ? &keys_[*index] : nullptr;
}

}  // namespace ot::agent
