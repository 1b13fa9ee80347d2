#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/records.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"
#include "tests/temporary.hpp"

namespace ot::store::test {

/// A fresh folder, gone with the test.
class Folder {
 public:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

 private:
  tests::TemporaryFolder folder_;
};

AddOn module_at(std::uint32_t slot, const std::string& order_id,
                const std::string& serial_number = "");

/// A CPU in rack 0, slot 3 of a station with a project id and three modules.
Asset cpu(const std::string& station, const std::string& project_id);

Interface attachment(const std::string& address, const std::string& mac_address = "");

/// One version of a file. The content's name stands for its hash; without a
/// name it could not be read at all.
struct Version {
  std::string path = "/plant/line1.cfg";
  std::string content = "first";
  std::vector<Asset> assets = {};
  Place place = {};
  std::optional<Time> exported_at = std::nullopt;
  std::int64_t mtime_ns = 1'000'000'000'000;
  std::string parser = "step7 1";
  std::optional<Error> error = std::nullopt;
  std::vector<Detail> details = {};
};

/// Stands for what is called with a version: all must succeed.
FileId begin(Store& store, const Version& version);
void finish(Store& store, FileId file, const Version& version);
/// Both, and commits.
void import(Store& store, const Version& version);

/// The file is gone.
void gone(Store& store, const std::string& path);

Store open(const std::string& path, Mode mode = Mode::read_write);

/// The file itself; made if it is not there.
Database raw(const std::string& path);

/// All of a list, in the order of the token.
Page sorted_by(const std::string& token, bool descending = false);

std::vector<StoredFile> files(Store& store, const Page& page = {});
std::vector<StoredAsset> assets(Store& store, const Page& page = {});
StoredAsset only_asset(Store& store);

/// The journal's entries of the kind, or of all kinds that begin with it.
std::vector<JournalEntry> entries(Store& store, const std::string& kind);

/// Every row of every table, but for those, as text.
std::string dump(const std::string& path, const std::vector<std::string>& but = {});

}  // namespace ot::store::test
