#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "agent/commands.hpp"
#include "agent/input_file.hpp"
#include "agent/output.hpp"
#include "agent/process.hpp"
#include "agent/progress.hpp"
#include "agent/store_path.hpp"
#include "agent/uplink/chunk.hpp"
#include "store/inbox.hpp"

namespace ot::agent {
namespace {

namespace fs = std::filesystem;

constexpr const char* kExamples = R"(Examples:
  rackscout import /mnt/usb/outbox          chunks that a file sink wrote
  rackscout import --store plant.db chunks

Reads the chunks (*.ndjson) of a folder, each sensor's in order. What is there
already is not taken twice, so the same folder may be read again and again; the
chunks themselves are left as they are. Chunks that are missing are named, and
the exit code is 3: at their sender `rackscout outbox renew SINK` writes
everything anew.)";

constexpr std::uint64_t kLargestChunk = 64ULL << 20;
constexpr std::uint64_t kLongestHead = 64ULL << 10;

struct Options {
  std::string store;
  std::vector<std::string> paths;
};

/// A chunk whose head was read: enough to know its turn.
struct Chunk {
  std::string path;
  std::string sensor;
  std::string epoch;
  std::int64_t sequence = 0;
  Time sent_at{};
};

Result<std::string> read_beginning(const std::string& path, std::uint64_t most) {
  const auto file = InputFile::open(path, true);
  return file ? file->beginning(most) : fail(file.error());
}

/// Takes chunks in order, and keeps account.
class Import {
 public:
  explicit Import(store::Store& store) : store_(store), inbox_(store) {}

  void take(const std::string& path) {
    const auto text = read_whole(path, true, kLargestChunk);
    auto delivery = text ? delivery_from_chunk(*text) : fail(text.error());
    if (!delivery) {
      ++failed_;
      say_error(delivery.error(), path);
      return;
    }
    delivery->arrived_at = now();
    const auto last = last_of(*delivery);
    auto receipt = inbox_.take(*delivery, store::Gaps::accepted);
    const auto done = receipt ? store_.commit() : fail(receipt.error());
    if (!done) {
      store_.abandon();
      ++failed_;
      broken_ = true;
      say_error(done.error(), path);
      return;
    }
    count(*delivery, *receipt, path, last);
  }

  /// The store failed: what comes next would fail as well.
  bool is_broken() const { return broken_; }

  int end() const {
    say(fmt::format("{} applied, {} were there already, {} refused; {} taken, {} known, {} failed",
                    counted(applied_, "record", "records"), duplicates_, rejected_,
                    counted(chunks_, "chunk", "chunks"), known_, failed_));
    for (const auto& gap : gaps_) {
      say(gap);
    }
    for (const auto& [sensor, epoch] : passed_over_) {
      say(
          fmt::format("{}: its last chunks (epoch {}) are not taken: by its clock they are older "
                      "than what is here",
                      sensor, epoch.substr(0, 8)));
    }
    if (broken_) {
      return exit_code::kOwnFailure;
    }
    const bool all_taken = failed_ + rejected_ == 0 && gaps_.empty() && passed_over_.empty();
    return all_taken ? exit_code::kDone : exit_code::kWithFailures;
  }

 private:
  /// From what was there to what came.
  void note_gap(const store::Delivery& delivery, std::int64_t last) {
    if (delivery.sequence <= last + 1) {
      return;
    }
    const bool one = delivery.sequence == last + 2;
    gaps_.push_back(fmt::format(
        "{}: {} missing (epoch {}): what changed in {} is not known here", delivery.sensor,
        one ? fmt::format("chunk {} is", last + 1)
            : fmt::format("chunks {} to {} are", last + 1, delivery.sequence - 1),
        delivery.epoch.substr(0, 8), one ? "it" : "them"));
  }

  std::int64_t last_of(const store::Delivery& delivery) {
    const auto sensors = inbox_.sensors();
    for (const auto& sensor : sensors ? *sensors : std::vector<store::Sensor>()) {
      if (sensor.name == delivery.sensor && sensor.epoch == delivery.epoch) {
        return sensor.sequence;
      }
    }
    return 0;
  }

