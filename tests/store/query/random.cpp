#include "tests/store/query/random.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/utf8.hpp"
#include "store/query/words.hpp"
#include "tests/store/omron.hpp"

namespace ot::store::query::test {
namespace {

using store::test::attachment;
using store::test::on_day;

constexpr auto kPieces = std::to_array<std::string_view>({
    "Siemens",
    "SIEMENS AG",
    "Omron",
    "relay",
    "Relay 1",
    "Relay-1",
    "relay_1",
    "S7-300",
    "s7",
    "300",
    "Größe",
    "GRÖSSE",
    "straße",
    "ς",
    "Σ",
    "İstanbul",
    "ılık",
    "Ω",
    "щит",
    "Ё",
    "日本語",
    "e\u0301",
    "50%",
    "%",
    "_",
    "a_b",
    "O'Brien",
    "say \"hi\"",
    "`tick`",
    "``",
    "');--",
    "\" OR \"",
    "'; DROP TABLE assets; --",
    "' OR '1'='1",
    "\x01\x02",
    "tab\there",
    "line\nbreak",
    "C:\\Users\\x",
    "and",
    "OR",
    "not",
    "null",
    "*",
    "a*b",
    "[a, b]",
    "(x)",
    ")",
    "10 MB",
    "1 .. 2",
    "2023-03-09",
    "name: x",
    "\uF600x",
    "\uF501",
    "\uF602",
    "\uFFFD",
    "\U0010FFFD",
    "+",
    "–",
    "…",
    "\u00A0",
    "NEAR(a b)",
    "a AND b",
    "^a",
    "a:b",
    "{a}",
    "V5.6 + HF1",
    "0",
    "1",
    "18",
    "6ES7 412-3HJ14-0AB0",
    "6es7412-3hj14-0ab0",
    "6ES7412",
    "3HJ14",
});

std::string text_or_nothing(Dice& dice) {
  return dice.one_in(3) ? std::string() : random_text(dice);
}

std::optional<std::uint32_t> number_or_nothing(Dice& dice) {
  return dice.one_in(3) ? std::nullopt : std::optional(static_cast<std::uint32_t>(dice.below(8)));
}

Hardware random_hardware(Dice& dice) {
  return {.vendor = text_or_nothing(dice),
          .model = text_or_nothing(dice),
          .product_name = text_or_nothing(dice),
          .category = static_cast<Category>(dice.below(12))};
}

Interface random_interface(Dice& dice) {
  Interface item = attachment(dice.one_in(3) ? "" : "10.0.0." + std::to_string(dice.below(60)));
  if (dice.one_in(2)) {
    item.mac_address = "00:0e:8c:00:00:0" + std::to_string(dice.below(10));
  }
  item.name = text_or_nothing(dice);
  item.subnet_mask = dice.one_in(2) ? "" : "255.255.255.0";
  item.gateway = dice.one_in(2) ? "" : "10.0.0.254";
  item.network = text_or_nothing(dice);
  item.device_name = text_or_nothing(dice);
  item.profibus_address = number_or_nothing(dice);
  item.mpi_address = number_or_nothing(dice);
  item.slot = number_or_nothing(dice);
  item.subslot = number_or_nothing(dice);
  return dice.one_in(8) ? Interface{} : item;
}

AddOn random_add_on(Dice& dice) {
  AddOn add_on;
  add_on.name = text_or_nothing(dice);
  add_on.type_id = text_or_nothing(dice);
  add_on.bus = text_or_nothing(dice);
  add_on.unit_address = std::to_string(dice.below(40));
  add_on.order_id = text_or_nothing(dice);
  add_on.serial_number = text_or_nothing(dice);
  add_on.firmware_version = text_or_nothing(dice);
  add_on.io_addresses = text_or_nothing(dice);
  add_on.hardware = random_hardware(dice);
  add_on.slave_address = number_or_nothing(dice);
  add_on.rack = number_or_nothing(dice);
  add_on.slot = number_or_nothing(dice);
  add_on.subslot = number_or_nothing(dice);
  add_on.confidence = static_cast<Confidence>(dice.below(4));
  return add_on;
}

/// Some words of the text that stand together.
std::string some_words(Dice& dice, const std::string& text) {
  const auto words = words_of(text);
  if (words.empty()) {
    return "x";
  }
  const std::size_t from = dice.below(words.size());
  const std::size_t count = 1 + dice.below(words.size() - from);
  std::string out;
  for (std::size_t i = from; i < from + count; ++i) {
    out += (out.empty() ? "" : dice.one_in(2) ? " " : "-") + std::string(words[i]);
  }
  return out;
}

std::string some_beginning(Dice& dice, const std::string& text) {
  std::size_t end = dice.below(text.size()) + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    ++end;
  }
  return text.substr(0, end);
}

}  // namespace

