#include "store/identity.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "store/journal.hpp"

namespace ot::store {
namespace {

constexpr std::size_t kMaxWarnings = 20;

std::string text_of(const Key& key) {
  return fmt::format("{}\n{}", static_cast<int>(key.kind), key.value);
}

std::uint32_t bit_of(KeyKind kind) {
  return 1u << (static_cast<unsigned>(kind) & 31u);
}

Result<std::optional<Uuid>> uuid_of(Database& database, AssetId asset) {
  Query query(database, "SELECT asset_uuid FROM assets WHERE asset_id = ?", asset);
  std::optional<Uuid> uuid;
  if (query.next()) {
    uuid = query.uuid();
  }
  STORE_TRY(query.end());
  return uuid;
}

/// The UUID that is wanted, else that of the key, or, where another asset got that earlier, one
/// beside it.
Result<Uuid> free_uuid(Database& database, const Key& key, const std::optional<Uuid>& wanted) {
  const std::string name = "asset\n" + text_of(key);
  Uuid uuid = wanted ? *wanted : uuid_v5(kRackscoutNamespace, name);
  for (std::uint32_t twin = 2;; ++twin) {
    const auto holder =
        integer_from(database, "SELECT asset_id FROM asset_uuids WHERE asset_uuid = ?", uuid);
    if (!holder) {
      return fail(holder.error());
    }
    if (!*holder) {
      return uuid;
    }
    uuid = uuid_v5(kRackscoutNamespace, fmt::format("{}\n{}", name, twin));
  }
}

}  // namespace

Identifier::Identifier(Database& database, std::string path, Place place, Time at)
    : database_(database),
      origin_(Origin::configured),
      path_(std::move(path)),
      place_(std::move(place)),
      at_(at) {}

Identifier::Identifier(Database& database, Place place, Time at)
    : database_(database), origin_(Origin::observed), place_(std::move(place)), at_(at) {}

Result<AssetRef> Identifier::asset_of(const Asset& record) {
  return asset_with(own_keys(record));
}

Result<AssetRef> Identifier::asset_of(const Observation& observation) {
  return asset_with(keys_of(observation));
}

Result<AssetRef> Identifier::asset_of(const SentIdentity& identity) {
  sent_ = &identity;
  origin_ = identity.observed ? Origin::observed : Origin::configured;
  auto asset = asset_with(keys_of(identity));
  if (asset) {
    STORE_TRY(run(database_, "INSERT OR IGNORE INTO asset_uuids(asset_uuid, asset_id) VALUES(?, ?)",
                  identity.uuid, asset->id));
  }
  sent_ = nullptr;
  return asset;
}

/// Within a sensor its own word holds: a record that is known stays what it is, and two of
/// its records are two assets.
Result<Identifier::Match> Identifier::match_sent(const std::vector<Claim>& claims) {
  if (!sent_->known) {
    return match(claims);
  }
  Match found;
  found.asset = *sent_->known;
  STORE_TRY(find_losers(claims, found));
  return found;
}

Result<bool> Identifier::is_another_of_sender(AssetId holder) {
  if (sent_ == nullptr) {
    return false;
  }
  return integer_from(database_,
                      "SELECT 1 FROM received WHERE asset_id = ? AND sensor = ? AND uuid <> ?",
                      holder, sent_->sensor, sent_->uuid)
      .transform([](const auto& found) { return found.has_value(); });
}

Result<AssetRef> Identifier::asset_with(const std::vector<Key>& keys) {
  const auto claims = claims_of(keys);
  if (!claims) {
    return fail(claims.error());
  }
  const auto found = sent_ != nullptr ? match_sent(*claims) : match(*claims);
  if (!found) {
    return fail(found.error());
  }
  const auto owned = takable(*claims, *found);
  if (!owned) {
    return fail(owned.error());
  }
  const Key& strongest = owned->empty() ? keys.front() : owned->front();
  auto asset = found->asset == 0 ? add_asset(strongest) : known_asset(found->asset);
  if (!asset) {
    return asset;
  }
  if (const auto full = has_all_keys(asset->id); !full || *full) {
    return full ? asset : fail(full.error());
  }
  for (const Key& key : *owned) {
    STORE_TRY(run(database_,
                  "REPLACE INTO asset_keys(kind, value, asset_id, said_at) VALUES(?, ?, ?, ?)",
                  key.kind, key.value, asset->id, at_));
  }
  STORE_TRY(bear_again(*claims, asset->id));
  STORE_TRY(note_conflicts(*asset, found->conflicts, strongest));
  taken_.insert(asset->id);
  return asset;
}

/// Of what another rackscout finds, who may have no bounds.
Result<bool> Identifier::has_all_keys(AssetId asset) {
  constexpr std::int64_t kMost = 1024;
  if (sent_ == nullptr) {
    return false;
  }
  return integer_from(database_, "SELECT count(*) FROM asset_keys WHERE asset_id = ?", asset)
      .transform([](const auto& count) { return count.value_or(0) >= kMost; });
}

/// Its places, for when some of the many that it ever had must go. A day is near enough, but not
/// among walks: there it is known who bore a place last, and a strong key first.
Result<void> Identifier::bear_again(const std::vector<Claim>& claims, AssetId asset) {
  const auto slack = is_of_walk() ? std::chrono::hours(0) : std::chrono::hours(24);
  for (const Claim& claim : claims) {
    const bool strong = is_strong(claim.key.kind);
    if (claim.holder == asset && !strong) {
      STORE_TRY(run(database_,
                    "UPDATE asset_keys SET said_at = ?1 WHERE kind = ?2 AND value = ?3"
                    " AND said_at < ?4",
                    at_, claim.key.kind, claim.key.value, at_ - slack));
    } else if (claim.holder == asset && is_of_walk() && at_ < claim.said_at) {
      STORE_TRY(run(database_, "UPDATE asset_keys SET said_at = ? WHERE kind = ? AND value = ?",
                    at_, claim.key.kind, claim.key.value));
    }
  }
  return {};
}

std::vector<Key> Identifier::own_keys(const Asset& record) {
  std::vector<Key> keys;
  for (Key& key : keys_of(record, place_, path_)) {
    const std::string text = text_of(key);
    if (used_keys_.insert(text).second) {
      keys.push_back(std::move(key));
      continue;
    }
    warn(record, key);
    // The next record in the same place is known by its number there.
    if (key.kind == KeyKind::position) {
      const auto number = positions_.try_emplace(text, 1).first->second += 1;
      keys.push_back({key.kind, fmt::format("{}\nrecord {}", key.value, number)});
    }
  }
  return keys;
}

void Identifier::warn(const Asset& record, const Key& key) {
  if (++shared_keys_ <= kMaxWarnings) {
    warnings_.push_back({.message = fmt::format("\"{}\" has the same {} as an earlier record; it "
                                                "is not recognised by it",
                                                record.name, describe(key)),
                         .position = {}});
  }
}

std::vector<Warning> Identifier::take_warnings() {
  if (shared_keys_ > kMaxWarnings) {
    warnings_.push_back({.message = fmt::format("{} more keys are shared by several records",
                                                shared_keys_ - kMaxWarnings),
                         .position = {}});
  }
  return std::move(warnings_);
}

Result<std::vector<Identifier::Claim>> Identifier::claims_of(const std::vector<Key>& keys) {
  std::vector<Claim> claims;
  for (const Key& key : keys) {
    Query query(database_, "SELECT asset_id, said_at FROM asset_keys WHERE kind = ? AND value = ?",
                key.kind, key.value);
    Claim claim{.key = key};
    if (query.next()) {
      claim.holder = query.integer();
      claim.said_at = query.time();
    }
    STORE_TRY(query.end());
    claims.push_back(std::move(claim));
  }
  return claims;
}

Result<Identifier::Match> Identifier::match(const std::vector<Claim>& claims) {
  Match found;
  for (const Claim& claim : claims) {
    const bool seen = std::find(found.conflicts.begin(), found.conflicts.end(), claim.holder) !=
                      found.conflicts.end();
    if (claim.holder == 0 || seen || taken_.contains(claim.holder)) {
      continue;
    }
    const auto another = is_another_of_sender(claim.holder);
    if (!another) {
      return fail(another.error());
    }
    if (*another) {
      continue;
    }
    const auto different = differs(claims, claim.holder);
    if (!different) {
      return fail(different.error());
    }
    if (*different) {
      found.conflicts.push_back(claim.holder);
      continue;
    }
    const auto joins = may_join(claim);
    if (!joins) {
      return fail(joins.error());
    }
    if (*joins) {
      found.asset = claim.holder;
      found.conflicts.clear();
      STORE_TRY(find_losers(claims, found));
      return found;
    }
  }
  return found;
}

/// Default addresses repeat: one alone never joins what two project files say.
Result<bool> Identifier::may_join(const Claim& claim) {
  if (is_of_walk() && claim.key.kind == KeyKind::address) {
    return may_join_walks(claim.holder);
  }
  if (claim.key.kind != KeyKind::address || origin_ == Origin::observed) {
    return true;
  }
  const auto said_by_device =
      integer_from(database_,
                   "SELECT EXISTS (SELECT 1 FROM sightings WHERE asset_id = ?1) AND NOT EXISTS"
                   " (SELECT 1 FROM received WHERE asset_id = ?1 AND configured) AND NOT EXISTS"
                   " (SELECT 1 FROM asset_facts f CROSS JOIN files s ON s.file_id = f.file_id"
                   " WHERE f.asset_id = ?1 AND s.status IN ('Imported', 'Failed'))",
                   claim.holder);
  return said_by_device ? Result<bool>(said_by_device->value_or(0) != 0)
                        : fail(said_by_device.error());
}

/// The same whichever of the two came first.
Result<bool> Identifier::may_join_walks(AssetId holder) {
  Query query(database_,
              "SELECT EXISTS (SELECT 1 FROM sightings WHERE asset_id = ?1),"
              " EXISTS (SELECT 1 FROM received WHERE asset_id = ?1 AND configured) OR EXISTS"
              " (SELECT 1 FROM asset_facts f CROSS JOIN files s ON s.file_id = f.file_id"
              " WHERE f.asset_id = ?1 AND s.status IN ('Imported', 'Failed'))",
              holder);
  bool observed = false;
  bool configured = false;
  if (query.next()) {
    observed = query.integer() != 0;
    configured = query.integer() != 0;
  }
  STORE_TRY(query.end());
  return !(sent_->configured && configured) || (sent_->observed && observed);
}

/// A known device answers where one that it can't be was last.
Result<void> Identifier::find_losers(const std::vector<Claim>& claims, Match& found) {
  if (origin_ == Origin::configured) {
    return {};
  }
  for (const Claim& claim : claims) {
    if (is_strong(claim.key.kind) || claim.holder == 0 || claim.holder == found.asset) {
      continue;
    }
    const auto different = differs(claims, claim.holder);
    if (!different) {
      return fail(different.error());
    }
    const auto& known = found.conflicts;
    if (*different && std::find(known.begin(), known.end(), claim.holder) == known.end()) {
      found.conflicts.push_back(claim.holder);
    }
  }
  return {};
}

/// Whether both have keys of the same strong kind, and not one in common.
Result<bool> Identifier::differs(const std::vector<Claim>& claims, AssetId holder) {
  std::uint32_t theirs = 0;
  std::uint32_t common = 0;
  Query query(database_, "SELECT kind, value FROM asset_keys WHERE asset_id = ? AND kind <= ?",
              holder, KeyKind::project_id);
  while (query.next()) {
    const Key key{query.code<KeyKind>(), query.text()};
    theirs |= bit_of(key.kind);
    const auto same = [&key](const Claim& claim) { return claim.key == key; };
    common |= std::any_of(claims.begin(), claims.end(), same) ? bit_of(key.kind) : 0;
  }
  STORE_TRY(query.end());
  std::uint32_t ours = 0;
  for (const Claim& claim : claims) {
    ours |= bit_of(claim.key.kind);
  }
  return (ours & theirs & ~common) != 0;
}

/// A strong key stays with its first holder. A weak one moves to whichever
/// device answers there, to a new asset, and to any when its holder is in
/// another place now or nowhere. Of files only a new asset takes it from one
/// that it contradicts: two files that contradict each other would else take it
/// back and forth.
Result<bool> Identifier::may_take(const Claim& claim, const Match& found) {
  if (claim.holder == 0) {
    return true;
  }
  if (is_of_walk()) {
    return may_take_by_time(claim, found);
  }
  if (is_strong(claim.key.kind)) {
    return false;
  }
  if (origin_ == Origin::observed) {
    return claim.holder != found.asset;
  }
  if (auto another = is_another_of_sender(claim.holder); !another || *another) {
    return another;
  }
  if (taken_.contains(claim.holder) || std::find(found.conflicts.begin(), found.conflicts.end(),
                                                 claim.holder) != found.conflicts.end()) {
    return true;
  }
  const auto shown = integer_from(
      database_, "SELECT shown_file FROM assets WHERE asset_id = ? AND shown_file IS NOT NULL",
      claim.holder);
  if (!shown) {
    return fail(shown.error());
  }
  return !shown->has_value();
}

/// As if the walks had come in their order: a place is whose the newer word says it is, a strong
/// key is its first holder's.
Result<bool> Identifier::may_take_by_time(const Claim& claim, const Match& found) {
  if (claim.holder == found.asset) {
    return false;
  }
  const bool strong = is_strong(claim.key.kind);
  if (strong ? claim.said_at <= at_ : claim.said_at > at_) {
    return false;
  }
  const bool answered = !strong && origin_ == Origin::observed;
  return answered ? Result<bool>(true) : is_found_elsewhere(claim.holder);
}

/// Nothing of it was found here: only others speak of it.
Result<bool> Identifier::is_found_elsewhere(AssetId asset) {
  return integer_from(database_, "SELECT 1 FROM assets WHERE asset_id = ? AND sensor <> ''", asset)
      .transform([](const auto& found) { return found.has_value(); });
}

Result<std::vector<Key>> Identifier::takable(const std::vector<Claim>& claims, const Match& found) {
  std::vector<Key> keys;
  for (const Claim& claim : claims) {
    const auto may = may_take(claim, found);
    if (!may) {
      return fail(may.error());
    }
    if (*may) {
      keys.push_back(claim.key);
    }
  }
  return keys;
}

Result<AssetRef> Identifier::known_asset(AssetId asset) {
  const auto uuid = uuid_of(database_, asset);
  if (!uuid) {
    return fail(uuid.error());
  }
  return AssetRef{.id = asset, .uuid = uuid->value_or(Uuid{}), .is_new = false};
}

Result<AssetRef> Identifier::add_asset(const Key& strongest) {
  const auto uuid =
      free_uuid(database_, strongest, sent_ != nullptr ? std::optional(sent_->uuid) : std::nullopt);
  if (!uuid) {
    return fail(uuid.error());
  }
  STORE_TRY(run(database_,
                "INSERT INTO assets(asset_id, asset_uuid, site, area, created, last_updated)"
                " VALUES(1 + max(coalesce((SELECT max(asset_id) FROM assets), 0), coalesce("
                "(SELECT value FROM meta WHERE name = 'last_asset_id'), 0)), ?, ?, ?, ?, ?)",
                *uuid, place_.site, place_.area, at_, at_));
  const AssetId id = database_.last_insert_id();
  STORE_TRY(
      run(database_, "INSERT INTO asset_uuids(asset_uuid, asset_id) VALUES(?, ?)", *uuid, id));
  return AssetRef{.id = id, .uuid = *uuid, .is_new = true};
}

Result<void> Identifier::note_conflicts(const AssetRef& asset,
                                        const std::vector<AssetId>& conflicts,
                                        const Key& strongest) {
  for (const AssetId other : conflicts) {
    const auto uuid = uuid_of(database_, other);
    if (!uuid) {
      return fail(uuid.error());
    }
    STORE_TRY(note(database_, at_, "asset.conflict", asset.uuid.text(),
                   uuid->value_or(Uuid{}).text(), describe(strongest)));
  }
  return {};
}

}  // namespace ot::store
