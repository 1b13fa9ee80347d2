#pragma once

#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "store/outbox.hpp"
#include "store/store.hpp"
#include "tests/store/logging_vfs.hpp"

namespace ot::store::test {

/// What a store was told that must last: by whoever told it, or as the store itself says it.
struct Promise {
  struct File {
    std::string live;  ///< "Imported sha256 of v3"; empty: nothing is known of the path
    bool importing = false;

    bool operator==(const File&) const = default;
  };

  std::map<std::string, File> files;             ///< by path
  std::map<std::string, Time> seen;              ///< by target, when it answered last
  std::map<std::string, std::string> sinks;      ///< "2 in flight f3"
  std::map<std::string, std::int64_t> sequence;  ///< by sensor, of the last request taken

  bool operator==(const Promise&) const = default;
};

Promise promise_of(Store& store);
std::string text_of(const Promise& promise);

/// A piece of work that ended with the word that it lasts.
struct Moment {
  std::string what;
  std::size_t begin = 0;  ///< so many events had come when it began,
  std::size_t end = 0;    ///< and when it ended
  std::string rows;       ///< all that was in the store then
  Promise promise;
};

/// A store at work: in an order that chance gives, everything that writes to one.
class PowerPlant {
 public:
  PowerPlant(std::string path, const LoggingVfs& log, std::uint64_t seed);

  /// The first moment is that of opening the store, the last one that of closing it.
  std::vector<Moment> work(std::size_t steps);

 private:
  using Work = std::function<void()>;
  struct Action {
    std::size_t times;  ///< as often as others
    std::string what;   ///< empty: it has steps of its own
    void (PowerPlant::*work)();
  };

  void step(const std::string& what, const Work& work);
  void commit();
  std::size_t any(std::size_t most) { return static_cast<std::size_t>(chance_() % most); }
  std::string any_path() { return "/plant/" + std::to_string(any(6)) + ".cfg"; }

  void import_files();
  void begin_imports();
  void finish_imports();
  void finish(FileId file, const std::string& path);
  void lose_file();
  void find_foreign();
  void observe_devices();
  Observation any_device();
  void forget_device();
  void note_turn();
  void tell_sink();
  void take_delivery();
  void trim();
  void check_point();
  void reopen();
  void abandon();

  std::string path_;
  const LoggingVfs& log_;
  std::mt19937_64 chance_;
  std::optional<Store> store_;
  std::vector<Moment> moments_;
  Promise promise_;
  std::map<std::string, FileId> begun_;    ///< imports, by path
  std::map<std::string, AssetId> meters_;  ///< by target
  std::int64_t number_ = 0;                ///< of whatever needs one of its own
};

}  // namespace ot::store::test
