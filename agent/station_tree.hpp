#pragma once

#include <span>

#include "agent/tree.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// The assets of one station as one tree: racks with their slots, PROFIBUS
/// slaves by address, PROFINET devices, ports, and the addresses of each.
TreeNode station_tree(std::span<const store::StoredAsset> assets);

/// "192.168.0.1, mask 255.255.255.0, MAC 00:0e:8c:12:34:56"; empty if nothing is configured.
std::string address_text(const Interface& interface);

}  // namespace ot::agent
