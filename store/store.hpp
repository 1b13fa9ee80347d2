#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "base/records.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"
#include "store/query/filter.hpp"

namespace ot::store {

/// A file as the file system shows it. Two equal stamps mean the same content.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;

  bool operator==(const FileStamp&) const = default;
};

/// Where a record belongs: together with the address it tells plants apart.
struct Place {
  std::string site;
  std::string area;
  std::string plant_location;

  bool operator==(const Place&) const = default;
};

using FileId = std::int64_t;
using AssetId = std::int64_t;

/// What the store remembers of a path: the live project file there, or a file
/// that is none (then file_id is 0).
struct KnownFile {
  std::string path;
  FileStamp stamp;
  Time read_at;
  FileId file_id = 0;
  FileStatus status = FileStatus::imported;
  Place place;
  std::string sha256;
  std::string error;
};

/// The row `Importing`, before a file is read. `same_row` names an Importing
/// row that an earlier run left behind.
struct NewImport {
  std::string path;
  FileStamp stamp;
  Place place;
  std::string uploaded_by;
  FileId same_row = 0;
};

/// How reading the file ended. With an error the row becomes `Failed`; with an
/// error and no digests the file could not be read at all.
struct ImportOutcome {
  FileStamp stamp;
  Time read_at;
  FileDigests digests;
  std::string parser;
  Project project;
  std::optional<Error> error;
};

/// What a device said when it was asked. `record` is of origin observed, and
/// its first interface has the address at which it answered, if it has one.
struct Observation {
  std::string protocol;  ///< "fins"
  std::string target;    ///< "10.0.0.5:9600", "/dev/ttyUSB0"
  Place place;
  Time at;
  Asset record;
  std::string chassis_serial;  ///< of an EtherNet/IP chassis
  bool complete = true;        ///< false: what it doesn't mention may be there all the same
  /// Unit addresses that were asked: of others nothing is known. Unset: all were.
  std::optional<std::vector<std::string>> asked;
  bool of_part = false;  ///< the record is that of a port or a module, not of the whole device: its
                         ///< serial number tells no asset apart
};

/// Where and when an asset was seen: one for each protocol and target.
struct Sighting {
  std::string protocol;
  std::string target;
  std::string address;  ///< empty on a serial line
  Time first_seen;
  Time last_seen;

  bool operator==(const Sighting&) const = default;
};

/// In what its project file and the device contradict each other, as another rackscout found it.
struct StatedDifference {
  std::string place;  ///< "rack 0, slot 4"; empty for the asset itself
  std::string kind;   ///< "missing", "firmwareVersion"
  std::string configured;
  std::string observed;

  bool operator==(const StatedDifference&) const = default;
};

struct StoredFile {
  FileId file_id = 0;
  Uuid file_uuid;
  std::string path;
  std::string name;       ///< base name without extension
  std::string extension;  ///< with its dot
  FileStatus status = FileStatus::importing;
  Place place;
  std::string vendor;
  std::int64_t asset_count = 0;
  std::string engineering_tool_name;
  std::string engineering_tool_version;
  Confidence tool_confidence = Confidence::confirmed;
  std::string project_name;
  std::string exported_text;
  std::optional<Time> exported_at;
  FileDigests digests;
  std::string uploaded_by;
  Time last_updated;
  std::uint64_t size = 0;
  std::string parser;
  std::vector<Detail> details;
  std::vector<Warning> warnings;
  std::string error;
  std::string sensor;  ///< who read it; empty: it was read here
};

struct StoredAddOn {
  std::int64_t add_on_id = 0;
  Uuid add_on_uuid;
  AddOn record;
};

/// One source's view of an asset: a project file's, or what a device said.
struct SourcedAsset {
  FileId file_id = 0;  ///< 0 for what a device said
  std::string path;
  std::optional<Time> exported_at;
  std::optional<Sighting> sighting;  ///< only for what a device said
  Asset record;                      ///< its add_ons are empty: they are below
  std::vector<StoredAddOn> add_ons;  ///< newest addOnId first
};

/// What files and what devices say of an asset, for comparing the two.
struct Sides {
  Asset configured;       ///< by the newest export
  Asset observed;         ///< by all observations together
  bool all_seen = false;  ///< what the device did not name is not there
};