  void count(const store::Delivery& delivery, const store::Receipt& receipt,
             const std::string& path, std::int64_t last) {
    if (receipt.acknowledged != delivery.sequence) {
      ++known_;  // what is here is newer
      if (receipt.acknowledged == 0) {
        passed_over_[delivery.sensor] = delivery.epoch;
      } else {
        passed_over_.erase(delivery.sensor);
      }
      return;
    }
    passed_over_.erase(delivery.sensor);
    note_gap(delivery, last);
    ++chunks_;
    applied_ += receipt.applied;
    for (const auto& item : receipt.items) {
      duplicates_ += item.status == store::Receipt::Status::duplicate ? 1 : 0;
      if (item.status == store::Receipt::Status::rejected) {
        ++rejected_;
        say(fmt::format("{}: a record is refused: {}", path, item.reason));
      }
    }
  }

  store::Store& store_;
  store::Inbox inbox_;
  std::uint64_t applied_ = 0;
  std::uint64_t duplicates_ = 0;
  std::uint64_t rejected_ = 0;
  std::uint64_t chunks_ = 0;
  std::uint64_t known_ = 0;
  std::uint64_t failed_ = 0;
  bool broken_ = false;
  std::vector<std::string> gaps_;
  std::map<std::string, std::string> passed_over_;  ///< by sensor: an epoch that was not taken
};

Result<std::vector<std::string>> chunks_at(const std::vector<std::string>& paths) {
  std::vector<std::string> chunks;
  for (const auto& path : paths) {
    std::error_code failed;
    if (!fs::is_directory(path, failed)) {
      chunks.push_back(path);
      continue;
    }
    for (fs::directory_iterator at(path, failed); !failed && at != fs::directory_iterator();
         at.increment(failed)) {
      if (is_chunk_name(at->path().filename().string())) {
        chunks.push_back(at->path().string());
      }
    }
    if (failed) {
      return fail(system_error(failed.value(), fmt::format("folder \"{}\"", path)));
    }
  }
  return chunks;
}

/// Each sensor's epochs in the order in which they were begun. What has no readable head comes
/// last, and says so when it is read.
std::vector<std::string> in_order(const std::vector<std::string>& paths) {
  std::vector<Chunk> chunks;
  std::map<std::pair<std::string, std::string>, Time> begun;
  for (const auto& path : paths) {
    const auto text = read_beginning(path, kLongestHead);
    const auto head = text ? head_of_chunk(*text) : fail(text.error());
    auto& chunk = chunks.emplace_back();
    chunk.path = path;
    chunk.sent_at = Time::max();
    if (head) {
      chunk = {path, head->sensor, head->epoch, head->sequence, head->sent_at};
      auto& first = begun.try_emplace({chunk.sensor, chunk.epoch}, chunk.sent_at).first->second;
      first = std::min(first, chunk.sent_at);
    }
  }
  for (auto& chunk : chunks) {
    const auto found = begun.find({chunk.sensor, chunk.epoch});
    chunk.sent_at = found == begun.end() ? Time::max() : found->second;
  }
  std::sort(chunks.begin(), chunks.end(), [](const Chunk& a, const Chunk& b) {
    return std::tie(a.sent_at, a.sensor, a.epoch, a.sequence, a.path) <
           std::tie(b.sent_at, b.sensor, b.epoch, b.sequence, b.path);
  });
  std::vector<std::string> ordered;
  std::transform(chunks.begin(), chunks.end(), std::back_inserter(ordered),
                 [](Chunk& chunk) { return std::move(chunk.path); });
  return ordered;
}

int import(const Options& options) {
  const auto paths = chunks_at(options.paths);
  auto open = paths ? open_for_writing(options.store) : fail(paths.error());
  if (!open) {
    return ended(fail(std::move(open).error()));
  }
  if (paths->empty()) {
    return ended(fail(Error(Errc::wrong_use, "there are no chunks (*.ndjson)")
                          .hint("name the folder that a file sink wrote into")));
  }
  Import import(open->store);
  Progress progress("import");
  progress.total(paths->size());
  for (const auto& path : in_order(*paths)) {
    if (stop_on_signals() || import.is_broken()) {
      break;
    }
    import.take(path);
    progress.step(path, 0);
  }
  progress.finish();
  const int code = import.end();
  return stop_on_signals() ? exit_code::kStopped : code;
}

}  // namespace

void add_import(CLI::App& app, int& exit_code) {
  auto* command = add_command(app, "import", "Take records that another rackscout wrote to files");
  const auto options = std::make_shared<Options>();
  command->add_option("FOLDER", options->paths, "Folders with chunks, or chunks")
      ->type_name("")
      ->required();
  command->add_option("--store", options->store, "The store; made if it is not there yet")
      ->type_name("FILE");
  command->footer(kExamples);
  command->callback([options, &exit_code] { exit_code = import(*options); });
}

}  // namespace ot::agent
