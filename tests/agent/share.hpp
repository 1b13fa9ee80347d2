#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "agent/ingest.hpp"
#include "agent/progress.hpp"
#include "store/store.hpp"
#include "tests/catch.hpp"
#include "tests/temporary.hpp"

namespace ot::tests {

namespace fs = std::filesystem;

/// A STEP 7 export with one CPU and one module.
inline std::string station(const std::string& name, const std::string& module = "DI32xDC24V") {
  return "FILEVERSION \"3.2\"\n#STEP7_VERSION V5.6\n\nSTATION S7400 , \"" + name +
         "\"\nBEGIN \nEND \n\nRACK 0, SLOT 3, \"6ES7 412-2XJ05-0AB0\", \"CPU\"\nBEGIN \nEND \n\n"
         "RACK 0, SLOT 4, \"6ES7 421-1BL01-0AA0\", \"" +
         module + "\"\nBEGIN \nEND \n";
}

inline void write(const fs::path& path, const std::string& content) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
  // As if it had been written a minute ago: it has settled.
  fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::minutes(1));
}

/// A folder of project files and the store that is fed from it.
class Share {
 public:
  Share()
      : store_(std::move(
            *store::Store::open((folder_.path() / "s.db").string(), store::Mode::read_write))) {
    fs::create_directory(root());
  }

  fs::path root() const { return folder_.path() / "share"; }
  fs::path other() const { return folder_.path() / "other"; }
  store::Store& store() { return store_; }

  agent::IngestSummary ingest(agent::IngestOptions options = {}) {
    if (options.paths.empty()) {
      options.paths = {root().string()};
    }
    agent::Progress progress("test");
    auto summary = agent::ingest(store_, options, progress, stop);
    REQUIRE(summary.has_value());
    return std::move(*summary);
  }

  agent::IngestSummary ingest_changes(const agent::ChangedPaths& paths,
                                      const agent::IngestOptions& options = {}) {
    agent::Progress progress("test");
    auto summary = agent::ingest_changes(store_, options, paths, progress, stop);
    REQUIRE(summary.has_value());
    return std::move(*summary);
  }

  std::vector<store::StoredFile> files() {
    std::vector<store::StoredFile> found;
    REQUIRE(store_.list_files({}, [&](const store::StoredFile& file) {
      found.push_back(file);
      return true;
    }));
    return found;
  }

  int with_status(FileStatus status) {
    int count = 0;
    for (const auto& file : files()) {
      count += file.status == status ? 1 : 0;
    }
    return count;
  }

  std::atomic<bool> stop{false};

 private:
  TemporaryFolder folder_;
  store::Store store_;
};

}  // namespace ot::tests