struct StoredAsset {
  AssetId asset_id = 0;
  Uuid asset_uuid;
  std::string site;
  std::string area;
  Time created;
  Time last_updated;
  /// The newest export's view. Where devices were asked, what they said comes
  /// first, and the newest export adds what they did not say; file and path are
  /// those of that export then.
  SourcedAsset shown;
  bool configured = true;                ///< a project file says something of it
  std::vector<Sighting> sightings;       ///< empty: never observed
  std::optional<Sides> sides;            ///< only where files and devices both speak
  std::string sensor;                    ///< who found it; empty: it was found here
  std::vector<StatedDifference> stated;  ///< where `sensor` found it
  bool observed() const { return !sightings.empty(); }
};

struct SortKey {
  std::string token;
  bool descending = false;
};

/// Which part of a list is wanted; without a page size all of it.
struct Page {
  std::vector<SortKey> sort;  ///< empty: newest lastUpdated first
  std::uint64_t number = 0;
  std::optional<std::uint64_t> size;
  std::optional<query::Filter> filter = {};  ///< read with the vocabulary of the list
  std::vector<std::int64_t> among = {};      ///< ids; empty: all
};

struct Counts {
  std::int64_t files = 0;   ///< live project files
  std::int64_t assets = 0;  ///< supported by a live file, or observed
  std::int64_t add_ons = 0;
};

struct JournalEntry {
  Time at;
  std::string kind;     ///< "file.imported", "module.swapped", "asset.conflict", ...
  std::string subject;  ///< path or assetUuid
  std::string before;
  std::string after;
};

/// How asking a target ended last.
struct TargetState {
  std::string group;   ///< of the configuration
  std::string target;  ///< "10.0.0.5", "/dev/ttyUSB0"
  Time last_try;
  std::optional<Time> last_answer;
  std::string outcome;  ///< "answered", "silent", "refused", "incomplete", ...
  std::string reason;   ///< why not, in words

  bool answered() const { return last_answer == last_try; }
  bool operator==(const TargetState&) const = default;
};

/// The last run over all targets of a group.
struct GroupRun {
  std::string group;
  Time began;
  Time ended;
  std::int64_t targets = 0;
  std::int64_t answered = 0;
  std::int64_t requests = 0;
  bool stopped = false;  ///< before all were asked
  std::string next;      ///< the target that the next run begins with; empty: the first

  bool operator==(const GroupRun&) const = default;
};

/// What history may take. What is 0 has no limit.
struct Retention {
  std::chrono::hours age{0};       ///< of journal entries, and of rows of deleted files
  std::chrono::hours removals{0};  ///< of removals that are still to be told upward
  std::uint64_t journal_size = 0;  ///< bytes of the entries; the oldest go first
};

enum class Mode { read_write, read_only };

/// The inventory in one SQLite file. One Store is used by one thread at a time.
class Store {
 public:
  /// Opens the store; for writing it is created (mode 0600) and migrated. It has
  /// one writer at a time: while one lives, opening another fails at once.
  static Result<Store> open(const std::string& path, Mode mode);

  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  // --- the life of project files (contracts of import) ---

  /// Every live project file and remembered foreign file at or below the path,
  /// ordered by path.
  Result<std::vector<KnownFile>> known_below(const std::string& path);

  /// The rows `Importing`, wherever they are, ordered by path.
  Result<std::vector<KnownFile>> importing();

  /// Makes the rows `Importing` and commits them. The answer has one id a file, in order.
  Result<std::vector<FileId>> begin_imports(std::span<const NewImport> files);

  /// Puts the records of one import into the open batch, and ends the row's
  /// life as `Importing`. Only new content or a new place makes it the path's
  /// live row and the old one `Deleted`; else the live row stays and takes what
  /// is new: its stamp, other records, an error. Nothing lasts before commit().
  Result<void> finish_import(FileId file, const ImportOutcome& outcome);

  /// Takes back a row `Importing` of a file that turned out to be no project
  /// file or not to be there any more, and remembers the foreign file. A live
  /// row of its path becomes `Deleted`.
  Result<void> remember_foreign(const std::string& path, const FileStamp& stamp, Time read_at);

  /// The paths are gone: live rows become `Deleted`, foreign ones are forgotten.
  /// In the open batch, too.
  Result<std::int64_t> forget_gone(std::span<const std::string> paths);

