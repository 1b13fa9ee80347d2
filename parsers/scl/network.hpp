#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <pugixml.hpp>

#include "base/records.hpp"

namespace ot::parsers::scl {

/// The access points of the Communication section, by IED.
class Network {
 public:
  /// The tree must outlive it.
  explicit Network(pugi::xml_node scl);

  /// How many access points there are in all.
  std::size_t size() const { return size_; }

  /// The interfaces of an IED, in the order of the file; handed out once.
  std::vector<Interface> take(std::string_view ied);

  /// What nobody has taken: access points of IEDs that the file lacks.
  std::vector<std::string_view> names_left() const;

 private:
  std::map<std::string_view, std::vector<Interface>> by_ied_;
  std::size_t size_ = 0;
};

}  // namespace ot::parsers::scl
