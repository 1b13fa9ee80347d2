#include "agent/survey/walk_ledger.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/catch.hpp"
#include "tests/temporary.hpp"

using namespace ot;
using namespace ot::agent::survey;
using protocols::link::LedgerEntry;
using protocols::link::Wire;

namespace {

constexpr const char* kWalk = "4da66005-911b-49b0-bb8d-193d3255af7e";

LedgerEntry connect(const std::string& target) {
  LedgerEntry entry;
  entry.at = now();
  entry.target = target;
  entry.wire = Wire::fins_tcp;
  entry.event = LedgerEntry::Event::connect;
  return entry;
}

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

/// Two entries, of two areas.
void begin(const std::string& path) {
  WalkLedger::Recordings heard;
  auto ledger = WalkLedger::open(path, kWalk, heard);
  REQUIRE(ledger);
  (*ledger)->set_area("Hall 1");
  (*ledger)->note(connect("10.0.0.1:9600"));
  (*ledger)->set_area("Hall 2");
  (*ledger)->note(connect("10.0.0.2:9600"));
  REQUIRE((*ledger)->finish());
}

}  // namespace

TEST_CASE("a ledger is gone on with where it ended", "[survey]") {
  tests::TemporaryFolder folder;
  const auto path = (folder.path() / "exchanges.ndjson").string();
  begin(path);
  WalkLedger::Recordings heard;
  auto ledger = WalkLedger::open(path, kWalk, heard);
  REQUIRE(ledger);
  CHECK((*ledger)->count() == 2);
  REQUIRE(heard.size() == 2);
  CHECK(heard.contains("Hall 1"));
  CHECK(heard.contains("Hall 2"));
  (*ledger)->note(connect("10.0.0.3:9600"));
  CHECK((*ledger)->count() == 3);
  agent::bundle::Chain chain(kWalk);
  std::uint64_t lines = 0;
  REQUIRE(agent::bundle::each_exchange(content(path), chain, [&lines](const auto&) { ++lines; }));
  CHECK(lines == 3);
  CHECK(chain.head() == (*ledger)->head());
}

TEST_CASE("a line that a power cut left unfinished is taken away", "[survey]") {
  tests::TemporaryFolder folder;
  const auto path = (folder.path() / "exchanges.ndjson").string();
  begin(path);
  const auto whole = content(path);
  const auto tail = GENERATE(std::string("{\"n\":3,\"tim"), std::string(4096, '\0'));
  write(path, whole + tail);
  WalkLedger::Recordings heard;
  auto ledger = WalkLedger::open(path, kWalk, heard);
  REQUIRE(ledger);
  CHECK((*ledger)->count() == 2);
  CHECK(content(path) == whole);
}

TEST_CASE("an altered ledger is not gone on with", "[survey]") {
  tests::TemporaryFolder folder;
  const auto path = (folder.path() / "exchanges.ndjson").string();
  begin(path);
  auto text = content(path);
  text[text.find("10.0.0.1") + 7] = '9';
  write(path, text);
  WalkLedger::Recordings heard;
  const auto ledger = WalkLedger::open(path, kWalk, heard);
  REQUIRE_FALSE(ledger);
  CHECK(ledger.error().code() == Errc::corrupt);
  CHECK(ledger.error().position() == Position::line(1));
}
