// Whatever happens to a tree: once it rests, the store has its files and no others.
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>

#include "agent/walk.hpp"
#include "base/hash.hpp"
#include "base/number.hpp"
#include "tests/agent/share.hpp"
#include "tests/agent/watch/watched.hpp"
#include "tests/catch.hpp"

namespace ot::agent::watch {
namespace {

namespace fs = std::filesystem;

/// Live project files: path to the digest of what they hold.
using Files = std::map<std::string, std::string>;

unsigned rounds() {
  const char* text = std::getenv("RACKSCOUT_WATCH_ROUNDS");
  return text == nullptr ? 6 : whole_number<unsigned>(text).value_or(6);
}

/// Where the two differ.
std::string difference(const Files& store, const Files& disk) {
  std::string text;
  for (const auto& [path, digest] : disk) {
    const auto known = store.find(path);
    text += known == store.end()      ? path + " is not in the store\n"
            : known->second != digest ? path + " has changed\n"
                                      : "";
  }
  for (const auto& [path, digest] : store) {
    text += disk.contains(path) ? "" : path + " is not on the disk\n";
  }
  return text;
}

std::string digest_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string content(std::istreambuf_iterator<char>(file), {});
  FileHasher hasher;
  hasher.add(content);
  return content.starts_with("FILEVERSION") ? hasher.finish().sha256 : "";
}

Files files_on_disk(const fs::path& root) {
  Files files;
  walk(root.string(), [&files](const std::string& path, const store::FileStamp&) {
    if (auto digest = digest_of(path); !digest.empty()) {
      files[path] = std::move(digest);
    }
    return true;
  });
  return files;
}

/// A watched folder, the store that follows it, and somebody who works in it
/// without sense.
class Plant {
 public:
  explicit Plant(unsigned seed) : random_(seed) {
    fs::create_directories(outside());
    watched_.look = [this](const Changes& changes) { return read(changes); };
  }

  bool begin() { return watched_.begin(); }
  void work();
  void rest() {
    watched_.run([this] { return files_in_store() == files_on_disk(root()); });
  }
  /// Whether all was told path by path.
  bool was_told() const {
    return std::none_of(watched_.seen.begin(), watched_.seen.end(),
                        [](const Changes& changes) { return changes.rescan; });
  }

  fs::path root() const { return watched_.root(); }
  fs::path outside() const { return watched_.top() / "outside"; }
  Files files_in_store();

 private:
  Looked read(const Changes& changes);
  unsigned any(unsigned count) { return std::uniform_int_distribution(0U, count - 1)(random_); }
  /// One of few, so that they meet again and again.
  fs::path any_folder();
  fs::path any_path() { return any_folder() / ("f" + std::to_string(any(4)) + ".cfg"); }
  std::string any_content();
  void write(const fs::path& path);
  void change_file();
  void change_folder();

  std::mt19937 random_;
  Watched watched_;
  tests::Share share_;
};

Looked Plant::read(const Changes& changes) {
  IngestOptions options{.paths = {changes.root}, .settle = kQuick};
  const auto summary = changes.rescan ? share_.ingest(options)
                                      : share_.ingest_changes(
                                            {changes.root, changes.changed, changes.gone}, options);
  return {.root = changes.root, .unsettled = summary.unsettled};
}

Files Plant::files_in_store() {
  Files files;
  for (const auto& file : share_.files()) {
    if (file.status != FileStatus::deleted) {
      files[file.path] = file.digests.sha256;
    }
  }
  return files;
}

fs::path Plant::any_folder() {
  auto folder = any(12) == 0 ? outside() : root();
  for (auto depth = any(4); depth > 0; --depth) {
    folder /= std::string(1, static_cast<char>('a' + any(3)));
  }
  return folder;
}

std::string Plant::any_content() {
  return any(5) == 0 ? "hostname sw1\n" : tests::station("S" + std::to_string(any(1000)));
}

void Plant::write(const fs::path& path) {
  // Of a change by another name of the same file nobody is told.
  std::error_code refused;
  if (fs::hard_link_count(path, refused) > 1) {
    fs::remove(path, refused);
  }
  std::ofstream file(path, std::ios::binary);
  const auto content = any_content();
  file << content.substr(0, content.size() / 2) << std::flush;
  if (any(4) == 0) {
    watched_.io.poll();
  }
  file << content.substr(content.size() / 2);
}

void Plant::change_file() {
  std::error_code refused;
  const auto path = any_path();
  switch (any(7)) {
    case 0: fs::remove(path, refused); break;
    case 1: fs::rename(path, any_path(), refused); break;
    case 2: fs::create_hard_link(path, any_path(), refused); break;
    case 3:
      write(path.string() + ".new");
      fs::rename(path.string() + ".new", path, refused);
      break;
    default: write(path); break;
  }
}

void Plant::change_folder() {
  std::error_code refused;
  const auto folder = any_folder();
  if (folder == root() || folder == outside()) {
    return;
  }
  switch (any(6)) {
    case 0: fs::remove_all(folder, refused); break;
    case 1: fs::create_directory_symlink(any_folder(), folder, refused); break;
    case 2:
    case 3: {
      const auto target = any_folder();
      fs::rename(folder, target == root() || target == outside() ? folder : target, refused);
      break;
    }
    default: fs::create_directories(folder, refused); break;
  }
}

void Plant::work() {
  for (int i = 0; i < 60; ++i) {
    if (any(3) == 0) {
      change_folder();
    } else {
      change_file();
    }
    if (any(4) == 0) {
      watched_.io.restart();
      watched_.io.run_one_for(std::chrono::milliseconds(any(20)));
    }
  }
}

}  // namespace

TEST_CASE("once a tree rests the store has its files and no others", "[watch][property]") {
  const auto first = std::random_device{}() % 1'000'000;
  for (unsigned seed = first; seed < first + rounds(); ++seed) {
    INFO("seed " << seed);
    Plant plant(seed);
    REQUIRE(plant.begin());
    for (int spell = 0; spell < 4; ++spell) {
      plant.work();
      plant.rest();
      REQUIRE(difference(plant.files_in_store(), files_on_disk(plant.root())) == "");
    }
    CHECK(plant.was_told());
  }
}

}  // namespace ot::agent::watch
