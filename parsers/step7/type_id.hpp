#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/records.hpp"
#include "parsers/step7/order_number.hpp"

namespace ot::parsers::step7 {

/// The forms that the first string of a record takes.
enum class TypeForm : std::uint8_t {
  order_number,  ///< 6ES7 318-2AJ00-0AB0, also behind a catalogue prefix (V1_1:)
  internal,      ///< _S7H_..._CT: infrastructure without an order number
  gsd_file,      ///< B754_S34.GSG: the head of a foreign PROFIBUS slave
  gsd_module,    ///< 75x-430 8DI/24V DC/3.0ms
  pa_device,     ///< META\PA139700.GSD\PA Profile 3 - Transmitter
  gsdml,         ///< GSDML-V2.4-Siemens-002A-SCALANCE_XC200-20210310.xml<DAP 4F>
};

/// What the first string of a record says about the thing it names.
struct TypeId {
  TypeForm form = TypeForm::gsd_module;
  std::string text;           ///< the whole of it
  bool continuation = false;  ///< "*..." goes on with the module before it
  std::string order_id;
  ModuleClass module_class = ModuleClass::unknown;
  Hardware hardware;
};

/// `text` is the string as UTF-8.
TypeId read_type_id(std::string text);

}  // namespace ot::parsers::step7
