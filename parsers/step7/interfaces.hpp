#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/records.hpp"
#include "parsers/step7/record.hpp"

namespace ot::parsers::step7 {

/// "192.168.112.201" for C0A870C9; empty for anything else and for 0.0.0.0.
std::string dotted(std::string_view hex);

/// "00:0e:8c:12:34:56" for 12 hex digits; empty for anything else.
std::string mac_text(std::string_view hex);

/// Whether the address is of the range that STEP 7 gives to every new interface.
bool is_default_mac(std::string_view mac_text);

/// Who owns an interface: an IO device is on its IO system without a linked subnet.
enum class Owner : std::uint8_t { controller, io_device };

/// Reads the addresses of records. It knows the subnets, which stand in front.
class InterfaceReader {
 public:
  explicit InterfaceReader(CodePage page) : page_(page) {}

  void add_subnet(const Record& record);

  /// The interface that the record describes, if any of its addresses is in use.
  std::optional<Interface> read(const Record& record, Owner owner) const;

 private:
  void read_ip(const Record& record, Interface& interface) const;
  void read_bus(const Record& record, Interface& interface) const;

  CodePage page_;
  std::map<std::string, std::string, std::less<>> type_of_subnet_;
};

}  // namespace ot::parsers::step7
