#pragma once

#include <cstdint>
#include <string_view>

#include "base/records.hpp"

namespace ot::store {

/// A number for what a view of an asset says, or a whole project; the order of
/// the add-ons, or of the assets, doesn't count.
class Fingerprint {
 public:
  explicit Fingerprint(std::string_view facts);
  /// Of the project without its assets.
  explicit Fingerprint(const Project& project);
  void add(const AddOn& add_on);
  void add(const Fingerprint& part);
  std::int64_t value() const { return static_cast<std::int64_t>(sum_); }

 private:
  std::uint64_t sum_;
};

/// Of one asset with its add-ons; `facts` is its facts_text().
Fingerprint fingerprint_of(const Asset& record, std::string_view facts);

/// Of all that a parser said.
Fingerprint fingerprint_of(const Project& project);

}  // namespace ot::store
