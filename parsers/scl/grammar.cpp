#include "parsers/scl/grammar.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"

namespace ot::parsers::scl {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_code_letter(char c) {
  return is_digit(c) || is_upper(c);
}

/// The pieces between separators; more than `most` give an empty list.
std::vector<std::string_view> split(std::string_view text, char separator, std::size_t most) {
  std::vector<std::string_view> pieces;
  while (pieces.size() < most) {
    const auto end = text.find(separator);
    pieces.push_back(text.substr(0, end));
    if (end == text.npos) {
      return pieces;
    }
    text.remove_prefix(end + 1);
  }
  return {};
}

bool is_siprotec5_type(std::string_view text) {
  constexpr std::array<std::string_view, 17> kFamilies = {"6MD", "6MU", "7KE", "7SA", "7SC", "7SD",
                                                          "7SJ", "7SK", "7SL", "7SS", "7ST", "7SX",
                                                          "7SY", "7UM", "7UT", "7VE", "7VK"};
  const bool known = std::any_of(kFamilies.begin(), kFamilies.end(),
                                 [&](std::string_view family) { return text.starts_with(family); });
  return text.size() == 5 && (known || text.starts_with("7VU")) && text[3] == '8' &&
         is_digit(text[4]);
}

/// Digits at the start of the text, up to `most`.
std::string_view leading_digits(std::string_view text, std::size_t most) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  return count > most ? std::string_view{} : text.substr(0, count);
}

std::optional<std::uint32_t> octet(std::string_view text) {
  if (text.empty() || leading_digits(text, 3).size() != text.size()) {
    return std::nullopt;
  }
  std::uint32_t value = 0;
  for (const char c : text) {
    value = value * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return value <= 255 ? std::optional(value) : std::nullopt;
}

}  // namespace

bool is_long_product_code(std::string_view text) {
  constexpr std::array<std::size_t, 4> kFirst = {5, 4, 3, 6};
  const auto groups = split(text, '-', 12);
  if (groups.size() < kFirst.size() || !is_siprotec5_type(groups[0]) ||
      !std::all_of(text.begin(), text.end(),
                   [](char c) { return is_code_letter(c) || c == '-'; })) {
    return false;
  }
  for (std::size_t i = 0; i < kFirst.size(); ++i) {
    if (groups[i].size() != kFirst[i]) {
      return false;
    }
  }
  std::size_t at = kFirst.size();
  const auto run_of = [&](std::size_t length) {
    const auto from = at;
    while (at < groups.size() && groups[at].size() == length) {
      ++at;
    }
    return at - from;
  };
  const auto sixes = run_of(6);
  const auto threes = run_of(3);
  return at == groups.size() && sixes >= 3 && sixes <= 6 && threes <= 2;
}

bool is_siprotec_relay(std::string_view type) {
  const bool family = type.starts_with("7S") || type.starts_with("7U") || type.starts_with("7V") ||
                      type.starts_with("6MD");
  return family && type.size() >= 5 && is_digit(type[4]);
}

bool is_sel_relay(std::string_view model) {
  // Meters (735), merging units (401) and controllers (3530) of SEL bear such numbers too.
  constexpr std::array<std::string_view, 12> kSeries = {"311", "351", "387", "400", "411", "421",
                                                        "451", "487", "700", "710", "751", "787"};
  if (!model.starts_with("SEL-") && !model.starts_with("SEL_")) {
    return false;
  }
  const auto series = leading_digits(model.substr(4), 3);
  return std::find(kSeries.begin(), kSeries.end(), series) != kSeries.end();
}

bool is_abb_relay(std::string_view model) {
  // Bay, busbar, control, differential, feeder, generator, line, motor, breaker,
  // transformer, voltage, all in one; RES measures phasors.
  constexpr std::string_view kKinds = "BCDFGLMQTUX";
  return model.starts_with("RE") && model.size() >= 6 && kKinds.find(model[2]) != kKinds.npos &&
         leading_digits(model.substr(3), 3).size() == 3;
}

Category module_category(std::string_view module) {
  constexpr std::array<std::string_view, 3> kMedia = {"EL", "FO", "LDFO"};
  const auto pieces = split(module, '-', 3);
  if (pieces.size() != 3 || pieces[1].size() != 2 || !is_upper(pieces[1][0]) ||
      !is_upper(pieces[1][1]) || pieces[2].size() < 3 || pieces[2][0] < '1' || pieces[2][0] > '4' ||
      std::find(kMedia.begin(), kMedia.end(), pieces[2].substr(1)) == kMedia.end()) {
    return Category::unknown;
  }
  if (pieces[0] == "ETH" || pieces[0] == "USART") {
    return Category::communication;
  }
  return pieces[0] == "ANAI" ? Category::io : Category::unknown;
}

bool is_plausible_serial(std::string_view text) {
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!printable || text.size() < 5 || text.size() > 40) {
    return false;
  }
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), is_digit);
  const bool alike = digits.find_first_not_of(digits.substr(0, 1)) == digits.npos;
  constexpr std::string_view kCounting = "01234567890";
  return digits.size() >= 3 && !alike && kCounting.find(digits) == kCounting.npos;
}

std::optional<std::string> ipv4(std::string_view text) {
  const auto pieces = split(text, '.', 4);
  if (pieces.size() != 4) {
    return std::nullopt;
  }
  std::array<std::uint32_t, 4> octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const auto value = octet(pieces[i]);
    if (!value) {
      return std::nullopt;
    }
    octets[i] = *value;
  }
  const bool unset = octets == std::array<std::uint32_t, 4>{};
  if (unset || octets[0] == 127) {
    return std::nullopt;
  }
  return fmt::format("{}.{}.{}.{}", octets[0], octets[1], octets[2], octets[3]);
}

std::optional<std::string> station_mac(std::string_view text) {
  auto mac = to_lower_ascii(text);
  std::replace(mac.begin(), mac.end(), '-', ':');
  const auto pieces = split(mac, ':', 6);
  const auto is_hex_pair = [](std::string_view pair) {
    return pair.size() == 2 && pair.find_first_not_of("0123456789abcdef") == pair.npos;
  };
  if (pieces.size() != 6 || !std::all_of(pieces.begin(), pieces.end(), is_hex_pair)) {
    return std::nullopt;
  }
  // The lowest bit of the first octet marks a group address (IEEE 802, 8.2.2).
  const bool group = std::string_view("13579bdf").find(mac[1]) != std::string_view::npos;
  const bool unset = mac.find_first_not_of("0:") == mac.npos;
  return group || unset ? std::nullopt : std::optional(std::move(mac));
}

}  // namespace ot::parsers::scl
