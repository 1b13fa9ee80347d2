#include "store/store.hpp"

#include "store/assets.hpp"
#include "store/files.hpp"
#include "store/impl.hpp"
#include "store/imports.hpp"
#include "store/journal.hpp"
#include "store/known_files.hpp"
#include "store/listing.hpp"
#include "store/observations.hpp"
#include "store/open.hpp"
#include "store/targets.hpp"
#include "store/upkeep.hpp"
#include "store/word_index.hpp"

namespace ot::store {

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Result<Store> Store::open(const std::string& path, Mode mode) {
  std::optional<WriterLock> lock;
  if (mode == Mode::read_write) {
    auto taken = lock_for_writing(path);
    if (!taken) {
      return fail(std::move(taken).error());
    }
    lock = std::move(*taken);
  }
  auto database = open_database(path, mode);
  if (!database) {
    if (lock) {
      lock->leave_nothing();
    }
    return fail(std::move(database).error());
  }
  return Store(std::make_unique<Impl>(std::move(lock), std::move(*database)));
}

Result<std::vector<KnownFile>> Store::known_below(const std::string& path) {
  return read_known(impl_->database, path);
}

Result<std::vector<KnownFile>> Store::importing() {
  return read_importing(impl_->database);
}

Result<std::vector<FileId>> Store::begin_imports(std::span<const NewImport> files) {
  STORE_TRY(commit());
  auto ids = Result<std::vector<FileId>>();
  const auto added = impl_->batch.add(impl_->database, [&]() -> Result<void> {
    ids = start_imports(impl_->database, files, now());
    return ids ? Result<void>{} : fail(ids.error());
  });
  // Also when that failed: nothing may stay locked until the next import.
  const auto done = commit();
  if (!added || !done) {
    return fail(added ? done.error() : added.error());
  }
  return ids;
}

Result<void> Store::finish_import(FileId file, const ImportOutcome& outcome) {
  return impl_->batch.add(impl_->database,
                          [&] { return end_import(impl_->database, file, outcome, now()); });
}

Result<void> Store::remember_foreign(const std::string& path, const FileStamp& stamp,
                                     Time read_at) {
  return impl_->batch.add(impl_->database, [&] {
    return replace_by_foreign(impl_->database, path, stamp, read_at, now());
  });
}

Result<std::int64_t> Store::forget_gone(std::span<const std::string> paths) {
  auto deleted = Result<std::int64_t>(0);
  STORE_TRY(impl_->batch.add(impl_->database, [&]() -> Result<void> {
    deleted = forget_files(impl_->database, paths, now());
    return deleted ? Result<void>{} : fail(deleted.error());
  }));
  return deleted;
}

Result<AssetId> Store::observe(const Observation& observation) {
  auto asset = Result<AssetId>(0);
  STORE_TRY(impl_->batch.add(impl_->database, [&]() -> Result<void> {
    asset = put_observation(impl_->database, observation);
    return asset ? Result<void>{} : fail(asset.error());
  }));
  return asset;
}

Result<void> Store::commit() {
  return impl_->batch.commit(impl_->database);
}

void Store::abandon() {
  impl_->batch.abandon(impl_->database);
}

Result<void> Store::at_one_moment(const std::function<Result<void>()>& reading) {
  STORE_TRY(run(impl_->database, "BEGIN"));
  auto read = reading();
  const auto ended = run(impl_->database, "COMMIT");
  return read ? ended : read;
}

Result<Counts> Store::counts() {
  return count_live(impl_->database);
}

Result<std::int64_t> Store::count_files(const Page& page) {
  return store::count_files(impl_->database, page);
}
Result<std::int64_t> Store::count_assets(const Page& page) {
  return store::count_assets(impl_->database, page);
}
Result<std::vector<FileId>> Store::matching_files(const Page& page) {
  return store::matching_files(impl_->database, page);
}
Result<std::vector<AssetId>> Store::matching_assets(const Page& page) {
  return store::matching_assets(impl_->database, page);
}

void Store::set_sensor_name(std::string name) {
  impl_->database.set_sensor_name(std::move(name));
}

std::int64_t Store::own_changes() const {
  return impl_->database.total_changes();
}

Result<std::uint64_t> Store::version() {
  // Others' commits, and our own changes: neither ever goes down.
  return integer_from(impl_->database, "PRAGMA data_version").transform([this](const auto& others) {
    return static_cast<std::uint64_t>(others.value_or(0) + impl_->database.total_changes());
  });
}

Result<void> Store::list_files(const Page& page,
                               const std::function<bool(const StoredFile&)>& each) {
  return each_file(impl_->database, page, each);
}
Result<void> Store::list_assets(const Page& page,
                                const std::function<bool(const StoredAsset&)>& each) {
  return each_asset(impl_->database, page, each);
}

Result<std::optional<StoredFile>> Store::find_file(FileId file) {
  return read_file(impl_->database, file);
}
Result<std::optional<StoredAsset>> Store::find_asset(AssetId asset) {
  return read_asset(impl_->database, asset);
}
Result<std::vector<StoredAsset>> Store::find_assets(const std::string& selector) {
  return store::find_assets(impl_->database, selector);
}
Result<std::vector<StoredFile>> Store::find_files(const std::string& selector) {
  return store::find_files(impl_->database, selector);
}
Result<std::vector<SourcedAsset>> Store::sources_of(AssetId asset) {
  return store::sources_of(impl_->database, asset);
}
Result<std::vector<StoredAsset>> Store::assets_of(FileId file) {
  return store::assets_of(impl_->database, file);
}

Result<std::vector<JournalEntry>> Store::journal() {
  std::vector<JournalEntry> entries;
  STORE_TRY(journal_since(Time::min(), [&entries](const JournalEntry& entry) {
    entries.push_back(entry);
    return true;
  }));
  return entries;
}
Result<void> Store::journal_since(Time since,
                                  const std::function<bool(const JournalEntry&)>& each) {
  return each_entry(impl_->database, since, each);
}

Result<void> Store::note_run(const GroupRun& run, std::span<const TargetState> targets) {
  return impl_->batch.add(impl_->database, [&] { return put_run(impl_->database, run, targets); });
}
Result<void> Store::keep_groups(std::span<const std::string> groups) {
  return impl_->batch.add(impl_->database, [&] { return keep_only(impl_->database, groups); });
}
Result<std::vector<TargetState>> Store::targets() {
  return read_targets(impl_->database);
}
Result<std::vector<GroupRun>> Store::group_runs() {
  return read_runs(impl_->database);
}

Result<std::int64_t> Store::trim(const Retention& retention, Time now) {
  std::int64_t total = 0;
  for (std::int64_t removed = 1; removed > 0; total += removed) {
    STORE_TRY(impl_->batch.add(impl_->database, [&]() -> Result<void> {
      const auto piece = trim_history(impl_->database, retention, now);
      removed = piece.value_or(0);
      return piece ? Result<void>{} : fail(piece.error());
    }));
    STORE_TRY(commit());
  }
  return total;
}
Result<std::vector<std::string>> Store::check() {
  return find_damage(impl_->database);
}
Result<void> Store::back_up(const std::string& path) {
  return copy_to(impl_->database, path);
}
Result<void> Store::forget_asset(AssetId asset) {
  return impl_->batch.add(impl_->database,
                          [&] { return remove_asset(impl_->database, asset, now()); });
}
Result<std::uint64_t> Store::size() {
  return size_on_disk(impl_->database.path());
}

Result<std::vector<AssetId>> Store::check_words() {
  return store::check_words(impl_->database);
}

}  // namespace ot::store
