#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include <pugixml.hpp>

namespace ot::parsers::scl {

/// PhyNam, the name plate of a physical device (IEC 61850-7-3, class DPL).
struct NamePlate {
  std::string vendor;
  std::string model;
  std::string hardware_revision;  ///< hwRev; SIPROTEC 5 puts the product code there
  std::string software_revision;  ///< swRev
  std::string serial_number;      ///< serNum

  /// Whether it says more than who made the device.
  bool is_telling() const;
};

/// Name plates of the IEDs of one file. A value stands in the instance or in
/// the data type template of its logical node; the instance wins.
class NamePlates {
 public:
  /// The tree must outlive it.
  explicit NamePlates(pugi::xml_node scl);
  NamePlates(const NamePlates&) = delete;
  NamePlates& operator=(const NamePlates&) = delete;

  /// Of the first logical device that has a telling one: further devices of an
  /// IED may stand for functions, or for other hardware behind a gateway.
  NamePlate of(pugi::xml_node ied) const;

 private:
  NamePlate of_node(pugi::xml_node lphd) const;

  std::unordered_map<std::string_view, NamePlate> by_object_type_;
  std::unordered_map<std::string_view, const NamePlate*> by_node_type_;
};

}  // namespace ot::parsers::scl
