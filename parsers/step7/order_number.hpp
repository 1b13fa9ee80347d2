#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/records.hpp"

namespace ot::parsers::step7 {

/// What kind of module an order number stands for.
enum class ModuleClass : std::uint8_t {
  unknown,
  rack,
  power_supply,
  cpu,
  interface,
  synchronization,
  digital,
  analog,
  function,
  communication,
};

Category category_of(ModuleClass module_class);

/// The length of the Siemens order number (MLFB) at the start of the text, with
/// or without its blank, wildcards included; 0 if there is none.
std::size_t order_number_length(std::string_view text);

/// "6ES7412-3HJ14-0AB0" for "6ES7 412-3HJ14-0AB0".
std::string without_blank(std::string_view order_number);

struct OrderFacts {
  ModuleClass module_class = ModuleClass::unknown;
  std::string_view family;  ///< "SIMATIC S7-400"; empty if not sure
  std::string designation;  ///< "CP 443-1"; empty if not sure
};

/// What the order number (without blank) says by the table; unknown stays empty.
OrderFacts facts_of(std::string_view order_id);

}  // namespace ot::parsers::step7
