#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/bundle/bundle.hpp"
#include "base/ipv4.hpp"
#include "protocols/link/ledger.hpp"

namespace ot::agent::bundle {

/// Turns what a ledger holds of one area into a scene for the simulated plant: each target that
/// said something is a host that answers again as it did. tests/plant/README.md has the form.
class SceneMaker {
 public:
  /// The next entry of the ledger.
  void add(const protocols::link::LedgerEntry& entry);

  /// TOML. Addresses that are not those of a loopback become such, with the same last three
  /// numbers where these are free.
  std::string text() const;

  /// Hosts and serial lines of the scene.
  std::size_t size() const;

 private:
  struct Exchange {
    std::string request;
    std::vector<std::string> answers;
    bool ended = false;   ///< it is known what came of it
    bool closes = false;  ///< then the device ended the connection
  };
  struct Port {
    std::vector<Exchange> exchanges;
    bool took_connection = false;
    bool heard = false;  ///< or at least not refused, for datagrams

    bool is_open(protocols::link::Wire wire) const;
  };
  using Key = std::pair<std::string, protocols::link::Wire>;  ///< target and wire

  static std::string port_text(const Key& key, const Port& port);
  static std::string exchange_text(const Exchange& exchange, std::string_view table);
  std::map<Ipv4, std::vector<Key>> hosts() const;

  std::map<Key, Port> ports_;
};

/// A scene, and where it goes.
struct SceneFile {
  std::string path;
  std::string text;
  std::size_t hosts = 0;
};

/// A scene of each area of the bundle. Where there are several, each has a file of its own:
/// "plant.toml" becomes "plant-Hall-1.toml". Errors: malformed.
Result<std::vector<SceneFile>> scenes_of(const Bundle& bundle, const std::string& path);

}  // namespace ot::agent::bundle
