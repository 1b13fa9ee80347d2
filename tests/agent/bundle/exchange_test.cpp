#include "agent/bundle/exchange.hpp"

#include "tests/catch.hpp"

using namespace ot;
using namespace ot::agent::bundle;
using protocols::link::LedgerEntry;
using protocols::link::Wire;

namespace {

constexpr std::string_view kWalk = "4da66005-911b-49b0-bb8d-193d3255af7e";

Exchange exchange(std::uint64_t number) {
  Exchange out;
  out.number = number;
  out.area = "Hall \"3\"";
  out.entry.at = *parse_iso8601("2026-11-02T08:00:00.125Z");
  out.entry.target = "10.0.0.5:9600";
  out.entry.wire = Wire::fins_udp;
  out.entry.event = LedgerEntry::Event::unanswered;
  out.entry.bytes = std::string("\x00\xff\x10", 3);
  out.entry.meaning = "no answer";
  out.entry.error = Errc::silent;
  out.entry.stray = true;
  return out;
}

std::string three_lines() {
  Chain chain(kWalk);
  std::string lines;
  for (std::uint64_t number = 1; number <= 3; ++number) {
    lines += exchange_line(exchange(number), chain);
  }
  return lines;
}

}  // namespace

TEST_CASE("an entry of a ledger survives its line", "[exchange]") {
  Chain written(kWalk);
  auto line = exchange_line(exchange(1), written);
  REQUIRE(line.ends_with("\"}\n"));
  line.pop_back();
  Chain read(kWalk);
  const auto back = exchange_from(line, read);
  REQUIRE(back);
  const auto wanted = exchange(1);
  CHECK(back->number == 1);
  CHECK(back->area == wanted.area);
  CHECK(back->entry.at == wanted.entry.at);
  CHECK(back->entry.target == wanted.entry.target);
  CHECK(back->entry.wire == wanted.entry.wire);
  CHECK(back->entry.event == wanted.entry.event);
  CHECK(back->entry.bytes == wanted.entry.bytes);
  CHECK(back->entry.meaning == wanted.entry.meaning);
  CHECK(back->entry.error == wanted.entry.error);
  CHECK(back->entry.stray);
  CHECK(read.head() == written.head());
}

TEST_CASE("the hash of a line is that of the one before and of its text", "[exchange]") {
  Chain chain(kWalk);
  Chain other("another walk");
  CHECK(chain.head() != other.head());
}

TEST_CASE("what is changed, taken out, moved or of another walk breaks the chain", "[exchange]") {
  const auto lines = three_lines();
  const auto second = lines.find('\n') + 1;
  const auto third = lines.find('\n', second) + 1;
  const auto count = [](const std::string& text, std::string_view walk) {
    Chain chain(walk);
    std::uint64_t sound = 0;
    const auto read = each_exchange(text, chain, [&sound](const Exchange&) { ++sound; });
    return read ? std::string("sound") : read.error().text("ledger");
  };
  CHECK(count(lines, kWalk) == "sound");
  CHECK_THAT(count(lines, "another walk"), Catch::StartsWith("ledger:1: "));
  CHECK_THAT(count(lines.substr(second), kWalk), Catch::StartsWith("ledger:1: "));
  CHECK_THAT(count(lines.substr(0, second) + lines.substr(third), kWalk),
             Catch::StartsWith("ledger:2: "));
  CHECK_THAT(count(lines.substr(0, lines.size() - 4), kWalk), Catch::StartsWith("ledger:3: "));
  auto altered = lines;
  altered[second + 30] ^= 1;
  CHECK_THAT(count(altered, kWalk), Catch::StartsWith("ledger:2: "));
}

TEST_CASE("a line that is tied well but says nonsense is refused", "[exchange]") {
  const auto refusal = [](std::string text) {
    Chain writing(kWalk);
    const auto hash = writing.add(text);
    Chain reading(kWalk);
    const auto read = exchange_from(text + ",\"chain\":\"" + hash + "\"}", reading);
    return read ? std::string() : read.error().message();
  };
  CHECK_FALSE(refusal(R"({"n":1,"time":"yesterday","target":"x")").empty());
  CHECK_FALSE(refusal(R"({"n":1,"protocol":"Telepathy")").empty());
  CHECK_FALSE(refusal(R"({"n":1,"event":"sent","bytes":"0g")").empty());
  CHECK_FALSE(refusal(R"({"n":1,"event":"sent","bytes":"012")").empty());
  CHECK_FALSE(refusal(R"(["n")").empty());
  CHECK(refusal(R"({"n":1,"protocol":"FINS/TCP","event":"sent","bytes":"01ff")").empty());
}
