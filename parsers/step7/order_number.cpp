#include "parsers/step7/order_number.hpp"

#include <algorithm>
#include <array>

namespace ot::parsers::step7 {
namespace {

constexpr std::string_view kS7300 = "SIMATIC S7-300";
constexpr std::string_view kS7400 = "SIMATIC S7-400";
constexpr std::string_view kEt200m = "SIMATIC ET 200M";
constexpr std::string_view kEt200s = "SIMATIC ET 200S";
constexpr std::string_view kEt200sp = "SIMATIC ET 200SP";
constexpr std::string_view kEt200spHa = "SIMATIC ET 200SP HA";
constexpr std::string_view kEt200pro = "SIMATIC ET 200pro";
constexpr std::string_view kCfu = "SIMATIC CFU";

/// How the catalogue name is made from the order number: SM 331 of 6ES7 331-...,
/// IM 153-2 of 6ES7 153-2....
enum class Naming : std::uint8_t { none, group, group_and_number };

struct Row {
  std::string_view prefix;  ///< of the order number without its blank
  ModuleClass module_class;
  std::string_view family;
  std::string_view letters = {};  ///< of the catalogue name
  Naming naming = Naming::none;
};

using enum ModuleClass;
using enum Naming;

/// The longest prefix that fits decides. Siemens' order numbers of S7-300,
/// S7-400 and the ET 200 families; what is not here is not guessed.
constexpr std::array kRows = {
    Row{"6ES7390", rack, kS7300},
    Row{"6ES7400", rack, kS7400},
    Row{"6ES7401", rack, kS7400},
    Row{"6ES7403", rack, kS7400},
    Row{"6ES7305", power_supply, kS7300, "PS", group},
    Row{"6ES7307", power_supply, kS7300, "PS", group},
    Row{"6ES7405", power_supply, kS7400, "PS", group},
    Row{"6ES7407", power_supply, kS7400, "PS", group},
    Row{"6ES731", cpu, kS7300, "CPU", group},
    Row{"6ES741", cpu, kS7400, "CPU", group},
    Row{"6ES7151-7", cpu, kEt200s},
    Row{"6ES7151-8", cpu, kEt200s},
    Row{"6ES7154-8", cpu, kEt200pro},
    Row{"6ES7611", cpu, {}},
    Row{"6ES7671", cpu, {}},
    Row{"6ES7677", cpu, {}},
    Row{"6ES7360", interface, kS7300, "IM", group},
    Row{"6ES7361", interface, kS7300, "IM", group},
    Row{"6ES7365", interface, kS7300, "IM", group},
    Row{"6ES7460", interface, kS7400, "IM", group},
    Row{"6ES7461", interface, kS7400, "IM", group},
    Row{"6ES7151", interface, kEt200s, "IM", group_and_number},
    Row{"6ES7152", interface, {}, "IM", group_and_number},
    Row{"6ES7153", interface, kEt200m, "IM", group_and_number},
    Row{"6ES7154", interface, kEt200pro, "IM", group_and_number},
    Row{"6ES7155", interface, {}, "IM", group_and_number},
    Row{"6ES7155-6", interface, kEt200sp, "IM", group_and_number},
    Row{"6DL1155", interface, kEt200spHa, "IM", group_and_number},
    Row{"6DL1", unknown, kEt200spHa},
    Row{"6ES7960", synchronization, kS7400},
    Row{"6ES7321", digital, kS7300, "SM", group},
    Row{"6ES7322", digital, kS7300, "SM", group},
    Row{"6ES7323", digital, kS7300, "SM", group},
    Row{"6ES7326", digital, kS7300, "SM", group},
    Row{"6ES7327", digital, kS7300, "SM", group},
    Row{"6ES7421", digital, kS7400, "SM", group},
    Row{"6ES7422", digital, kS7400, "SM", group},
    Row{"6ES7131", digital, {}},
    Row{"6ES7132", digital, {}},
    Row{"6ES7131-4", digital, kEt200s},
    Row{"6ES7132-4", digital, kEt200s},
    Row{"6ES7131-6", digital, kEt200sp},
    Row{"6ES7132-6", digital, kEt200sp},
    Row{"6ES7331", analog, kS7300, "SM", group},
    Row{"6ES7332", analog, kS7300, "SM", group},
    Row{"6ES7334", analog, kS7300, "SM", group},
    Row{"6ES7335", analog, kS7300, "SM", group},
    Row{"6ES7336", analog, kS7300, "SM", group},
    Row{"6ES7431", analog, kS7400, "SM", group},
    Row{"6ES7432", analog, kS7400, "SM", group},
    Row{"6ES7134", analog, {}},
    Row{"6ES7135", analog, {}},
    Row{"6ES7134-4", analog, kEt200s},
    Row{"6ES7135-4", analog, kEt200s},
    Row{"6ES7134-6", analog, kEt200sp},
    Row{"6ES7135-6", analog, kEt200sp},
    Row{"6ES735", function, kS7300, "FM", group},
    Row{"6ES745", function, kS7400, "FM", group},
    Row{"6ES7340", communication, kS7300, "CP", group},
    Row{"6ES7341", communication, kS7300, "CP", group},
    Row{"6ES7440", communication, kS7400, "CP", group},
    Row{"6ES7441", communication, kS7400, "CP", group},
    Row{"6ES7137", communication, {}},
    Row{"6ES7137-6", communication, kEt200sp},
    Row{"6GK7342", communication, kS7300, "CP", group_and_number},
    Row{"6GK7343", communication, kS7300, "CP", group_and_number},
    Row{"6GK7443", communication, kS7400, "CP", group_and_number},
    Row{"6ES7193-6", unknown, kEt200sp},
    Row{"6ES7193-4", unknown, kEt200s},
    Row{"6ES7655-5PX", unknown, kCfu},
};

constexpr auto kByPrefix = [] {
  auto rows = kRows;
  std::sort(rows.begin(), rows.end(),
            [](const Row& a, const Row& b) { return a.prefix < b.prefix; });
  return rows;
}();

/// In order of their prefixes the one that fits comes before the order number,
/// and what lies between the two begins alike.
const Row* row_of(std::string_view order_id) {
  constexpr std::size_t kShortest = 4;
  const auto* row =
      std::upper_bound(kByPrefix.begin(), kByPrefix.end(), order_id,
                       [](std::string_view id, const Row& known) { return id < known.prefix; });
  while (row != kByPrefix.begin()) {
    --row;
    if (order_id.starts_with(row->prefix)) {
      return row;
    }
    if (row->prefix.substr(0, kShortest) != order_id.substr(0, kShortest)) {
      break;
    }
  }
  return nullptr;
}

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_part(char c) {
  return is_digit(c) || is_upper(c) || c == '?';
}

/// Whether `count` characters of a block follow; drops them.
bool take_block(std::string_view& text, std::size_t count) {
  if (text.size() < count) {
    return false;
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_part(text[i])) {
      return false;
    }
  }
  text.remove_prefix(count);
  return true;
}

bool take_dash(std::string_view& text) {
  if (!text.starts_with('-')) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

std::string joined(std::string_view letters, std::string_view number) {
  std::string name(letters);
  name += ' ';
  name += number;
  return name;
}

std::string designation_of(const Row& row, std::string_view order_id) {
  const auto group = order_id.substr(4, 3);
  switch (row.naming) {
    case Naming::group_and_number: return joined(row.letters, order_id.substr(4, 5));
    case Naming::group:
      // 6ES7 412-3HJ14: the H system CPUs bear their number and letter in the order number.
      if (row.module_class == cpu && row.family == kS7400 && order_id[9] == 'H') {
        return joined(row.letters, order_id.substr(4, 6));
      }
      return joined(row.letters, group);
    case Naming::none: break;
  }
  return {};
}

}  // namespace

Category category_of(ModuleClass module_class) {
  switch (module_class) {
    case rack: return Category::rack;
    case power_supply: return Category::power_supply;
    case cpu: return Category::plc;
    case interface: return Category::interface;
    case synchronization: return Category::synchronization;
    case digital:
    case analog: return Category::io;
    case ModuleClass::function: return Category::function;
    case communication: return Category::communication;
    case unknown: break;
  }
  return Category::unknown;
}

/// 6ES7 318-2AJ00-0AB0: digit, two letters, letter or digit, blank, blocks of 3, 5 and 4.
std::size_t order_number_length(std::string_view text) {
  const auto whole = text.size();
  if (whole < 4 || !is_digit(text[0]) || !is_upper(text[1]) || !is_upper(text[2]) ||
      !(is_digit(text[3]) || is_upper(text[3]))) {
    return 0;
  }
  text.remove_prefix(4);
  if (text.starts_with(' ')) {
    text.remove_prefix(1);
  }
  if (!take_block(text, 3) || !take_dash(text) || !take_block(text, 5) || !take_dash(text) ||
      !take_block(text, 4)) {
    return 0;
  }
  const bool ends = text.empty() || !is_part(text[0]);
  return ends ? whole - text.size() : 0;
}

std::string without_blank(std::string_view order_number) {
  std::string id(order_number);
  std::erase(id, ' ');
  return id;
}

OrderFacts facts_of(std::string_view order_id) {
  const auto* row = row_of(order_id);
  if (row == nullptr || order_number_length(order_id) == 0) {
    return {};
  }
  return {.module_class = row->module_class,
          .family = row->family,
          .designation = designation_of(*row, order_id)};
}

}  // namespace ot::parsers::step7
