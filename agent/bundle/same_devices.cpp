#include "agent/bundle/same_devices.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace ot::agent::bundle {
namespace {

using store::Key;
using store::KeyKind;
using store::SentRecord;

constexpr auto kWeakest = static_cast<int>(KeyKind::position);

/// Whether both have keys of the same strong kind, and not one in common.
bool differ(const std::vector<Key>& a, const std::vector<Key>& b) {
  std::map<KeyKind, std::pair<bool, bool>> kinds;  ///< of b: has one; shares one
  for (const auto& key : b) {
    auto& [has, shares] = kinds[key.kind];
    has = true;
    shares = shares || std::find(a.begin(), a.end(), key) != a.end();
  }
  return std::any_of(a.begin(), a.end(), [&kinds](const Key& key) {
    const auto found = kinds.find(key.kind);
    return store::is_strong(key.kind) && found != kinds.end() && !found->second.second;
  });
}

/// Default addresses repeat in project files: one alone joins nothing that only they name.
bool may_join(KeyKind kind, const SentRecord& a, const SentRecord& b) {
  return kind != KeyKind::address || !a.asset->sightings.empty() || !b.asset->sightings.empty();
}

class Matching {
 public:
  Matching(const std::vector<SentRecord>& before, const std::vector<SentRecord>& after) {
    for (const auto& record : after) {
      if (record.asset) {
        left_.insert(&record);
        for (const auto& key : record.asset->keys) {
          holders_.emplace(std::pair(key.kind, key.value), &record);
        }
      }
    }
    for (const auto& record : before) {
      if (record.asset) {
        pairs_.emplace_back(&record, nullptr);
      }
    }
  }

  std::vector<DevicePair> take(const std::vector<SentRecord>& after) {
    for (int kind = 1; kind <= kWeakest; ++kind) {
      for (auto& pair : pairs_) {
        join(pair, static_cast<KeyKind>(kind));
      }
    }
    for (const auto& record : after) {
      if (left_.contains(&record)) {
        pairs_.emplace_back(nullptr, &record);
      }
    }
    return std::move(pairs_);
  }

 private:
  void join(DevicePair& pair, KeyKind kind) {
    if (pair.second != nullptr) {
      return;
    }
    const auto& keys = pair.first->asset->keys;
    for (const auto& key : keys) {
      const auto found = key.kind == kind ? holders_.find({key.kind, key.value}) : holders_.end();
      if (found == holders_.end() || !left_.contains(found->second) ||
          differ(keys, found->second->asset->keys) ||
          !may_join(kind, *pair.first, *found->second)) {
        continue;
      }
      pair.second = found->second;
      left_.erase(found->second);
      return;
    }
  }

  std::map<std::pair<KeyKind, std::string>, const SentRecord*> holders_;  ///< of the later walk
  std::set<const SentRecord*> left_;  ///< of the later walk, not drawn to another yet
  std::vector<DevicePair> pairs_;
};

}  // namespace

std::vector<DevicePair> same_devices(const std::vector<SentRecord>& before,
                                     const std::vector<SentRecord>& after) {
  return Matching(before, after).take(after);
}

}  // namespace ot::agent::bundle
