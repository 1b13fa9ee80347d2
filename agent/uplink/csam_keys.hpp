#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace ot::agent {

/// Tells which of the assets that were sent is meant, by whatever name an answer has
/// for it: the sourceNativeKey, the UUID in it, in whichever case, or its index.
class CsamKeys {
 public:
  /// The keys outlive it.
  explicit CsamKeys(std::span<const std::string> keys);

  /// Null where no asset has that name.
  const std::string* find(std::string_view name) const;

  std::span<const std::string> all() const { return keys_; }

 private:
  std::span<const std::string> keys_;
  std::map<std::string, const std::string*, std::less<>> names_;
};

}  // namespace ot::agent