std::string random_text(Dice& dice) {
  std::string text;
  for (std::size_t i = dice.below(3); i < 3; ++i) {
    text += dice.one_of(kPieces);
    text += dice.one_in(3) ? "" : " ";
  }
  return dice.one_in(3) ? text : std::string(dice.one_of(kPieces));
}

Asset random_asset(Dice& dice) {
  Asset asset;
  asset.name = text_or_nothing(dice);
  asset.station = random_text(dice);
  asset.type_id = text_or_nothing(dice);
  asset.project_asset_id = std::to_string(dice.below(400));
  asset.bus = text_or_nothing(dice);
  asset.order_id = text_or_nothing(dice);
  asset.firmware_version = text_or_nothing(dice);
  asset.hardware = random_hardware(dice);
  asset.device_number = number_or_nothing(dice);
  asset.rack = number_or_nothing(dice);
  asset.slot = number_or_nothing(dice);
  asset.confidence = static_cast<Confidence>(dice.below(4));
  for (std::size_t i = dice.below(3); i > 0; --i) {
    asset.interfaces.push_back(random_interface(dice));
  }
  for (std::size_t i = dice.below(6); i > 0; --i) {
    asset.add_ons.push_back(random_add_on(dice));
  }
  for (std::uint32_t i = 0; i < dice.below(3); ++i) {
    asset.racks.push_back({i, text_or_nothing(dice), text_or_nothing(dice)});
    asset.details.push_back(
        {random_text(dice), random_text(dice), static_cast<Confidence>(dice.below(4))});
  }
  return asset;
}

store::test::Version random_version(Dice& dice) {
  store::test::Version version;
  version.path = "/plant/" + std::to_string(dice.below(40)) + ".cfg";
  version.content = std::to_string(dice.below(1'000'000));
  version.place = {text_or_nothing(dice), text_or_nothing(dice),
                   dice.one_in(2) ? "Hall 1" : "Production floor"};
  version.exported_at =
      dice.one_in(2) ? std::nullopt : std::optional(on_day(1 + static_cast<int>(dice.below(90))));
  for (std::size_t i = 1 + dice.below(4); i > 0; --i) {
    version.assets.push_back(random_asset(dice));
  }
  return version;
}

Observation random_observation(Dice& dice) {
  constexpr std::array<std::string_view, 4> kProtocols = {"fins", "enip", "modbus", "other"};
  Observation observation;
  observation.protocol = dice.one_of(kProtocols);
  observation.record = random_asset(dice);
  observation.record.project_asset_id = "";
  observation.record.racks.clear();
  const std::string address = "10.0.0." + std::to_string(dice.below(60));
  observation.record.interfaces = {attachment(address)};
  observation.record.serial_number = dice.one_in(2) ? "" : std::to_string(dice.below(50));
  observation.target = address + ":1";
  observation.at = on_day(1 + static_cast<int>(dice.below(90)));
  return observation;
}

