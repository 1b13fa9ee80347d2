#include "agent/bundle/container.hpp"

#include "agent/bundle/examine_container.hpp"
#include "agent/http/gzip.hpp"
#include "tests/agent/bundle/direct_reader.hpp"
#include "tests/catch.hpp"

namespace {

using namespace ot;
using namespace ot::agent::bundle;

struct Put {
  std::string name;
  std::string bytes;
};

/// Ends early where a chunk of data seems to: such bytes are in every other ZIP.
const std::string kLooksLikeItsEnd = std::string("PK\7\b\0\0\0\0\0\0\0\0\0\0\0\0", 16) + "more";

std::vector<Put> some() {
  return {{"manifest.json", "{}\n"}, {"empty", ""}, {"files/a", kLooksLikeItsEnd}};
}

std::string made_of(const std::vector<Put>& members) {
  std::string out;
  ContainerWriter writer([&out](std::string_view piece) -> Result<void> {
    out += piece;
    return {};
  });
  for (const auto& member : members) {
    REQUIRE(writer.begin(member.name, member.bytes.size()));
    for (const char c : member.bytes) {
      REQUIRE(writer.add({&c, 1}));
    }
  }
  REQUIRE(writer.finish());
  return out;
}

std::vector<Expected> expected_of(const std::vector<Put>& members) {
  std::vector<Expected> out;
  for (const auto& member : members) {
    out.push_back({member.name, member.bytes.size(), 0, {}});
  }
  return out;
}

std::string difference_of(const std::string& bytes, const std::vector<Put>& members) {
  const parsers::MemoryContent content(bytes);
  auto expected = expected_of(members);
  const auto difference = compare_container(content, expected);
  REQUIRE(difference);
  return *difference ? (**difference).text() : "";
}

std::string unpacked(std::string_view bytes, std::uint64_t most = 1 << 20) {
  const parsers::MemoryContent content(bytes);
  std::string text;
  const auto read = unpack_extent(content, {0, bytes.size()}, into(text, most));
  return read ? text : "error: " + read.error().text();
}

std::string gzipped(std::string_view text) {
  agent::http::Gzip gzip;
  gzip.add(text);
  return gzip.finish();
}

}  // namespace

TEST_CASE("the same members make the same container, wherever and whenever", "[bundle]") {
  const auto first = made_of(some());
  ::setenv("TZ", "Pacific/Kiritimati", 1);
  ::tzset();
  CHECK(made_of(some()) == first);
  ::unsetenv("TZ");
  ::tzset();
  // Stored, of the first second that a ZIP knows, by nobody.
  CHECK(first.starts_with(std::string("PK\3\4\x0a\0\x08\0\0\0\0\0\x21\0", 14)));
  CHECK(first.substr(first.size() - 22, 4) == "PK\5\6");
}

TEST_CASE("a container is listed with where its members lie", "[bundle]") {
  const auto bytes = made_of(some());
  const parsers::MemoryContent content(bytes);
  const auto listing = list_container(content);
  REQUIRE(listing);
  CHECK(listing->complaint.empty());
  REQUIRE(listing->members.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& [name, extent] = listing->members[i];
    CHECK(name == some()[i].name);
    CHECK(tests::bytes_in(bytes, extent) == some()[i].bytes);
  }
  CHECK(listing->find("empty") == &listing->members[1]);
  CHECK(listing->find("other") == nullptr);
}

TEST_CASE("a container without its directory is listed from its front", "[bundle]") {
  const std::vector<Put> members = {{"manifest.json", "{}\n"}, {"records", "one"}, {"last", "x"}};
  const auto whole = made_of(members);
  const auto cut = whole.substr(0, whole.find("PK\1\2"));
  const parsers::MemoryContent content(cut);
  const auto listing = list_container(content);
  REQUIRE(listing);
  CHECK_FALSE(listing->complaint.empty());
  REQUIRE(listing->members.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& [name, extent] = listing->members[i];
    CHECK(name == members[i].name);
    CHECK(tests::bytes_in(cut, extent) == members[i].bytes);
  }
}

TEST_CASE("what is no container has no members", "[bundle]") {
  for (const std::string bytes : {"", "P", "PK", "no ZIP at all", "PK\3\4"}) {
    const parsers::MemoryContent content(bytes);
    const auto listing = list_container(content);
    REQUIRE(listing);
    CHECK(listing->members.empty());
    CHECK(listing->complaint == "neither its directory nor its first member can be read");
  }
}

TEST_CASE("a container equals what its members make, or the first other byte is named",
          "[bundle]") {
  const auto bytes = made_of(some());
  CHECK(difference_of(bytes, some()).empty());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto altered = bytes;
    altered[at] = static_cast<char>(altered[at] ^ 0x10);
    INFO(at);
    CHECK_FALSE(difference_of(altered, some()).empty());
  }
  auto altered = bytes;
  altered[14] = 'x';  // its CRC, which comes later
  CHECK(difference_of(altered, some()) ==
        "the container: byte 14 (in manifest.json) is not what its members make");
  altered = bytes;
  altered[bytes.find("PK\1\2") + 8] ^= 1;
  CHECK(difference_of(altered, some()).find("(in its directory)") != std::string::npos);
  CHECK(difference_of(bytes + "x", some()).find("(behind its end)") != std::string::npos);
  CHECK_FALSE(difference_of(bytes.substr(0, bytes.size() - 1), some()).empty());
}

TEST_CASE("a member that would not fit is a difference, however large", "[bundle]") {
  const auto bytes = made_of(some());
  const parsers::MemoryContent content(bytes);
  for (const std::uint64_t size :
       {std::uint64_t{100'000}, ~std::uint64_t{0}, std::uint64_t{1} << 63}) {
    auto expected = expected_of(some());
    expected[2].size = size;
    const auto difference = compare_container(content, expected);
    REQUIRE(difference);
    CHECK(*difference);
    CHECK(expected[2].sha256.empty());
  }
}

TEST_CASE("a member is as long as was announced, or it changed", "[bundle]") {
  const ContainerWriter::Sink ignore = [](std::string_view) { return Result<void>(); };
  ContainerWriter longer(ignore);
  REQUIRE(longer.begin("a", 2));
  CHECK(longer.add("abc").error().code() == Errc::changed);
  ContainerWriter shorter(ignore);
  REQUIRE(shorter.begin("a", 2));
  REQUIRE(shorter.add("a"));
  CHECK(shorter.finish().error().code() == Errc::changed);
}

TEST_CASE("what the sink says ends the writing", "[bundle]") {
  ContainerWriter writer(
      [](std::string_view) { return Result<void>(fail(Errc::io, "the disk is full")); });
  const auto begun = writer.begin("a", 2);
  REQUIRE_FALSE(begun);
  CHECK(begun.error().message() == "the disk is full");
  CHECK_FALSE(writer.finish());
}

TEST_CASE("what gzip compressed is unpacked piece by piece, within a limit", "[bundle]") {
  std::string text;
  for (int i = 0; i < 50'000; ++i) {
    text += std::to_string(i * 7919);
  }
  CHECK(unpacked(gzipped(text)) == text);
  CHECK(unpacked(gzipped("")).empty());
  CHECK(unpacked(gzipped("x")) == "x");
  CHECK(unpacked(gzipped(text), 1000) == "error: it has over 0 MiB");
  CHECK(unpacked(gzipped(text).substr(0, 5000)) == "error: it is no gzip, or cut short");
  CHECK(unpacked("no gzip") == "error: it is no gzip, or cut short");
  CHECK(unpacked("") == "error: it is no gzip, or cut short");
}
