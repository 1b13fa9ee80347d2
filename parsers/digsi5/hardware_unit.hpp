#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "parsers/parser.hpp"

namespace ot::parsers::digsi5 {

/// What one element of a TEA-X document says of a piece of hardware, in its
/// attributes and its child elements. Values are believed by their grammar.
class HardwareUnit {
 public:
  enum class Field : std::uint8_t {
    product_code,
    short_product_code,
    serial_number,
    firmware_version,
    display_name,
  };

  /// The field that an element or attribute of this local name holds.
  static std::optional<Field> field_of(std::string_view local_name);

  void put(Field field, std::string_view value);

  /// Whether it names what only hardware has, valid or not.
  bool is_hardware() const;

  /// Whether it has one whole product code.
  bool is_device() const;

  /// The device, without the values that are not of their grammar.
  Asset asset(Warnings& warnings) const;

 private:
  struct Value {
    std::string text;  ///< the first one
    bool disputed = false;
  };

  const Value& value(Field field) const { return values_[static_cast<std::size_t>(field)]; }
  std::string checked(Field field, Warnings& warnings) const;

  std::array<Value, 5> values_;
};

}  // namespace ot::parsers::digsi5
