#pragma once

#include <algorithm>
#include <cstdint>
#include <list>
#include <memory>
#include <string>

namespace ot::agent {

/// What was found in the store, kept for who asks for the same as long as nothing changes.
/// What was used last stays longest.
template <class Value>
class Kept {
 public:
  /// `most`: of all values together, in what keep() calls their size.
  explicit Kept(std::size_t most) : most_(most) {}

  /// What was found for the key at that version of the store; null: nothing was.
  std::shared_ptr<const Value> find(const std::string& key, std::uint64_t version) {
    const auto found = std::find_if(items_.begin(), items_.end(),
                                    [&key](const Item& item) { return item.key == key; });
    if (found == items_.end()) {
      return nullptr;
    }
    if (found->version != version) {
      total_ -= found->size;
      items_.erase(found);
      return nullptr;
    }
    items_.splice(items_.begin(), items_, found);
    return items_.front().value;
  }

  void keep(std::string key, std::uint64_t version, std::shared_ptr<const Value> value,
            std::size_t size) {
    if (size > most_) {
      return;
    }
    total_ += size;
    items_.push_front({std::move(key), version, std::move(value), size});
    while (total_ > most_ || items_.size() > kMostItems) {
      total_ -= items_.back().size;
      items_.pop_back();
    }
  }

  void clear() {
    items_.clear();
    total_ = 0;
  }

 private:
  static constexpr std::size_t kMostItems = 64;

  struct Item {
    std::string key;
    std::uint64_t version = 0;
    std::shared_ptr<const Value> value;
    std::size_t size = 0;
  };

  std::list<Item> items_;  ///< used last first
  std::size_t most_;
  std::size_t total_ = 0;
};

}  // namespace ot::agent
