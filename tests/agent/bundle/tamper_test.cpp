#include <random>
#include <set>

#include "agent/bundle/bundle.hpp"
#include "tests/agent/bundle/direct_reader.hpp"
#include "tests/agent/bundle/packed_walk.hpp"

namespace {

using namespace ot;
using namespace ot::agent::bundle;
using tests::PackedWalk;

/// Changes of one byte each, always the same ones.
class Tampering {
 public:
  explicit Tampering(std::string whole) : whole_(std::move(whole)) {}

  std::size_t size() const { return whole_.size(); }

  /// With a byte changed that was chosen at random, into any other.
  std::string next() {
    const auto at = std::uniform_int_distribution<std::size_t>(0, whole_.size() - 1)(random_);
    return with(at, std::uniform_int_distribution<int>(1, 255)(random_));
  }
  std::string with(std::size_t at, int change) {
    auto altered = whole_;
    altered[at] = static_cast<char>(altered[at] ^ change);
    last_ = "byte " + std::to_string(at) + " xor " + std::to_string(change);
    return altered;
  }
  const std::string& last() const { return last_; }

 private:
  std::string whole_;
  std::string last_;
  std::mt19937 random_{20'261'103};  // NOLINT(cert-msc51-cpp): the same each time
};

/// Found without the help of its name: altered, or what is no bundle any more.
bool is_found(const std::string& bytes, const Keyring& keys) {
  const parsers::MemoryContent content(bytes);
  const auto found = tests::examine_directly(content, keys);
  return found ? !found->findings.empty() : found.error().code() == Errc::malformed;
}

bool file_is_found(const std::string& path, const std::string& bytes, const Keyring& keys) {
  tests::write_file(path, bytes);
  const auto bundle = Bundle::open(path, keys);
  return bundle ? bundle->is_altered() : bundle.error().code() == Errc::corrupt;
}

}  // namespace

TEST_CASE("a thousand changes of a byte of a signed bundle are all found", "[bundle]") {
  PackedWalk walk;
  const auto key = tests::new_key("Anna");
  const auto keys = tests::trusting(key);
  const auto path = walk.pack(&key);
  Tampering tampering(tests::read_file(path));
  std::size_t found = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto altered = tampering.next();
    const bool one = is_found(altered, keys) && (i % 20 != 0 || file_is_found(path, altered, keys));
    found += one ? 1 : 0;
    if (!one) {
      FAIL_CHECK("not found: " << tampering.last());
    }
  }
  CHECK(found == 1000);
}

TEST_CASE("each byte of a small unsigned bundle counts", "[bundle]") {
  PackedWalk walk;
  walk.write_ledger(1);
  walk.contents().files.clear();
  Tampering tampering(tests::read_file(walk.pack(nullptr)));
  for (std::size_t at = 0; at < tampering.size(); ++at) {
    const auto bit = 1 << at % 8;
    if (!is_found(tampering.with(at, bit), {})) {
      FAIL_CHECK("not found: " << tampering.last());
    }
  }
}

TEST_CASE("each byte of an encrypted bundle counts", "[bundle]") {
  PackedWalk walk;
  Keyring keys;
  keys.own = tests::new_key("Office");
  const auto recipient = keys.own->public_key();
  const auto path = walk.pack(&*keys.own, &recipient);
  Tampering tampering(tests::read_file(path));
  for (std::size_t at = 0; at < 80; ++at) {  // its header, and the first of what is encrypted
    if (!file_is_found(path, tampering.with(at, 1 << at % 8), keys)) {
      FAIL_CHECK("not found: " << tampering.last());
    }
  }
  for (int i = 0; i < 200; ++i) {
    if (!file_is_found(path, tampering.next(), keys)) {
      FAIL_CHECK("not found: " << tampering.last());
    }
  }
}

TEST_CASE("a bundle that was cut short or added to is altered", "[bundle]") {
  PackedWalk walk;
  const auto path = walk.pack(nullptr);
  const auto whole = tests::read_file(path);
  for (std::size_t size = 0; size < whole.size(); size += 1 + size / 16) {
    INFO(size);
    CHECK(file_is_found(path, whole.substr(0, size), {}));
  }
  for (const std::string& more : {std::string("x"), std::string(30'000, '\0'), whole}) {
    CHECK(file_is_found(path, whole + more, {}));
    CHECK(file_is_found(path, more + whole, {}));
  }
}

TEST_CASE("what does not match is said precisely", "[bundle]") {
  PackedWalk walk;
  const auto path = walk.pack(nullptr);
  const auto whole = tests::read_file(path);
  const auto findings_with = [&](std::uint64_t place) {
    auto altered = whole;
    char& byte = altered[static_cast<std::size_t>(place)];
    byte = static_cast<char>(byte ^ 1);
    const parsers::MemoryContent content(altered);
    const auto found = tests::examine_directly(content, {});
    REQUIRE(found);
    return found->findings;
  };
  const parsers::MemoryContent content(whole);
  const auto listing = list_container(content);
  REQUIRE(listing);
  const auto* records = listing->find(kRecords);
  REQUIRE(records != nullptr);
  auto findings = findings_with(records->extent.offset + 20);
  INFO(findings[0] << "\n" << findings.back());
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].find("(in records.ndjson.gz) is not what its members make") !=
        std::string::npos);
  CHECK(findings[1] == "records.ndjson.gz: its SHA-256 is another one than the manifest says");

  // The header of a member, and the very end, where the directory is said to be.
  findings = findings_with(records->extent.offset - 2);
  CHECK(findings.back() != "");
  const auto found = std::find_if(findings.begin(), findings.end(), [](const auto& finding) {
    return finding.find("in records.ndjson.gz") != std::string::npos;
  });
  CHECK(found != findings.end());
  findings = findings_with(whole.size() - 4);
  CHECK(findings.back().find("(in its directory)") != std::string::npos);
}
