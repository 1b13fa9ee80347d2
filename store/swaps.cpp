#include "store/swaps.hpp"

#include <fmt/format.h>

#include "store/journal.hpp"

namespace ot::store {
namespace {

bool differ(std::string_view a, std::string_view b) {
  return !a.empty() && !b.empty() && a != b;
}

}  // namespace

std::string describe(std::string_view place, const Module& module) {
  const auto what = module.order_id.empty() ? module.name : module.order_id;
  const auto serial = module.serial_number.empty()
                          ? std::string()
                          : fmt::format(", serial number {}", module.serial_number);
  return fmt::format("{}: {}{}", place, what, serial);
}

Result<void> note_swap(Database& database, Time at, const Uuid& asset, std::string_view place,
                       const Module& before, const Module& after) {
  if (!differ(before.order_id, after.order_id) &&
      !differ(before.serial_number, after.serial_number)) {
    return {};
  }
  return note(database, at, "module.swapped", asset.text(), describe(place, before),
              describe(place, after));
}

}  // namespace ot::store
