#include "agent/bundle/take_in.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "agent/bundle/walk_records.hpp"
#include "agent/bundle/whole_words.hpp"
#include "base/hash.hpp"
#include "store/inbox.hpp"

namespace ot::agent::bundle {
namespace {

constexpr std::size_t kAtOnce = 500;
constexpr std::size_t kLongestSite = 64;
constexpr std::size_t kEpochLetters = 16;

/// A record's line, and what it is sorted by.
struct Line {
  std::string order;
  std::uint64_t number = 0;
  std::string_view text;
};

tl::expected<store::SentRecord, std::string> record_from(const Line& line) {
  return walk_record_from(line.text, line.number);
}

/// Files first, then the assets that the store knows, by the strongest key that it knows them by,
/// then the others. Where one device of another walk was two in this one, it is the same of them
/// whichever walk comes first.
Result<std::string> order_of(store::Inbox& inbox, const store::SentRecord& record) {
  if (!record.asset) {
    return std::string();
  }
  const auto& keys = record.asset->keys;
  const auto known = inbox.known_of(keys);
  if (!known) {
    return fail(known.error());
  }
  constexpr int kBehindAll = 9;
  const auto first = keys.empty() ? store::Key{} : known->value_or(keys.front());
  const auto kind = keys.empty() ? kBehindAll : static_cast<int>(first.kind);
  return fmt::format("{} {} {}", *known ? 1 : 2, kind, first.value);
}

Result<std::vector<Line>> lines_of(store::Inbox& inbox, std::string_view records) {
  std::vector<Line> lines;
  std::uint64_t number = 0;
  for (std::string_view text; take_line(records, text);) {
    Line line{.order = {}, .number = ++number, .text = text};
    if (const auto record = record_from(line)) {
      auto order = order_of(inbox, *record);
      if (!order) {
        return fail(std::move(order).error());
      }
      line.order = std::move(*order);
    }
    lines.push_back(std::move(line));
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return a.order < b.order; });
  return lines;
}

/// Gives the records of one walk to the store, some at a time.
class Import {
 public:
  Import(store::Store& store, const WalkTexts& walk)
      : walk_(walk), words_(walk.manifest, walk.observations), inbox_(store) {
    FileHasher hasher;
    hasher.add(walk.records);
    hasher.add(walk.observations);
    // A walk that was gone on with is packed again, with more in it.
    epoch_ =
        fmt::format("{} {}", walk.manifest.walk, hasher.finish().sha256.substr(0, kEpochLetters));
  }

  Result<TakenIn> run() {
    const auto sensor = free_name();
    if (!sensor) {
      return fail(sensor.error());
    }
    taken_.sensor = *sensor;
    const auto lines = lines_of(inbox_, walk_.records);
    if (!lines) {
      return fail(lines.error());
    }
    const auto count = std::max<std::size_t>((lines->size() + kAtOnce - 1) / kAtOnce, 1);
    for (std::size_t i = 0; i < count; ++i) {
      const auto begin = lines->begin() + static_cast<std::ptrdiff_t>(i * kAtOnce);
      const auto size = std::min(kAtOnce, lines->size() - i * kAtOnce);
      const std::vector<Line> some(begin, begin + static_cast<std::ptrdiff_t>(size));
      if (auto done = take(some, i + 1, i + 1 == count); !done) {
        return fail(std::move(done).error());
      }
    }
    return std::move(taken_);
  }

 private:
  /// Its own name, or a longer one where another walk has that.
  Result<std::string> free_name() {
    const auto sensors = inbox_.sensors();
    if (!sensors) {
      return fail(sensors.error());
    }
    auto name = sensor_of(walk_.manifest);
    const auto found = std::find_if(sensors->begin(), sensors->end(),
                                    [&name](const auto& sensor) { return sensor.name == name; });
    if (found == sensors->end()) {
      return name;
    }
    has_all_ = found->epoch == epoch_;
    return found->epoch.starts_with(walk_.manifest.walk) ? name : "survey " + walk_.manifest.walk;
  }

  store::Delivery delivery_of(const std::vector<Line>& lines, std::size_t sequence,
                              bool complete) const {
    store::Delivery delivery{.sensor = taken_.sensor,
                             .epoch = epoch_,
                             .sequence = static_cast<std::int64_t>(sequence),
                             .flight = fmt::format("{} of the walk", sequence),
                             .complete = complete,
                             .sent_at = walk_.manifest.ended,
                             .arrived_at = now(),
                             .records = {}};
    for (const auto& line : lines) {
      auto record = record_from(line);
      if (record && record->seen_by.empty()) {
        record->seen_by = walk_.manifest.sensor;
      }
      if (record && record->asset) {
        record->asset->walked = words_.of(*record->asset);
      }
      delivery.records.push_back(std::move(record));
    }
    return delivery;
  }

  Result<void> take(const std::vector<Line>& lines, std::size_t sequence, bool complete) {
    const auto delivery = delivery_of(lines, sequence, complete);
    if (has_all_) {
      count_known(delivery);
      return {};
    }
    const auto receipt = inbox_.take(delivery, store::Gaps::accepted);
    if (!receipt) {
      return fail(receipt.error());
    }
    if (receipt->acknowledged != delivery.sequence) {
      has_all_ = true;  // the same walk, packed later, is there
      count_known(delivery);
      return {};
    }
    taken_.applied += receipt->applied;
    for (const auto& item : receipt->items) {
      if (item.status == store::Receipt::Status::rejected) {
        taken_.rejected.push_back(item.reason);
      }
      taken_.known += item.status == store::Receipt::Status::duplicate ? 1 : 0;
    }
    return {};
  }

  void count_known(const store::Delivery& delivery) {
    for (const auto& record : delivery.records) {
      record ? void(++taken_.known) : taken_.rejected.push_back(record.error());
    }
  }

  const WalkTexts& walk_;
  WholeWords words_;
  store::Inbox inbox_;
  std::string epoch_;
  bool has_all_ = false;
  TakenIn taken_;
};

/// At most so many bytes, and no part of a letter.
std::string cut(std::string text, std::size_t most) {
  if (text.size() > most) {
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) {
      --most;
    }
    text.resize(most);
  }
  return text;
}

}  // namespace

std::string sensor_of(const Manifest& manifest) {
  constexpr std::size_t kDate = 10;
  constexpr std::size_t kWalkLetters = 8;
  return fmt::format("survey {}{}{} {}", cut(manifest.site, kLongestSite),
                     manifest.site.empty() ? "" : " ", iso8601(manifest.began).substr(0, kDate),
                     manifest.walk.substr(0, kWalkLetters));
}

Result<TakenIn> take_in(store::Store& store, const WalkTexts& walk) {
  auto taken = Import(store, walk).run();
  const auto done = taken ? store.commit() : fail(taken.error());
  if (!done) {
    store.abandon();
    return fail(done.error());
  }
  return taken;
}

Result<TakenIn> take_in(store::Store& store, const Bundle& bundle) {
  const auto records = bundle.text(kRecords);
  if (!records) {
    return fail(records.error());
  }
  auto observations = bundle.text(kObservations);
  if (!observations && observations.error().code() != Errc::not_found) {
    return fail(std::move(observations).error());
  }
  const WalkTexts walk{.manifest = bundle.manifest(),
                       .records = *records,
                       .observations = observations ? *observations : std::string_view()};
  return take_in(store, walk);
}

}  // namespace ot::agent::bundle
