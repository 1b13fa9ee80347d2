#include "base/records.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/number.hpp"

namespace ot {
namespace {

/// The value's own name in a table that is ordered as the enumeration is.
template <class Enum, std::size_t Count>
std::string_view name_of(Enum value, const std::array<std::string_view, Count>& names) {
  const auto index = static_cast<std::size_t>(value);
  return index < names.size() ? names[index] : std::string_view{};
}

template <class Enum, std::size_t Count>
std::optional<Enum> value_of(std::string_view text,
                             const std::array<std::string_view, Count>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) {
      return static_cast<Enum>(i);
    }
  }
  return std::nullopt;
}

constexpr std::array<std::string_view, 4> kConfidences = {"confirmed", "schema", "declared",
                                                          "heuristic"};
constexpr std::array<std::string_view, 2> kOrigins = {"configured", "observed"};
constexpr std::array<std::string_view, 4> kStatuses = {"Importing", "Imported", "Deleted",
                                                       "Failed"};
constexpr std::array<std::string_view, 12> kCategories = {
    "",
    "Programmable Logic Controller (PLC)",
    "Communication Module",
    "I/O Module",
    "Power Supply",
    "Interface Module",
    "Function Module",
    "Synchronization Module",
    "Rack",
    "Protection Relay",
    "Network Switch",
    "HMI",
};

}  // namespace

std::string_view to_string(Confidence confidence) {
  return name_of(confidence, kConfidences);
}
std::optional<Confidence> confidence_from(std::string_view text) {
  return value_of<Confidence>(text, kConfidences);
}

std::string_view to_string(Origin origin) {
  return name_of(origin, kOrigins);
}

std::optional<Origin> origin_from(std::string_view text) {
  return value_of<Origin>(text, kOrigins);
}

std::string_view to_string(Category category) {
  return name_of(category, kCategories);
}
Category category_from(std::string_view text) {
  return value_of<Category>(text, kCategories).value_or(Category::unknown);
}

std::string_view to_string(FileStatus status) {
  return name_of(status, kStatuses);
}
std::optional<FileStatus> file_status_from(std::string_view text) {
  return value_of<FileStatus>(text, kStatuses);
}

const Interface* primary_interface(const std::vector<Interface>& interfaces) {
  const auto first_with = [&interfaces](std::string Interface::*member) {
    const auto found =
        std::find_if(interfaces.begin(), interfaces.end(),
                     [member](const Interface& item) { return !(item.*member).empty(); });
    return found == interfaces.end() ? nullptr : &*found;
  };
  const Interface* addressed = first_with(&Interface::address);
  return addressed != nullptr ? addressed : first_with(&Interface::mac_address);
}

std::string slave_address_text(std::uint32_t address) {
  return fmt::format("{:#010x}", address);
}
std::optional<std::uint32_t> slave_address_from(std::string_view text) {
  constexpr std::string_view kHexadecimal = "0x";
  return text.starts_with(kHexadecimal)
             ? whole_number<std::uint32_t>(text.substr(kHexadecimal.size()), 16)
             : std::nullopt;
}

}  // namespace ot
