#pragma once

#include <string>
#include <vector>

#include "store/store.hpp"

namespace ot::agent {

/// Where an add-on sits, in words that stay as long as it does: "rack 0 slot 4",
/// "DPSUBSYSTEM 1 0x00000003 slot 2", "unit 18", "port F"; "module" where
/// nothing is known of it.
std::string csam_place(const AddOn& add_on);

/// An asset's add-ons by their places, and in one place the earliest known first:
/// another order than the list's, where each new one comes before all others.
std::vector<const AddOn*> add_ons_by_place(const store::StoredAsset& asset);

}  // namespace ot::agent
