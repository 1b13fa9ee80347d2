#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "store/keys.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

struct AssetRef {
  AssetId id = 0;
  Uuid uuid;
  bool is_new = false;
};

/// Who an asset is to another rackscout.
struct SentIdentity {
  const std::string& sensor;
  Uuid uuid;
  std::vector<Key> keys;           ///< as the sensor gave them; may be empty
  bool observed = false;           ///< a device said something of it
  bool configured = false;         ///< a project file did
  bool walk = false;               ///< walks may come in any order: their times decide
  std::optional<AssetId> known{};  ///< which asset the sensor's record was so far
};

/// Tells which asset each record of one project file is, or what a device said.
/// An asset that is not known yet is added, without any facts.
class Identifier {
 public:
  /// Of a project file.
  Identifier(Database& database, std::string path, Place place, Time at);
  /// Of a device, or of what another rackscout found, at that place.
  Identifier(Database& database, Place place, Time at);

  Result<AssetRef> asset_of(const Asset& record);
  Result<AssetRef> asset_of(const Observation& observation);
  Result<AssetRef> asset_of(const SentIdentity& identity);

  /// Keys that two records of the file share.
  std::vector<Warning> take_warnings();

 private:
  struct Claim {
    Key key;
    AssetId holder = 0;  ///< 0: nobody's yet
    Time said_at{};
  };
  struct Match {
    AssetId asset = 0;  ///< 0: none
    std::vector<AssetId> conflicts;
  };

  Result<AssetRef> asset_with(const std::vector<Key>& keys);
  Result<Match> match_sent(const std::vector<Claim>& claims);
  Result<bool> is_another_of_sender(AssetId holder);
  Result<bool> has_all_keys(AssetId asset);
  Result<void> bear_again(const std::vector<Claim>& claims, AssetId asset);
  std::vector<Key> own_keys(const Asset& record);
  void warn(const Asset& record, const Key& key);
  Result<std::vector<Claim>> claims_of(const std::vector<Key>& keys);
  Result<Match> match(const std::vector<Claim>& claims);
  Result<bool> differs(const std::vector<Claim>& claims, AssetId holder);
  Result<bool> may_join(const Claim& claim);
  Result<bool> may_join_walks(AssetId holder);
  Result<void> find_losers(const std::vector<Claim>& claims, Match& found);
  Result<bool> may_take(const Claim& claim, const Match& found);
  Result<bool> may_take_by_time(const Claim& claim, const Match& found);
  Result<bool> is_found_elsewhere(AssetId asset);
  bool is_of_walk() const { return sent_ != nullptr && sent_->walk; }
  Result<std::vector<Key>> takable(const std::vector<Claim>& claims, const Match& found);
  Result<AssetRef> known_asset(AssetId asset);
  Result<AssetRef> add_asset(const Key& strongest);
  Result<void> note_conflicts(const AssetRef& asset, const std::vector<AssetId>& conflicts,
                              const Key& strongest);

  Database& database_;
  Origin origin_;
  const SentIdentity* sent_ = nullptr;  ///< while one is looked for
  std::string path_;
  Place place_;
  Time at_;
  std::set<std::string> used_keys_;                           ///< by earlier records
  std::unordered_map<std::string, std::uint32_t> positions_;  ///< how often each one came
  std::unordered_set<AssetId> taken_;                         ///< by earlier records
  std::vector<Warning> warnings_;
  std::uint64_t shared_keys_ = 0;
};

}  // namespace ot::store
