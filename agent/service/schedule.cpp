#include "agent/service/schedule.hpp"

#include <algorithm>

#include "base/system_time.hpp"

namespace ot::agent {
namespace {

/// The minutes until a window opens that is closed now; a day and more when none does.
std::chrono::minutes until_open(const std::vector<Window>& windows, std::chrono::local_seconds at) {
  constexpr std::chrono::minutes kWeek{7 * 24 * 60};
  const auto minute = std::chrono::floor<std::chrono::minutes>(at);
  for (std::chrono::minutes ahead{0}; ahead < kWeek; ++ahead) {
    if (is_open(windows, minute + ahead)) {
      return ahead;
    }
  }
  return kWeek;
}

}  // namespace

Moment this_moment() {
  return {std::chrono::steady_clock::now(), local_time(now())};
}

std::chrono::seconds Schedule::late_by(std::chrono::seconds jitter) const {
  return jitter.count() > 0 && chance_ ? chance_(jitter) : std::chrono::seconds{0};
}

void Schedule::set_groups(
    const std::vector<TargetGroup>& groups, const std::vector<Window>& everywhere,
    Clock::time_point now,
    const std::function<std::optional<std::chrono::seconds>(const std::string&)>& since_last) {
  std::vector<Entry> entries;
  for (const TargetGroup& group : groups) {
    Entry entry{group.name, group.every, group.jitter, group.windows, now};
    const auto known = std::find_if(entries_.begin(), entries_.end(), [&group](const Entry& item) {
      return item.group == group.name;
    });
    if (known != entries_.end()) {
      entry.due = std::min(known->due, now + group.every + group.jitter);
    } else if (const auto ago = since_last(group.name); ago) {
      // A clock that was set back must not keep a group waiting for longer than its interval.
      const auto rest = group.every - std::clamp(*ago, std::chrono::seconds{0}, group.every);
      entry.due = now + rest + late_by(group.jitter);
    }
    entries.push_back(std::move(entry));
  }
  entries_ = std::move(entries);
  everywhere_ = everywhere;
}

bool Schedule::may_start(const Entry& entry, std::chrono::local_seconds at) const {
  return ot::agent::is_open(everywhere_, at) && ot::agent::is_open(entry.windows, at);
}

bool Schedule::is_open(const std::string& group, std::chrono::local_seconds at) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.group == group && may_start(entry, at);
  });
}

std::optional<std::string> Schedule::take(const Moment& moment) {
  Entry* first = nullptr;
  for (Entry& entry : entries_) {
    const bool ready = entry.due <= moment.steady && may_start(entry, moment.local);
    if (ready && (first == nullptr || entry.due < first->due)) {
      first = &entry;
    }
  }
  if (first == nullptr) {
    return std::nullopt;
  }
  first->due = moment.steady + first->every + late_by(first->jitter);
  return first->group;
}

void Schedule::again(const std::string& group, Clock::time_point now) {
  for (Entry& entry : entries_) {
    entry.due = entry.group == group ? now : entry.due;
  }
}

std::optional<Schedule::Clock::duration> Schedule::nap(const Moment& moment) const {
  std::optional<Clock::duration> shortest;
  for (const Entry& entry : entries_) {
    Clock::duration wait = std::max(entry.due - moment.steady, Clock::duration::zero());
    const auto then = moment.local + std::chrono::floor<std::chrono::seconds>(wait);
    if (!may_start(entry, then)) {
      const auto closed = std::max(until_open(everywhere_, then), until_open(entry.windows, then));
      wait = std::min<Clock::duration>(wait + closed, std::max<Clock::duration>(wait, kLongestNap));
    }
    shortest = std::min(shortest.value_or(wait), wait);
  }
  return shortest;
}

std::vector<Schedule::Turn> Schedule::turns(const Moment& moment) const {
  std::vector<Turn> turns;
  for (const Entry& entry : entries_) {
    const bool closed = entry.due <= moment.steady && !may_start(entry, moment.local);
    turns.push_back({entry.group, entry.due, closed});
  }
  return turns;
}

}  // namespace ot::agent
