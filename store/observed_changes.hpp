#pragma once

#include "store/compose.hpp"
#include "store/identity.hpp"
#include "store/observations.hpp"
#include "store/sqlite.hpp"

namespace ot::store {

/// An observation whose new facts are written already. The row is as it was before.
struct Observed {
  const AssetRef& asset;
  const ObservationRow& row;
  Time at;
};

/// Notes what a device says otherwise than it did `before`: swaps, other
/// firmware, modules that appeared or vanished. What another observation of the
/// asset, not older than `before`, has told already is not noted again.
Result<void> note_observed_changes(Database& database, const Observed& observed,
                                   const View& before);

}  // namespace ot::store
