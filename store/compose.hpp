#pragma once

#include <optional>
#include <string>
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

/// What a source says, and who speaks in it: "files", or a protocol.
struct Word {
  View view;
  Time at{};                       ///< when it was said last
  Time since{};                    ///< what it does not name was not there then
  bool walk = false;               ///< of a walk through the plant
  std::vector<std::string> says;   ///< who speaks in it
  std::vector<std::string> named;  ///< the protocols that name modules
  std::vector<std::string> whole;  ///< whose word lacks nothing
};

/// Their views in their order, without what a later word took back: where the same speakers say
/// all there is, a module that they don't name is gone. Between walks, and between a walk and what
/// was seen here.
std::vector<View> still_holding(std::vector<Word> words);

/// What a device said, and beside it what it had said before and can't have
/// taken back, for it was not asked for all.
View keep_unmentioned(View now, const View& before);

}  // namespace ot::store
