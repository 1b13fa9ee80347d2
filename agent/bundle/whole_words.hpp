#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "agent/bundle/manifest.hpp"
#include "store/inbox.hpp"

namespace ot::agent::bundle {

/// Which answers of a walk were whole, by its observations: a module that such an answer does not
/// name was not there.
class WholeWords {
 public:
  WholeWords(const Manifest& manifest, std::string_view observations);

  /// What follows for an asset of the walk.
  store::Walked of(const store::SentAsset& asset) const;

  /// Whether all that was heard of it was whole. Of what nothing is said, too.
  bool is_whole(const store::SentAsset& asset) const;

 private:
  struct Said {
    bool whole = false;
    bool names_modules = false;
  };

  std::string speaker(const std::string& area, const std::string& protocol) const;

  std::map<std::tuple<std::string, std::string, std::string>, Said>
      said_;                                  ///< area, protocol, target
  std::map<std::string, std::string> units_;  ///< by area: Modbus unit ids that were asked for
  bool read_projects_ = false;
};

}  // namespace ot::agent::bundle
