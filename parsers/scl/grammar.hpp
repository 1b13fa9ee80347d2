#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/records.hpp"

/// What values must look like before they are believed.
namespace ot::parsers::scl {

/// A whole long product code of SIPROTEC 5: "7UT85-DAAA-AA0-0AAAA0-A20111-...".
bool is_long_product_code(std::string_view text);

/// A type of the SIPROTEC families that protect: 7S.., 7U.., 7V.., 6MD..
/// Merging units (6MU) and recorders (7KE) are none.
bool is_siprotec_relay(std::string_view type);

/// "SEL-411L", "SEL_451-2": a model number whose series is known to protect.
bool is_sel_relay(std::string_view model);

/// "REL670", "RED615": an ABB Relion terminal that protects or controls a bay.
bool is_abb_relay(std::string_view model);

/// Of a SIPROTEC 5 plug-in module: "ETH-BD-2FO" and "USART-AB-1EL" communicate,
/// "ANAI-CA-4EL" measures; unknown for everything else.
Category module_category(std::string_view module);

/// A serial number that can't be a placeholder such as "01", "00000000",
/// "123456" or "n/a": 5 to 40 printable characters with three digits at least,
/// not all of them alike and not counting up from one.
bool is_plausible_serial(std::string_view text);

/// Plain dotted decimal of a configured address; leading zeros are dropped.
/// Nothing for 0.0.0.0, loopback, or what is no IPv4 address.
std::optional<std::string> ipv4(std::string_view text);

/// "00:0e:8c:12:34:56" of "00-0E-8C-12-34-56". Nothing for group addresses
/// (GOOSE and sampled values are sent to such) and for all zeros.
std::optional<std::string> station_mac(std::string_view text);

}  // namespace ot::parsers::scl
