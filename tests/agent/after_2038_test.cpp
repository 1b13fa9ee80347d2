// Dates that 32 bits of seconds can't say: of files, and of a gateway that still runs by then.
#include <array>

#include <fcntl.h>
#include <sys/stat.h>

#include "agent/bundle/exchange.hpp"
#include "agent/bundle/manifest.hpp"
#include "parsers/parser.hpp"
#include "tests/agent/share.hpp"
#include "tests/parsers/digsi5_zip.hpp"

namespace ot::parsers::digsi5 {
extern const Parser module;
}

namespace ot::agent {
namespace {

namespace fs = std::filesystem;
using tests::Share;

const Time kThen = *parse_iso8601("2040-05-04T03:02:01.125Z");
constexpr std::int64_t kMillion = 1'000'000;

void set_date(const fs::path& path, Time time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  timespec at{};
  at.tv_sec = seconds.time_since_epoch().count();
  at.tv_nsec = static_cast<long>(std::chrono::nanoseconds(time - seconds).count());
  const std::array<timespec, 2> times{at, at};
  REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times.data(), 0) == 0);
}

/// The ZIP with the last date of MS-DOS in each of its headers.
std::string of_2107(std::string zip) {
  const std::string date = "\x7d\xbf\x9f\xff";
  for (auto at = zip.find("PK"); at != zip.npos; at = zip.find("PK", at + 2)) {
    const auto kind = zip.substr(at, 4);
    if (kind == "PK\x03\x04" || kind == "PK\x01\x02") {
      zip.replace(at + (kind[2] == 3 ? 10 : 12), date.size(), date);
    }
  }
  return zip;
}

}  // namespace

TEST_CASE("a project file of 2040 is read, and known by its date from then on", "[ingest][2038]") {
  Share share;
  const auto path = share.root() / "deep" / "one.cfg";
  tests::write(path, tests::station("ONE"));
  set_date(path, kThen);
  set_date(path.parent_path(), kThen);
  set_date(share.root(), kThen);
  CHECK(share.ingest().imported == 1);
  const auto known = share.store().known_below(share.root().string());
  REQUIRE(known);
  REQUIRE(known->size() == 1);
  CHECK(known->front().stamp.mtime_ns == kThen.time_since_epoch().count() * kMillion);
}

TEST_CASE("a ledger and a manifest of 2040 say so", "[bundle][2038]") {
  bundle::Exchange exchange;
  exchange.number = 1;
  exchange.entry.at = kThen;
  exchange.entry.target = "10.0.0.5:9600";
  bundle::Chain written("walk");
  auto line = bundle::exchange_line(exchange, written);
  CHECK(line.find("2040-05-04T03:02:01.125Z") != line.npos);
  line.pop_back();
  bundle::Chain read("walk");
  const auto back = bundle::exchange_from(line, read);
  REQUIRE(back);
  CHECK(back->entry.at == kThen);

  bundle::Manifest draft;
  draft.walk = "4da66005-911b-59b0-bb8d-193d3255af7e";
  draft.began = draft.ended = kThen;
  const auto taken = bundle::draft_from(bundle::manifest_text(draft));
  REQUIRE(taken);
  CHECK(taken->began == kThen);
}

TEST_CASE("the dates within an archive do not matter", "[digsi5][2038]") {
  const auto plain = test::zip({{.name = "a.xml", .data = "<a/>"}, {.name = "b", .data = "b"}});
  const auto late = of_2107(plain);
  REQUIRE(late != plain);
  const auto parse = [](const std::string& bytes) {
    const parsers::MemoryContent content(bytes);
    return parsers::digsi5::module.parse({"plant.dz5", {}, &content}, {});
  };
  const auto project = parse(late);
  REQUIRE(project);
  CHECK(project->warnings.size() == parse(plain)->warnings.size());
}

}  // namespace ot::agent
