#include "base/hash.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "base/uuid.hpp"
#include "tests/catch.hpp"

using namespace std::string_view_literals;

namespace ot {
namespace {

constexpr auto kDns = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"sv;
constexpr auto kUrl = "6ba7b811-9dad-11d1-80b4-00c04fd430c8"sv;

std::string text_of(const std::array<std::uint8_t, 20>& digest) {
  return hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

Uuid uuid(std::string_view text) {
  return parse_uuid(text).value();
}

TEST_CASE("hexadecimal text is lower case and two digits a byte", "[hash]") {
  CHECK(hex("\x0C\x17\xBB\x00\xFF"sv) == "0c17bb00ff");
  CHECK(hex("").empty());
}

TEST_CASE("digests of nothing are the well-known ones", "[hash]") {
  const FileDigests digests = FileHasher().finish();
  CHECK(digests.md5 == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(digests.sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("the pieces in which bytes are fed don't matter", "[hash]") {
  FileHasher hasher;
  const std::string thousand(1000, 'a');
  for (int i = 0; i < 1000; ++i) {
    hasher.add(thousand);
    hasher.add("");
  }
  const FileDigests digests = hasher.finish();
  CHECK(digests.md5 == "7707d6ae4e027c70eea2a935c2296f21");
  CHECK(digests.sha256 == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("a hasher starts anew when it was finished, and can be moved", "[hash]") {
  FileHasher hasher;
  hasher.add("something else");
  hasher.finish();
  hasher.add("a");
  FileHasher moved = std::move(hasher);
  moved.add("bc");
  const FileDigests digests = moved.finish();
  CHECK(digests.md5 == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(digests.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("SHA-1 agrees with its test vectors", "[hash]") {
  CHECK(text_of(sha1("")) == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  CHECK(text_of(sha1("abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(text_of(sha1("The quick brown fox jumps over the lazy dog")) ==
        "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12");
}

TEST_CASE("a UUID is written as it was read, in lower case", "[uuid]") {
  CHECK(uuid(kDns).text() == kDns);
  CHECK(uuid("6BA7B810-9DAD-11D1-80B4-00C04FD430C8").text() == kDns);
  CHECK(Uuid{}.text() == "00000000-0000-0000-0000-000000000000");
}

TEST_CASE("what is no UUID isn't read as one", "[uuid]") {
  const auto text =
      GENERATE(as<std::string_view>{}, "", "6ba7b8109dad11d180b400c04fd430c8",
               "6ba7b810-9dad-11d1-80b4-00c04fd430c", "6ba7b810-9dad-11d1-80b4-00c04fd430c80",
               "{6ba7b810-9dad-11d1-80b4-00c04fd43}", "6ba7b810-9dad-11d1-80b4000c04fd430c8",
               "6ba7b810-9dad-11d1-80b4-00c04fd430g8", "-1a7b810-9dad-11d1-80b4-00c04fd430c8",
               "0xa7b810-9dad-11d1-80b4-00c04fd430c8", "6ba7b810 9dad-11d1-80b4-00c04fd430c8");
  CAPTURE(text);
  CHECK_FALSE(parse_uuid(text).has_value());
}

TEST_CASE("name-based UUIDs agree with another implementation's", "[uuid]") {
  CHECK(uuid_v5(uuid(kDns), "www.example.com").text() == "2ed6657d-e927-568b-95e1-2665a8aea6a2");
  CHECK(uuid_v5(uuid(kDns), "").text() == "4ebd0208-8328-5d69-8c44-ec50939c0967");
  CHECK(uuid_v5(uuid(kDns), "Füllstand").text() == "14b3a192-f3d2-5472-b61a-9e2cb8e4d1c3");
  CHECK(uuid_v5(uuid(kUrl), "http://www.ietf.org/rfc/rfc4122.txt").text() ==
        "d0690b3c-b29d-52e7-81b0-d573b503f2d4");
}

TEST_CASE("the name space of all our UUIDs is what it always was", "[uuid]") {
  CHECK(kRackscoutNamespace.text() == "b69eafbb-f351-58f2-8a3d-6fe8db86d2f9");
  CHECK(kRackscoutNamespace == uuid_v5(uuid(kDns), "rackscout.invalid"));
}

}  // namespace
}  // namespace ot