  // --- what devices say ---

  /// Puts what a device said into the open batch, beside what files say of it.
  /// The same again changes nothing but when it was seen last. Of several
  /// observations of one device, the one with a serial number comes first: then
  /// all of them go to the asset that bears it. Nothing lasts before commit().
  Result<AssetId> observe(const Observation& observation);

  /// Ends the open batch: everything since the last commit lasts, or nothing does.
  Result<void> commit();

  /// Ends the open batch and keeps nothing of it. After a failure: others begin afresh.
  void abandon();

  // --- reading ---

  /// All that `reading` reads is of one moment, whatever is written meanwhile.
  Result<void> at_one_moment(const std::function<Result<void>()>& reading);

  Result<Counts> counts();

  /// How many there are on all pages together.
  Result<std::int64_t> count_files(const Page& page = {});
  Result<std::int64_t> count_assets(const Page& page = {});

  /// The ids of all pages together, in order.
  Result<std::vector<FileId>> matching_files(const Page& page);
  Result<std::vector<AssetId>> matching_assets(const Page& page);

  /// What `inventory.sensorName` is for filters; the store itself knows no sensor.
  void set_sensor_name(std::string name);

  /// A higher number after anything was changed by this object.
  std::int64_t own_changes() const;

  /// Another number whenever anything in the store may have changed, by
  /// whomever: what was found under the same number holds still.
  Result<std::uint64_t> version();

  /// Calls `each` for every file (deleted ones too) of the page, in order;
  /// stops early when it returns false.
  Result<void> list_files(const Page& page, const std::function<bool(const StoredFile&)>& each);
  Result<void> list_assets(const Page& page, const std::function<bool(const StoredAsset&)>& each);

  Result<std::optional<StoredFile>> find_file(FileId file);
  Result<std::optional<StoredAsset>> find_asset(AssetId asset);

  /// By assetId, assetUuid (any it ever had), name, station or address.
  Result<std::vector<StoredAsset>> find_assets(const std::string& selector);

  /// By path, base name (with or without extension), fileUuid or hash; live rows first.
  Result<std::vector<StoredFile>> find_files(const std::string& selector);

  /// Every live source's view of an asset: what devices said, in the order in
  /// which it counts, then the files', newest export first.
  Result<std::vector<SourcedAsset>> sources_of(AssetId asset);

  /// The assets that the file supports.
  Result<std::vector<StoredAsset>> assets_of(FileId file);

  Result<std::vector<JournalEntry>> journal();

  /// Calls `each` for every entry since then, oldest first, until it returns false.
  Result<void> journal_since(Time since, const std::function<bool(const JournalEntry&)>& each);

  // --- asking on schedule ---

  /// Puts a run and how its targets ended into the open batch. A target that
  /// answered the last time and does not now is noted in the journal, and one
  /// that answers again.
  Result<void> note_run(const GroupRun& run, std::span<const TargetState> targets);

  /// Forgets the runs and targets of all other groups, in the open batch.
  Result<void> keep_groups(std::span<const std::string> groups);

  Result<std::vector<TargetState>> targets();  ///< by group and target
  Result<std::vector<GroupRun>> group_runs();

  // --- upkeep ---

  /// Removes history that is older or larger than wanted; answers how many rows.
  Result<std::int64_t> trim(const Retention& retention, Time now);

  /// What is wrong with the store, a line each; empty: it is sound.
  Result<std::vector<std::string>> check();

  /// Copies the store as it is now to a new file, mode 0600, while others use it.
  Result<void> back_up(const std::string& path);

  /// Removes an asset and all that is known of it but what the journal says.
  /// A file that is read again may bring it back.
  Result<void> forget_asset(AssetId asset);

  /// Bytes on disk, the write-ahead log included.
  Result<std::uint64_t> size();

  /// The assets that filters would not find, or find by what they no longer
  /// are: none, unless the store is damaged.
  Result<std::vector<AssetId>> check_words();

 private:
  friend class Outbox;
  friend class Inbox;

  class Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// The tokens by which the lists can be sorted.
std::span<const std::string_view> file_sort_tokens();
std::span<const std::string_view> asset_sort_tokens();

}  // namespace ot::store
