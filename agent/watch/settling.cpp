#include "agent/watch/settling.hpp"

#include <algorithm>
#include <utility>

namespace ot::agent::watch {
namespace {

constexpr int kOpenFactor = 10;      // settle times that an open file may pause
constexpr int kRestlessFactor = 30;  // settle times after which unrest is told
constexpr int kFloodFactor = 15;     // settle times after which a flood is not waited for

}  // namespace

Settling::Entry& Settling::entry_of(std::string path, Moment now) {
  return entries_.try_emplace(std::move(path), Entry{.since = now}).first->second;
}

/// '0' follows '/': the range holds what begins with "folder/" and nothing else.
void Settling::forget_below(const std::string& folder) {
  entries_.erase(entries_.lower_bound(folder + "/"), entries_.lower_bound(folder + "0"));
}

void Settling::touch(std::string path, Sign sign, Moment now) {
  if (sign == Sign::gone) {
    forget_below(path);
  }
  if (!flood_ && entries_.size() >= kMost && !entries_.contains(path)) {
    flood_ = Flood{.since = now, .last = now};
    entries_.clear();
  }
  if (flood_) {
    flood_->last = now;
    return;
  }
  auto& entry = entry_of(std::move(path), now);
  if (sign != Sign::altered) {
    entry.sign = sign;
  }
  entry.due = now + (entry.sign == Sign::opened ? kOpenFactor * settle_ : settle_);
}

void Settling::put_back(const std::vector<std::string>& paths, Moment now) {
  for (const auto& path : paths) {
    if (!entries_.contains(path)) {
      touch(path, Sign::closed, now);
    }
    const auto before = out_.find(path);
    const auto entry = entries_.find(path);
    if (before != out_.end() && entry != entries_.end()) {
      entry->second.since = before->second.since;
      entry->second.told = before->second.told;
    }
  }
  out_.clear();
}

Settling::Rested Settling::take(Moment now) {
  Rested rested;
  out_.clear();
  if (flood_ && flood_due() <= now) {
    flood_.reset();
    rested.everything = true;
  }
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    if (entry->second.due > now) {
      ++entry;
      continue;
    }
    auto& paths = entry->second.sign == Sign::gone ? rested.gone : rested.changed;
    paths.push_back(entry->first);
    out_.insert(entries_.extract(entry++));
  }
  return rested;
}

std::vector<std::string> Settling::newly_restless(Moment now) {
  std::vector<std::string> paths;
  for (auto& [path, entry] : entries_) {
    if (!entry.told && restless_at(entry) <= now && entry.due > now) {
      entry.told = true;
      paths.push_back(path);
    }
  }
  return paths;
}

std::optional<Moment> Settling::due() const {
  std::optional<Moment> due;
  const auto consider = [&due](Moment moment) { due = due ? std::min(*due, moment) : moment; };
  if (flood_) {
    consider(flood_due());
  }
  for (const auto& [path, entry] : entries_) {
    consider(entry.told ? entry.due : std::min(entry.due, restless_at(entry)));
  }
  return due;
}

std::size_t Settling::restless() const {
  return static_cast<std::size_t>(std::count_if(
      entries_.begin(), entries_.end(), [](const auto& entry) { return entry.second.told; }));
}

void Settling::clear() {
  entries_.clear();
  out_.clear();
  flood_.reset();
}

Moment Settling::flood_due() const {
  return std::min(flood_->last + settle_, flood_->since + kFloodFactor * settle_);
}

Moment Settling::restless_at(const Entry& entry) const {
  return entry.since + kRestlessFactor * settle_;
}

}  // namespace ot::agent::watch
