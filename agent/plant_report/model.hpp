#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/bundle/bundle.hpp"
#include "agent/bundle/exchange.hpp"
#include "agent/bundle/walk_target.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/store.hpp"

namespace ot::agent::plant_report {

/// Takes a report piece by piece.
using Sink = std::function<void(std::string_view)>;

/// What the ledger of a walk says of one endpoint.
struct SentCount {
  std::string area;
  std::string target;             ///< "10.0.0.5:9600", "/dev/ttyUSB0"
  std::string protocol;           ///< "FINS/TCP"
  std::uint64_t tries = 0;        ///< connections that were asked for
  std::uint64_t connections = 0;  ///< those that came about
  std::uint64_t refused = 0;      ///< those that did not
  std::uint64_t requests = 0;
  std::uint64_t answers = 0;
  std::uint64_t silences = 0;  ///< requests that got no answer
  std::uint64_t strays = 0;    ///< frames that answered nothing
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::map<std::string, std::uint64_t> functions;  ///< "FINS 0501 CONTROLLER DATA READ" -> requests
};

/// Counts the entries of a ledger.
class SentCounter {
 public:
  void add(const bundle::Exchange& exchange);
  /// By area, address and protocol.
  std::vector<SentCount> take();

 private:
  std::map<std::vector<std::string>, SentCount> counts_;
};

/// "FINS 0502 CONNECTION DATA READ" of "FINS 0502 CONNECTION DATA READ from unit address 16":
/// what was asked, without where.
std::string function_of(std::string_view meaning);

/// All that a report tells of a plant, users' names in paths redacted.
struct PlantReport {
  enum class Source : std::uint8_t { store, bundle };

  Source source = Source::store;
  std::string origin;  ///< the path of the store or of the bundle
  std::string site;    ///< where the store or the walk knows one for all
  std::string operator_name;
  std::string note;
  std::string walk;     ///< its UUID; empty for a store
  std::string sensor;   ///< the machine that walked
  std::string version;  ///< of the rackscout that packed the bundle, else of this one
  std::string trust;    ///< "signed by Anna (3f1c-...), trusted"; empty for a store
  bool trusted = false;
  Time began{};  ///< of the walk
  Time ended{};
  Time made{};  ///< when this report was
  std::vector<bundle::Leg> legs;
  std::vector<std::string> projects;  ///< folders that were read
  std::vector<store::StoredAsset> assets;
  std::vector<store::StoredFile> files;
  std::vector<bundle::WalkTarget> targets;  ///< of a walk
  std::vector<SentCount> sent;              ///< of a walk
  std::vector<store::TargetState> states;   ///< of a store: how asking on schedule ended last
  std::vector<store::GroupRun> runs;        ///< of a store
  std::vector<std::string> rejected;        ///< records of the bundle that could not be read

  bool has_ledger() const { return source == Source::bundle; }
};

/// Everything that the store holds. `origin` is left for the caller.
Result<PlantReport> report_of(store::Store& store);

/// The bundle, by way of a store of its own that is removed again.
Result<PlantReport> report_of(const bundle::Bundle& bundle);

}  // namespace ot::agent::plant_report
