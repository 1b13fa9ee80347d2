#include "agent/http/back_off.hpp"

#include <algorithm>

namespace ot::agent::http {

using std::chrono::seconds;

const BackOff::Entry* BackOff::find(const std::string& address) const {
  const auto at = places_.find(address);
  return at == places_.end() ? nullptr : &*at->second;
}

BackOff::Entry& BackOff::touch(const std::string& address) {
  if (const auto at = places_.find(address); at != places_.end()) {
    entries_.splice(entries_.begin(), entries_, at->second);
    return entries_.front();
  }
  if (entries_.size() == kAddresses) {
    places_.erase(entries_.back().address);
    entries_.pop_back();
  }
  entries_.emplace_front();
  entries_.front().address = address;
  places_.emplace(address, entries_.begin());
  return entries_.front();
}

seconds BackOff::wait_of(const std::string& address, Clock::time_point now) const {
  const auto* entry = find(address);
  return entry == nullptr || entry->until <= now ? seconds(0)
                                                 : std::chrono::ceil<seconds>(entry->until - now);
}

bool BackOff::knows(const std::string& address, const Digest& token) const {
  const auto* entry = find(address);
  const auto same = [&token](const Digest& one) { return same_in_constant_time(one, token); };
  return entry != nullptr && std::any_of(entry->known.begin(), entry->known.end(), same);
}

void BackOff::forget(const std::string& address, const Digest& token) {
  if (const auto at = places_.find(address); at != places_.end()) {
    std::erase(at->second->known, token);
  }
}

seconds BackOff::fail(const std::string& address, Clock::time_point now) {
  auto& entry = touch(address);
  if (entry.wait > seconds(0) && now >= entry.until + kQuiet) {
    entry.wait = seconds(0);
  }
  auto& failures = entry.failures;
  const auto is_old = [now](Clock::time_point at) { return at <= now - kWindow; };
  failures.erase(std::remove_if(failures.begin(), failures.end(), is_old), failures.end());
  failures.push_back(now);
  if (entry.wait == seconds(0) && failures.size() < kFailures) {
    return seconds(0);
  }
  failures.clear();
  entry.wait = entry.wait == seconds(0) ? kFirstWait : std::min(entry.wait * 2, kLongestWait);
  entry.until = now + entry.wait;
  return entry.wait;
}

void BackOff::succeed(const std::string& address, const Digest& token) {
  auto& entry = touch(address);
  const auto at = std::find(entry.known.begin(), entry.known.end(), token);
  if (at != entry.known.end()) {
    std::rotate(at, at + 1, entry.known.end());
    return;
  }
  if (entry.known.size() == kDigests) {
    entry.known.erase(entry.known.begin());
  }
  entry.known.push_back(token);
  entry.failures.clear();
  entry.wait = seconds(0);
}

}  // namespace ot::agent::http
