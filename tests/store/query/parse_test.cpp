#include <array>
#include <string>

#include "base/utf8.hpp"
#include "store/query/ast.hpp"
#include "store/query/columns.hpp"
#include "store/query/filter.hpp"
#include "store/query/vocabulary.hpp"
#include "store/query/words.hpp"
#include "tests/catch.hpp"

namespace ot::store::query::test {
namespace {

const Time kNow = *parse_iso8601("2024-03-31T12:30:00.500Z");

struct Meaning {
  std::string_view filter;
  std::string_view text;
};

struct Refusal {
  std::string_view filter;
  std::uint64_t at;
  std::string_view message;
};

void check(const Meaning& meaning, const Vocabulary& vocabulary) {
  INFO(meaning.filter);
  const auto filter = parse(meaning.filter, vocabulary, kNow);
  INFO((filter ? "" : filter.error().text()));
  REQUIRE(filter.has_value());
  CHECK(filter->text() == meaning.text);
  const auto again = parse(filter->text(), vocabulary, kNow);
  REQUIRE(again.has_value());
  CHECK(*again == *filter);
}

void check(const Refusal& refusal, const Vocabulary& vocabulary) {
  INFO(refusal.filter);
  const auto filter = parse(refusal.filter, vocabulary, kNow);
  REQUIRE_FALSE(filter.has_value());
  CHECK(filter.error().code() == Errc::wrong_use);
  CHECK(filter.error().message() == refusal.message);
  CHECK(filter.error().position() == Position::offset(refusal.at));
}

constexpr auto kOfFiles = std::to_array<Meaning>({
    {"vendor : \"Siemens\"", "vendor: \"Siemens\""},
    {"VENDOR:siemens", "vendor: \"siemens\""},
    {"plantLocation: Production floor", "plantLocation: [\"Production\", \"floor\"]"},
    {"engineeringToolVersion: V5.6 + HF1", "engineeringToolVersion: [\"V5.6\", \"HF1\"]"},
    {"name: Rel*", "name: `Rel`*"},
    {"name: 'it''s'", "name: `it's`"},
    {"status: [Imported, Deleted]", "status: [\"Imported\", \"Deleted\"]"},
    {"status: (Imported, Deleted)", "status: [\"Imported\", \"Deleted\"]"},
    {"vendor: *", "vendor: *"},
    {"vendor is null", "not vendor: *"},
    {"not vendor IS NULL", "not not vendor: *"},
    {"assetCount: 1000", "assetCount: 1000"},
    {"assetCount = '7'", "assetCount: 7"},
    {"assetCount > 5", "assetCount >= 6"},
    {"assetCount < -5", "assetCount <= -6"},
    {"assetCount >= 10 MB", "assetCount >= 10485760"},
    {"assetCount: [2 .. 9]", "assetCount: [2 .. 9]"},
    {"assetCount:(2...9)", "assetCount: [3 .. 8]"},
    {"assetCount: [1KB, 2 gb]", "assetCount: 1024 or assetCount: 2147483648"},
    {"lastUpdated: 2023-03-09T11:06:15.351Z", "lastUpdated: 2023-03-09T11:06:15.351Z"},
    {"lastUpdated: 2023-03-09",
     "lastUpdated: [2023-03-09T00:00:00.000Z .. 2023-03-09T23:59:59.999Z]"},
    {"lastUpdated: 2023-03-09T11:06Z",
     "lastUpdated: [2023-03-09T11:06:00.000Z .. 2023-03-09T11:06:59.999Z]"},
    {"lastUpdated: 2023-03-09T11:06:15Z",
     "lastUpdated: [2023-03-09T11:06:15.000Z .. 2023-03-09T11:06:15.999Z]"},
    {"lastUpdated > 2023-03-09", "lastUpdated >= 2023-03-10T00:00:00.000Z"},
    {"lastUpdated <= 2023-03-09", "lastUpdated <= 2023-03-09T23:59:59.999Z"},
    {"lastUpdated < now", "lastUpdated <= 2024-03-31T12:30:00.499Z"},
    {"lastUpdated: [now-7d ... NOW]",
     "lastUpdated: [2024-03-24T12:30:00.500Z .. 2024-03-31T12:30:00.500Z]"},
    {"lastUpdated: (now-1w .. now-1s)",
     "lastUpdated: [2024-03-24T12:30:00.501Z .. 2024-03-31T12:29:59.499Z]"},
    {"lastUpdated >= now-1M", "lastUpdated >= 2024-02-29T12:30:00.500Z"},
    {"lastUpdated >= now-1m", "lastUpdated >= 2024-03-31T12:29:00.500Z"},
    {"lastUpdated >= now-2h", "lastUpdated >= 2024-03-31T10:30:00.500Z"},
    {"lastUpdated >= now-1y", "lastUpdated >= 2023-03-31T12:30:00.500Z"},
    {"lastUpdated >= now-15M", "lastUpdated >= 2022-12-31T12:30:00.500Z"},
});

constexpr auto kOfAssets = std::to_array<Meaning>({
    {"addOn.unitAddress: \"18\"", "addOn.unitAddress: \"18\""},
    {"addOns.UNITADDRESS: 18", "addOn.unitAddress: \"18\""},
    {"asset.addOn.hardware.vendor: Siemens", "addOn.hardware.vendor: \"Siemens\""},
    {"asset.orderid: '6ES7 412-3HJ14-0AB0'", "orderId: `6ES7412-3HJ14-0AB0`"},
    {"orderId: 6ES7 412-3HJ14", "orderId: \"6ES7412-3HJ14\""},
    {"addOn: (unitAddress: 18 and hardware.vendor: Omron)",
     "addOn: (unitAddress: \"18\" and hardware.vendor: \"Omron\")"},
    {"addOn: (hardware: (vendor: Omron or not model: x))",
     "addOn: (hardware.vendor: \"Omron\" or not hardware.model: \"x\")"},
    {"addOn.hardware: (vendor: Omron)", "addOn: (hardware.vendor: \"Omron\")"},
    {"hardware: (vendor: Omron and model: x)",
     "hardware.vendor: \"Omron\" and hardware.model: \"x\""},
    {"inventory: (source: `Project File`)", "inventory.source: `Project File`"},
    {"assetModules: (hardware: (model is null))", "not assetModules.hardware.model: *"},
    {"interfaces: (protocols: fins and firstSeen < 2024-01-01)",
     "interfaces: (protocols: \"fins\" and firstSeen <= 2023-12-31T23:59:59.999Z)"},
    {"addOn is null or interfaces: *", "not addOn: * or interfaces: *"},
});

constexpr auto kRefusals = std::to_array<Refusal>({
    {"", 0, "the filter is empty"},
    {"  ", 2, "the filter is empty"},
    {"vendr: Siemens", 0, "unknown token \"vendr\"; did you mean \"vendor\"?"},
    {"name: \"ä ö\" and vendr: x", 16, "unknown token \"vendr\"; did you mean \"vendor\"?"},
    {"hardware.vendor: x", 0, "unknown token \"hardware.vendor\"; did you mean \"vendor\"?"},
    {"Siemens", 7, "expected \":\", a comparison or \"is null\" after \"Siemens\""},
    {"name: Sand and gravel", 21, "expected \":\", a comparison or \"is null\" after \"gravel\""},
    {"name: a vendor: b", 8,
     "\"vendor:\" looks like the next term: expected \"and\" or \"or\" before it"},
    {"name: a assetCount > 5", 8,
     "\"assetCount\" looks like the next term: expected \"and\" or \"or\" before it"},
    {"name: a vendor is null", 8,
     "\"vendor\" looks like the next term: expected \"and\" or \"or\" before it"},
    {"name: vendor: b", 6,
     "\"vendor:\" looks like the next term: expected \"and\" or \"or\" before it"},
    {"name: \"a\" vendor: b", 10, "expected \"and\" or \"or\" before \"vendor:\""},
    {"name: a not vendor: b", 8, "expected \"and\" or \"or\" before \"not\""},
    {"name: a or", 10, "expected a term, found the end"},
    {"and name: a", 0, "expected a term, found \"and\""},
    {"name:", 5, "expected a value, found the end"},
    {"(name: )", 7, "expected a value, found \")\""},
    {"name: and", 6, "expected a value, found \"and\""},
    {"name: \"a", 6, "this \" is never closed"},
    {"(name: a", 0, "this \"(\" is never closed"},
    {"name: a)", 7, "\")\" closes nothing"},
    {"name: a (b", 8, "this \"(\" is never closed"},
    {"name: [a, b", 6, "this \"[\" is never closed"},
    {"name: [a, ]", 10, "expected a value, found \"]\""},
    {"name: [a and b]", 9, "expected \"]\" or \",\" before \"and\""},
    {"name: a \"b\"", 8, "quotes begin inside of an unquoted value"},
    {"name: a*b", 7, "a * may stand at the end of one word, or alone"},
    {"name: a b*", 9, "a * may stand at the end of one word, or alone"},
    {"name: \"a\"*", 9, "a * may stand behind `...` and '...', not behind \"...\""},
    {"name: ``", 6, "the value is empty"},
    {"name: +", 6, "there is no letter or digit to look for"},
    {"name: \"...\"", 6, "there is no letter or digit to look for"},
    {"name is", 7, "expected \"null\" after \"is\", found the end"},
    {"name > 5", 0, "\"name\" is a text: only numbers and dates compare with < = >"},
    {"name: [a .. b]", 0, "\"name\" is a text: only numbers and dates have ranges"},
    {"name: (vendor: b)", 0, "\"name\" has no tokens below it"},
    {"assetCount: many", 12, "\"many\" is no whole number"},
    {"assetCount: 1.5", 12, "\"1.5\" is no whole number"},
    {"assetCount: 5*", 12, "\"assetCount\" is a number: it has no beginning to compare"},
    {"assetCount: 9223372036854775808", 12, "\"9223372036854775808\" is no whole number"},
    {"assetCount: 9007199254740993 GB", 12, "\"9007199254740993 GB\" is no whole number"},
    {"assetCount > 9223372036854775807", 13, "there is nothing in this range"},
    {"assetCount: [9 .. 2]", 13, "there is nothing in this range"},
    {"assetCount: (2 .. 3)", 13, "there is nothing in this range"},
    {"lastUpdated: yesterday", 13, "\"yesterday\" is no date"},
    {"lastUpdated: 2023-02-30", 13, "\"2023-02-30\" is no date"},
    {"lastUpdated: 2023-03-09T11:06:15", 13, "\"2023-03-09T11:06:15\" is no date"},
    {"lastUpdated: now-7", 13, "\"now-7\" is no date"},
    {"lastUpdated: now-7D", 13, "\"now-7D\" is no date"},
    {"lastUpdated: now-999999999y", 13, "\"now-999999999y\" is no date"},
    {"lastUpdated: now-1000000000w", 13, "\"now-1000000000w\" is no date"},
    {"lastUpdated: [now .. now-7d]", 14, "there is nothing in this range"},
    {"name: \xC3\xA4 or name: \xFF", 17, "the filter is not UTF-8"},
});

constexpr auto kRefusalsOfAssets = std::to_array<Refusal>({
    {"vendor: x", 0,
     "unknown token \"vendor\"; did you mean \"hardware.vendor\" or "
     "\"assetModules.hardware.vendor\"?"},
    {"addOn.hardware.vendr: x", 0,
     "unknown token \"addOn.hardware.vendr\"; did you mean \"addOn.hardware.vendor\"?"},
    {"addOn: (vendor: x)", 8, "unknown token \"vendor\"; did you mean \"hardware.vendor\"?"},
    {"addOn: (addOn.slot: 1)", 8, "unknown token \"addOn.slot\"; did you mean \"slot\"?"},
    {"addOn: Omron", 0, "\"addOn\" stands for several tokens"},
    {"hardware: *", 0, "\"hardware\" stands for several tokens"},
    {"addOn > 5", 0, "\"addOn\" stands for several tokens"},
    {"interfaces: (addOn: (slot: 1))", 13, "unknown token \"addOn\"; did you mean \"address\"?"},
});

}  // namespace

TEST_CASE("a filter of files means what it says", "[query]") {
  for (const Meaning& meaning : kOfFiles) {
    check(meaning, file_vocabulary());
  }
}

TEST_CASE("a filter of assets means what it says", "[query]") {
  for (const Meaning& meaning : kOfAssets) {
    check(meaning, asset_vocabulary());
  }
}

TEST_CASE("what is wrong with a filter is said, with its place", "[query]") {
  for (const Refusal& refusal : kRefusals) {
    check(refusal, file_vocabulary());
  }
  for (const Refusal& refusal : kRefusalsOfAssets) {
    check(refusal, asset_vocabulary());
  }
}

TEST_CASE("a message about a long or hostile filter is short and harmless", "[query]") {
  const std::string long_name(10'000, 'x');
  for (const std::string& filter :
       {long_name + ": a", "name: " + long_name + " b: c", "assetCount: " + long_name,
        std::string("\x1b[31m: \""), long_name}) {
    const auto refused = parse(filter, file_vocabulary(), kNow);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().message().size() < 200);
    CHECK(refused.error().message().find('\x1b') == std::string::npos);
  }
}

TEST_CASE("every token of the vocabularies has its column", "[query]") {
  CHECK(file_vocabulary().tokens().size() == 10);
  for (const auto* vocabulary : {&file_vocabulary(), &asset_vocabulary()}) {
    for (const Token& token : vocabulary->tokens()) {
      INFO(token.path);
      REQUIRE(column_of(token) != nullptr);
      CHECK(column_of(token)->path == token.path);
      CHECK(vocabulary->token(token.path, nullptr) == &token);
    }
  }
}

TEST_CASE("texts fold and split alike in all alphabets", "[query]") {
  CHECK(fold("GRÖSSE Größe ΣΊΣΥΦΟΣ Σίσυφος") == fold("grösse größe σίσυφοσ ΣΊΣΥΦΟΣ"));
  CHECK(fold("ЩИТ İ") == "щит i");
  CHECK(fold("a\xFF") == "a\uFFFD");
  using Words = std::vector<std::string_view>;
  CHECK(words_of("s7-300, größe_2 日本 x") == Words{"s7", "300", "größe", "2", "日本", "x"});
  CHECK(words_of("") == Words{});
  CHECK(words_of("-+ \uF600") == Words{});
  CHECK(without_blanks(" 6ES7 412\t-3 ") == "6ES7412-3");
  CHECK(word_version() == word_version());
}

TEST_CASE("folding a text again changes nothing", "[query]") {
  std::string all;
  for (char32_t code = 1; code < 0x30000; ++code) {
    append_utf8(all, code >= 0xD800 && code <= 0xDFFF ? U' ' : code);
  }
  const std::string once = fold(all);
  CHECK(fold(once) == once);
}

}  // namespace ot::store::query::test
