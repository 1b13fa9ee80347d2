#include "agent/uplink/parcel.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <random>
#include <set>

#include <fmt/format.h>

#include "agent/http/gzip.hpp"
#include "agent/json_text.hpp"
#include "agent/redact.hpp"
#include "agent/uplink/csam_request.hpp"
#include "base/hash.hpp"
#include "store/query/vocabulary.hpp"

namespace ot::agent {
namespace {

using store::Change;
using store::RecordKind;
using Kind = SinkConfig::Kind;

constexpr std::uint64_t kMostRecords = 500;
constexpr std::uint64_t kMostCsamRecords = 50;

std::string random_name() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", device(), device());
}

Result<std::optional<store::query::Filter>> filter_of(const std::string& text,
                                                      const store::query::Vocabulary& vocabulary,
                                                      Time now) {
  if (text.empty()) {
    return std::nullopt;
  }
  auto filter = store::query::parse(text, vocabulary, now);
  if (!filter) {
    return fail(std::move(filter).error().during("filter"));
  }
  return std::optional(std::move(*filter));
}

/// Packs one parcel.
class Packer {
 public:
  Packer(store::Store& store, const store::Sink& sink, const Packing& packing)
      : store_(store), outbox_(store), sink_(sink), packing_(packing) {}

  Result<Parcel> pack() {
    auto packed = Result<void>{};
    const auto read = store_.at_one_moment([&] { return packed = take_changes(); });
    if (!read) {
      return fail(read.error());
    }
    seal();
    return std::move(parcel_);
  }

 private:
  using Ids = std::set<std::int64_t>;

  Result<void> take_changes() {
    constexpr std::uint64_t kNoEnd = std::numeric_limits<std::int32_t>::max();
    const auto most = sink_.flight ? kNoEnd : packing_.most_records;
    auto changes = outbox_.next(sink_, most + 1);
    if (!changes) {
      return fail(std::move(changes).error());
    }
    parcel_.flight.upto = sink_.told;
    drop_doubled(*changes);
    bool last = changes->size() <= most;
    changes->resize(static_cast<std::size_t>(std::min<std::uint64_t>(changes->size(), most)));
    if (auto matched = match(*changes); !matched) {
      return matched;
    }
    for (const Change& change : *changes) {
      if (!sink_.flight && !parcel_.records.empty() && bytes_ >= packing_.most_bytes) {
        last = false;
        break;
      }
      if (auto taken = take(change); !taken) {
        return taken;
      }
    }
    parcel_.flight.complete = last && sink_.fresh;
    return sink_.flight ? look_beyond() : Result<void>{};
  }

  /// Of a request that is repeated: what has changed since comes after it.
  Result<void> look_beyond() {
    auto after = sink_;
    after.told = sink_.flight->upto;
    after.flight.reset();
    const auto changes = outbox_.next(after, 1);
    if (!changes) {
      return fail(changes.error());
    }
    parcel_.flight = *sink_.flight;
    parcel_.flight.complete = sink_.flight->complete && changes->empty();
    return {};
  }

  /// A record to retry that has changed goes once.
  static void drop_doubled(std::vector<Change>& changes) {
    std::set<std::pair<RecordKind, std::int64_t>> changed;
    for (const Change& change : changes) {
      if (change.number > 0) {
        changed.emplace(change.kind, change.id);
      }
    }
    std::erase_if(changes, [&changed](const Change& change) {
      return change.number == 0 && changed.contains({change.kind, change.id});
    });
  }

  /// Which of the changed records the sink wants.
  Result<void> match(const std::vector<Change>& changes) {
    for (const Change& change : changes) {
      (change.kind == RecordKind::asset ? assets_ : files_).insert(change.id);
    }
    auto assets = matching(assets_, packing_.filter, &store::Store::matching_assets);
    auto files = matching(files_, packing_.file_filter, &store::Store::matching_files);
    if (!assets || !files) {
      return fail(assets ? files.error() : assets.error());
    }
    assets_ = std::move(*assets);
    files_ = std::move(*files);
    return {};
  }

  using Matching = Result<std::vector<std::int64_t>> (store::Store::*)(const store::Page&);
  Result<Ids> matching(const Ids& ids, const std::optional<store::query::Filter>& filter,
                       Matching find) {
    if (!filter || ids.empty()) {
      return ids;
    }
    store::Page page;
    page.filter = filter;
    page.among.assign(ids.begin(), ids.end());
    const auto found = (store_.*find)(page);
    return found ? Result<Ids>(Ids(found->begin(), found->end())) : fail(found.error());
  }

  Result<void> take(const Change& change) {
    parcel_.flight.upto = std::max(parcel_.flight.upto, change.number);
    if (change.number == 0) {
      parcel_.retried.push_back(
          {.sink = sink_.name, .kind = change.kind, .id = change.id, .reason = {}});
    }
    if (change.gone) {
      add_gone(change, *change.gone);
      return {};
    }
    return change.kind == RecordKind::asset ? take_asset(change) : take_file(change);
  }

