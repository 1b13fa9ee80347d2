#include "agent/bundle/recording.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "agent/bundle/transplant.hpp"

namespace ot::agent::bundle {
namespace {

namespace link = protocols::link;
using Event = link::LedgerEntry::Event;
using link::Wire;

/// On a serial line the ledger has the CRC behind a frame.
std::string frame_in(Wire wire, const std::string& bytes) {
  constexpr std::size_t kCrc = 2;
  const bool has_crc = wire == Wire::modbus_rtu && bytes.size() > kCrc;
  return has_crc ? bytes.substr(0, bytes.size() - kCrc) : bytes;
}

/// A session can't be gone on with once its connection is gone.
bool has_sessions(Wire wire) {
  return wire == Wire::fins_tcp || wire == Wire::enip_tcp;
}

}  // namespace

/// What was heard from one port of a target.
struct Recording::Target {
  struct Attempt {
    Asked asked;
    std::optional<Recalled<std::string>> end;  ///< nothing: nobody knows
  };

  void connect(bool is_stream);
  bool was_in_vain() const;
  void connect_ended(const link::LedgerEntry& entry);
  void send(const link::LedgerEntry& entry);
  void receive(const link::LedgerEntry& entry);
  void close(const link::LedgerEntry& entry);
  Attempt* next(const std::string& meaning, bool again);
  Attempt* last(const std::string& meaning);