Filters::Filters(Dice& dice, const Vocabulary& vocabulary, const std::vector<Json>& records)
    : dice_(dice), vocabulary_(vocabulary) {
  for (const Token& token : vocabulary.tokens()) {
    auto& values = values_[&token];
    for (const Json& record : records) {
      const auto more = values_of(token, record);
      values.insert(values.end(), more.begin(), more.end());
    }
  }
  for (const Group& group : vocabulary.groups()) {
    if (group.list != List::none && group.path.find('.') == std::string_view::npos) {
      lists_.push_back(&group);
    }
  }
}

Text Filters::text(const Token& token) {
  const auto& values = values_[&token];
  const bool known = !values.empty() && !dice_.one_in(5);
  std::string value = known ? dice_.one_of(values).get<std::string>() : random_text(dice_);
  value = dice_.one_in(3) ? fold(value) : value;
  if (token.type == Type::order_number) {
    value = without_blanks(value);
  }
  const auto form = static_cast<Text::Form>(dice_.below(3));
  if (form == Text::Form::phrase || value.empty()) {
    const std::string words = some_words(dice_, value);
    const bool order_number = token.type == Type::order_number;
    return {Text::Form::phrase, order_number ? without_blanks(words) : words};
  }
  return {form, form == Text::Form::prefix ? some_beginning(dice_, value) : value};
}

std::int64_t Filters::number(const Token& token) {
  const auto& values = values_[&token];
  std::int64_t near = token.type == Type::date ? on_day(30).time_since_epoch().count() : 4;
  if (!values.empty() && !dice_.one_in(5)) {
    const Json& value = dice_.one_of(values);
    near = token.type == Type::date
               ? parse_iso8601(value.get<std::string>())->time_since_epoch().count()
               : value.get<std::int64_t>();
  }
  return near + static_cast<std::int64_t>(dice_.below(5)) - 2;
}

Node Filters::comparison(const Token& token) {
  Node node{.token = &token};
  if (dice_.one_in(8)) {
    return node;
  }
  if (token.type == Type::text || token.type == Type::order_number) {
    AnyText texts = {text(token)};
    while (dice_.one_in(4)) {
      texts.push_back(text(token));
    }
    node.what = std::move(texts);
    return node;
  }
  const auto [from, to] = std::minmax({number(token), number(token)});
  Between range{from, to};
  if (dice_.one_in(4)) {
    range.from = std::numeric_limits<std::int64_t>::min();
  } else if (dice_.one_in(4)) {
    range.to = std::numeric_limits<std::int64_t>::max();
  }
  node.what = range;
  return node;
}

Node Filters::of_element(const Group& group, std::size_t depth) {
  Node node{.kind = Node::Kind::group, .group = &group};
  if (!dice_.one_in(8)) {
    node.parts.push_back(this->node(depth, &group));
  }
  return node;
}

Node Filters::joined(Node::Kind kind, std::size_t depth, const Group* group) {
  Node node{.kind = kind};
  for (std::size_t i = 2 + dice_.below(2); i > 0; --i) {
    node.parts.push_back(this->node(depth, group));
  }
  return node;
}

Node Filters::node(std::size_t depth, const Group* group) {
  if (depth > 0 && !dice_.one_in(4)) {
    const auto what = dice_.below(group == nullptr && !lists_.empty() ? 4 : 3);
    if (what < 2) {
      return joined(static_cast<Node::Kind>(what), depth - 1, group);
    }
    if (what == 3) {
      return of_element(*dice_.one_of(lists_), depth - 1);
    }
    Node negation{.kind = Node::Kind::negation};
    negation.parts.push_back(node(depth - 1, group));
    return negation;
  }
  const auto tokens = vocabulary_.tokens();
  for (;;) {
    const Token& token = tokens[dice_.below(tokens.size())];
    if (group == nullptr || token.list == group->list) {
      return comparison(token);
    }
  }
}

Node Filters::make(std::size_t depth) {
  return node(depth, nullptr);
}

}  // namespace ot::store::query::test
