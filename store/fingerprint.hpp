#pragma once

#include <cstdint>
#include <string_view>

#include "base/records.hpp"

namespace ot::store {

/// A number for what a view says; the order of the add-ons doesn't count.
class Fingerprint {
 public:
  explicit Fingerprint(std::string_view facts);
  void add(const AddOn& add_on);
  std::int64_t value() const { return static_cast<std::int64_t>(sum_); }

 private:
  std::uint64_t sum_;
};

}  // namespace ot::store