  std::vector<Recalled<void>> connections;
  std::size_t connected = 0;  ///< so many of them were recalled
  std::size_t first = 0;      ///< of the attempts: what came before was over another connection
  std::vector<Attempt> attempts;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_meaning;
  std::map<std::string, std::size_t, std::less<>> taken;  ///< so many of that meaning
  bool over = false;                                      ///< its last conversation came to its end
  bool is_open = false;      ///< the last of `connections` was not closed, or only by a stop
  bool goes_on = false;      ///< what is opened now is for the conversation of that one
  std::uint64_t strays = 0;  ///< since the last request
  std::optional<Recalled<std::string>> hung_up;  ///< the device ended it
};

void Recording::Target::connect(bool is_stream) {
  over = false;
  goes_on = is_open && (is_stream || !was_in_vain());
}

/// Nothing answered: over datagrams the next one is asked from another port of ours.
bool Recording::Target::was_in_vain() const {
  const auto begin = attempts.begin() + static_cast<std::ptrdiff_t>(first);
  return begin != attempts.end() && std::all_of(begin, attempts.end(), [](const Attempt& attempt) {
           return attempt.end && !attempt.end->outcome;
         });
}

/// A conversation that was cut off has one beginning, however often it is gone on with.
void Recording::Target::connect_ended(const link::LedgerEntry& entry) {
  const bool refused = entry.event == Event::refused;
  const auto error = entry.error.value_or(Errc::unreachable);
  if (goes_on && refused) {
    hung_up = Recalled<std::string>{.outcome = fail(error, entry.meaning), .at = entry.at};
  } else if (!goes_on) {
    Recalled<void> ended{.outcome = {}, .at = entry.at};
    if (refused) {
      ended.outcome = fail(error, entry.meaning);
    }
    connections.push_back(std::move(ended));
    first = attempts.size();
  }
  is_open = !refused;
  goes_on = false;
  over = refused;
}

void Recording::Target::send(const link::LedgerEntry& entry) {
  Attempt attempt;
  attempt.asked.target = entry.target;
  attempt.asked.wire = entry.wire;
  attempt.asked.at = entry.at;
  attempt.asked.request = frame_in(entry.wire, entry.bytes);
  attempt.asked.meaning = link::allowed(entry.wire, attempt.asked.request).value_or(std::string());
  strays = 0;
  by_meaning[attempt.asked.meaning].push_back(attempts.size());
  attempts.push_back(std::move(attempt));
}

void Recording::Target::receive(const link::LedgerEntry& entry) {
  if (attempts.empty()) {
    return;
  }
  if (entry.stray) {
    ++strays;
    return;
  }
  auto frame = frame_in(entry.wire, entry.bytes);
  attempts.back().asked.answers.push_back(frame);
  attempts.back().end = Recalled<std::string>{
      .outcome = std::move(frame), .at = entry.at, .strays = std::exchange(strays, 0)};
}

void Recording::Target::close(const link::LedgerEntry& entry) {
  // It was opened once more for the conversation itself.
  if (entry.meaning == link::kUntilItsTurn && !connections.empty()) {
    connections.pop_back();
  }
  is_open = is_open && entry.meaning == link::kStopped;
  over = entry.meaning != link::kUntilItsTurn && entry.meaning != link::kStopped;
  if (entry.error) {
    hung_up = Recalled<std::string>{.outcome = fail(*entry.error, entry.meaning), .at = entry.at};
  }
}

/// `again`: the last one once more, when there is no other.
Recording::Target::Attempt* Recording::Target::next(const std::string& meaning, bool again) {
  const auto found = by_meaning.find(meaning);
  if (found == by_meaning.end() || meaning.empty()) {
    return nullptr;
  }
  const auto& places = found->second;
  auto& count = taken[meaning];
  // One that was cut off was asked again, if there is another one behind it.
  while (count + 1 < places.size() && !attempts[places[count]].end) {
    ++count;
  }
  if (count >= places.size() && !again) {
    return nullptr;
  }
  const auto place = places[std::min(count, places.size() - 1)];
  ++count;
  return &attempts[place];
}

/// The last one whose end is known: a session is opened anew each time that it is gone on with.
Recording::Target::Attempt* Recording::Target::last(const std::string& meaning) {
  const auto found = by_meaning.find(meaning);
  if (found == by_meaning.end()) {
    return nullptr;
  }
  const auto& places = found->second;
  const auto place = std::find_if(places.rbegin(), places.rend(),
                                  [this](std::size_t at) { return attempts[at].end.has_value(); });
  return place == places.rend() ? nullptr : &attempts[*place];
}

/// What is not in the ledger.
template <class Value>
std::optional<Recording::Recalled<Value>> Recording::cut_off() const {
  if (use_ != Use::finish) {
    return std::nullopt;
  }
  return Recalled<Value>{.outcome = fail(Errc::cancelled, "the walk ended before this was asked"),
                         .at = {}};
}

Recording::Recording(Use use) : use_(use) {}
Recording::~Recording() = default;

void Recording::add(const link::LedgerEntry& entry) {
  auto& kept = targets_[{entry.target, entry.wire}];
  if (!kept) {
    kept = std::make_unique<Target>();
  }
  switch (entry.event) {
    case Event::connect: kept->connect(!link::is_datagram(entry.wire)); break;
    case Event::connected:
    case Event::refused: kept->connect_ended(entry); break;
    case Event::sent:
      kept->over = false;
      kept->send(entry);
      order_.emplace_back(kept.get(), kept->attempts.size() - 1);
      break;
    case Event::received: kept->receive(entry); break;
    case Event::unanswered:
      if (!kept->attempts.empty() && !kept->attempts.back().end) {
        kept->attempts.back().end = Recalled<std::string>{
            .outcome = fail(entry.error.value_or(Errc::silent), entry.meaning),
            .at = entry.at,
            .strays = std::exchange(kept->strays, 0)};
      }
      break;
    case Event::closed: kept->close(entry); break;
  }
}

Recording::Target* Recording::find(const std::string& target, Wire wire) const {
  const auto found = targets_.find({target, wire});
  return found == targets_.end() ? nullptr : found->second.get();
}

std::optional<Recording::Recalled<void>> Recording::connection(const std::string& target,
                                                               Wire wire) {
  auto* kept = find(target, wire);
  if (kept == nullptr || kept->connections.empty()) {
    return cut_off<void>();
  }
  if (kept->connected < kept->connections.size()) {
    return kept->connections[kept->connected++];
  }
  return only() ? std::optional(kept->connections.back()) : std::nullopt;
}

std::optional<Recording::Recalled<std::string>> Recording::answer(const std::string& target,
                                                                  const link::Frame& request) {
  auto* kept = find(target, request.wire());
  if (kept == nullptr) {
    return cut_off<std::string>();
  }
  const bool opens = link::opens_session(request);
  // A session that was cut off is opened anew; what was asked in it is not asked again.
  if (use_ == Use::resume && !kept->over && opens) {
    return std::nullopt;
  }
  auto* attempt = opens ? kept->last(request.meaning()) : kept->next(request.meaning(), only());
  if (attempt == nullptr && only()) {
    attempt = kept->next(lesser_meaning(request), true);
  }
  if (attempt != nullptr) {
    attempt->asked.used = true;
  }
  if (attempt == nullptr || !attempt->end) {
    return unknown(*kept, request);
  }
  auto recalled = *attempt->end;
  if (recalled.outcome) {
    *recalled.outcome = transplanted(request, *recalled.outcome);
  }
  return recalled;
}

void Recording::lose(const std::string& target, Wire wire, const Error& why) {
  if (auto* kept = find(target, wire)) {
    kept->over = true;
    kept->hung_up = Recalled<std::string>{.outcome = fail(why), .at = {}};
  }
}

void Recording::rewind() {
  for (auto& [place, kept] : targets_) {
    kept->connected = 0;
    kept->taken.clear();
  }
}

/// What to make of a request that has no known end.
std::optional<Recording::Recalled<std::string>> Recording::unknown(
    const Target& kept, const link::Frame& request) const {
  if (kept.hung_up) {
    return kept.hung_up;
  }
  if (only()) {
    return cut_off<std::string>();
  }
  if (kept.over && has_sessions(request.wire())) {
    return Recalled<std::string>{
        .outcome = fail(Errc::closed, "its session was over before this was asked"), .at = {}};
  }
  return std::nullopt;
}

std::vector<Recording::Asked> Recording::asked() const {
  std::vector<Asked> asked;
  asked.reserve(order_.size());
  for (const auto& [target, place] : order_) {
    asked.push_back(target->attempts[place].asked);
  }
  return asked;
}

}  // namespace ot::agent::bundle