  Result<void> take_asset(const Change& change) {
    auto asset = store_.find_asset(change.id);
    auto keys = outbox_.keys_of(change.id);
    if (!asset || !keys) {
      return fail(asset ? keys.error() : asset.error());
    }
    if (!*asset) {
      return {};
    }
    if (!assets_.contains(change.id)) {
      add_gone(change, (**asset).asset_uuid);
      return {};
    }
    redact(**asset);
    if (packing_.kind == Kind::csam) {
      return add_csam(change, **asset);
    }
    add(change, json_text(asset_wire(**asset, *keys, packing_.sensor_name), -1));
    return {};
  }

  Result<void> take_file(const Change& change) {
    auto file = store_.find_file(change.id);
    if (!file) {
      return fail(std::move(file).error());
    }
    if (!*file || packing_.kind == Kind::csam) {
      return {};
    }
    if (!files_.contains(change.id)) {
      add_gone(change, (**file).file_uuid);
      return {};
    }
    redact(**file);
    add(change, json_text(file_wire(**file), -1));
    return {};
  }

  Result<void> add_csam(const Change& change, const store::StoredAsset& asset) {
    auto file = asset.shown.file_id > 0 ? store_.find_file(asset.shown.file_id)
                                        : Result<std::optional<store::StoredFile>>(std::nullopt);
    if (!file) {
      return fail(std::move(file).error());
    }
    csam_assets_.push_back(csam_asset(asset, packing_.csam, *file ? &**file : nullptr));
    bytes_ += json_text(csam_assets_.back(), -1).size();
    parcel_.records.push_back({change.kind, change.id, csam_key(asset.asset_uuid)});
    return {};
  }

  /// The platform's import has no removal.
  void add_gone(const Change& change, const Uuid& uuid) {
    if (packing_.kind != Kind::csam) {
      add(change, json_text(gone_wire(change.kind, uuid), -1));
    }
  }

  void add(const Change& change, const std::string& text) {
    const char* between = packing_.kind == Kind::file ? "\n" : ",";
    records_ += (records_.empty() ? "" : between) + text;
    bytes_ = records_.size();
    parcel_.records.push_back({change.kind, change.id, {}});
  }

  void seal() {
    if (!sink_.flight) {
      parcel_.flight.name = random_name();
    }
    parcel_.head = {.sensor = packing_.sensor_name,
                    .epoch = sink_.epoch,
                    .sequence = sink_.sequence + 1,
                    .flight = parcel_.flight.name,
                    .complete = parcel_.flight.complete,
                    .sent_at = now()};
    switch (packing_.kind) {
      case Kind::hub: {
        http::Gzip gzip;
        gzip.add(wire_body(parcel_.head, records_));
        parcel_.body = gzip.finish();
        break;
      }
      case Kind::csam:
        parcel_.body = json_text(
            csam_request(std::move(csam_assets_), packing_.csam, parcel_.flight.name), -1);
        break;
      case Kind::file: parcel_.body = std::move(records_); break;
    }
  }

  store::Store& store_;
  store::Outbox outbox_;
  const store::Sink& sink_;
  const Packing& packing_;
  Ids assets_;
  Ids files_;
  std::string records_;
  std::vector<Json> csam_assets_;
  std::uint64_t bytes_ = 0;
  Parcel parcel_;
};

}  // namespace

Result<Packing> Packing::of(const SinkConfig& config, const std::string& sensor_name, Time now) {
  auto filter = filter_of(config.filter, store::query::asset_vocabulary(), now);
  auto file_filter = filter_of(config.file_filter, store::query::file_vocabulary(), now);
  if (!filter || !file_filter) {
    return fail(filter ? file_filter.error() : filter.error());
  }
  Packing packing;
  packing.kind = config.kind;
  packing.sensor_name = sensor_name;
  packing.place = config.kind == Kind::hub ? std::string() : config.url + config.folder;
  const auto usual = config.kind == Kind::csam ? kMostCsamRecords : kMostRecords;
  packing.most_records = config.batch == 0 ? usual : config.batch;
  packing.filter = std::move(*filter);
  packing.file_filter = std::move(*file_filter);
  packing.csam =
      CsamOptions(config.connector_uuid, config.source, config.business_apps, sensor_name);
  return packing;
}

std::string Packing::settings() const {
  std::string text =
      fmt::format("{}\n{}\n{}\n{}\n", sensor_name, place, filter ? filter->text() : "",
                  file_filter ? file_filter->text() : "");
  if (kind == Kind::csam) {
    text += fmt::format("{}\n{}\n", csam.connector_uuid, csam.source);
    for (const auto& app : csam.business_apps) {
      text += fmt::format("{}\n{}\n", app.id, app.site);
    }
  }
  const auto digest = sha1(text);
  return hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

Result<Parcel> pack(store::Store& store, const store::Sink& sink, const Packing& packing) {
  return Packer(store, sink, packing).pack();
}

}  // namespace ot::agent
