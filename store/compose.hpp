#pragma once

#include <optional>
#include <vector>

#include "base/records.hpp"
#include "store/add_ons.hpp"

namespace ot::store {

/// What a source, or several together, say of an asset. The add-ons of the
/// record are empty: they stand beside it with their ids.
struct View {
  Asset record;
  std::vector<PlacedAddOn> add_ons;
};

/// What an asset is by all its sources: each field by the first of the observed
/// views that states it, else by the files. Vendor, model, product, order and
/// serial number and firmware make one block, of the asset and of each add-on:
/// it comes whole from the first observed view that names a model, and only a
/// view that agrees on what the thing is may add to it.
View compose(const std::vector<View>& observed, const std::optional<View>& configured);

/// What a device said, and beside it what it had said before and can't have
/// taken back, for it was not asked for all.
View keep_unmentioned(View now, const View& before);

}  // namespace ot::store
