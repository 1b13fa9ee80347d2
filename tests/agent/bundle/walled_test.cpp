// What a bundle that takes over its reader can do: count as altered.
#include <map>
#include <random>

#include "agent/bundle/examine_report.hpp"
#include "agent/bundle/walled_reader.hpp"
#include "agent/commands.hpp"
#include "tests/agent/bundle/direct_reader.hpp"
#include "tests/agent/bundle/packed_walk.hpp"
#include "tests/agent/wall/bare.hpp"

namespace {

using namespace ot;
using namespace ot::agent;
using namespace ot::agent::bundle;
using tests::PackedWalk;
namespace fs = std::filesystem;

wall::Options quick() {
  wall::Options options;
  options.cpu = std::chrono::seconds(1);
  options.memory = 256U << 20;
  return options;
}

/// A bundle at which the child does something else than it should.
class Hostile {
 public:
  explicit Hostile(const std::string& deed, const PublicKey* recipient = nullptr)
      : path_(walk_.path("hostile-" + deed + ".rsb")) {
    fs::rename(walk_.pack(&key_, recipient), path_);
  }

  const std::string& path() const { return path_; }
  Result<Bundle> open() const { return Bundle::open(path_, tests::trusting(key_), quick()); }

  /// Why it can't be opened.
  std::string refused() const {
    const auto bundle = open();
    REQUIRE_FALSE(bundle);
    CHECK(bundle.error().code() == Errc::corrupt);
    CHECK(bundle.error().hint() == "ask for another copy of the bundle");
    return bundle.error().message();
  }
  std::vector<std::string> findings() const {
    const auto bundle = open();
    INFO((bundle ? "" : bundle.error().text()));
    REQUIRE(bundle);
    return bundle->findings();
  }

 private:
  PackedWalk walk_;
  PrivateKey key_ = tests::new_key("Anna");
  std::string path_;
};

/// What a child says of a file.
Result<Listing> behind_wall(const std::string& path) {
  const auto file = InputFile::open(path, false);
  REQUIRE(file);
  return WalledReader(*file, "walk.rsb", {}).list();
}

std::string packed(const Result<Listing>& listing) {
  std::string bytes;
  wall::Pack pack([&bytes](std::string_view piece) { bytes += piece; });
  put_listing(pack, listing);
  return bytes;
}

Result<Listing> taken(std::string_view bytes, std::uint64_t size) {
  auto unpack = wall::unpacking(bytes);
  return take_listing(unpack, size);
}

/// With one member, whose name is UTF-8, and said to be.
std::string with_utf8_name() {
  std::string out;
  ContainerWriter writer([&out](std::string_view piece) -> Result<void> {
    out += piece;
    return {};
  });
  REQUIRE(writer.begin("ae.txt", 0));
  REQUIRE(writer.finish());
  const auto directory = out.find("PK\1\2");
  REQUIRE(directory != std::string::npos);
  for (const auto flags : {std::size_t{6}, directory + 8}) {
    out[flags + 1] = static_cast<char>(out[flags + 1] | 8);
  }
  for (auto at = out.find("ae.txt"); at != std::string::npos; at = out.find("ae.txt", at)) {
    out.replace(at, 2, "\xc3\xa4");
  }
  return out;
}

}  // namespace

TEST_CASE("a bundle at which the reader of containers dies is altered", "[bundle][wall]") {
  CHECK(Hostile("crash").refused() == "reading it crashed (SIGSEGV)");
  CHECK(Hostile("abort").refused() == "reading it crashed (SIGABRT)");
  CHECK(Hostile("leave").refused() == "reading it ended without an answer");
  CHECK(Hostile("throw").refused() == "reading it failed: thrown");
  CHECK(Hostile("loop").refused().find("processor") != std::string::npos);
  if (tests::limits_memory()) {
    CHECK(Hostile("allocate").refused() == "reading it takes more memory than it may have");
  }
}

TEST_CASE("a bundle that makes its reader reach for more is altered", "[bundle][wall]") {
  if (tests::is_reduced()) {
    WARN("skipped: there is no seccomp here");
    return;
  }
  const std::map<std::string, std::string> calls = {
      {"open", "openat"}, {"socket", "socket"}, {"execute", "execve"}, {"fork", "clone"}};
  for (const auto& [deed, call] : calls) {
    CHECK(Hostile(deed).refused() == "reading it tried a forbidden system call (" + call + ")");
  }
}

TEST_CASE("a member at which the unpacking dies is a finding, and can't be read",
          "[bundle][wall]") {
  const Hostile hostile("crash@bundle-unpack");
  const auto bundle = hostile.open();
  REQUIRE(bundle);
  CHECK(bundle->findings() ==
        std::vector<std::string>{"exchanges.ndjson.gz: reading it crashed (SIGSEGV)",
                                 "targets.ndjson.gz: reading it crashed (SIGSEGV)"});
  CHECK(exit_of(verdict_of(*bundle)) == exit_code::kTampered);
  const auto text = bundle->text(kRecords);
  REQUIRE_FALSE(text);
  CHECK(text.error().message().find("reading it crashed (SIGSEGV)") != std::string::npos);
  // What is stored as it is needs no child.
  CHECK(bundle->text(kManifest));

  CHECK(Hostile("loop@bundle-unpack").findings().front().find("processor") != std::string::npos);
  CHECK(Hostile("flood@bundle-unpack").findings().front() ==
        "exchanges.ndjson.gz: line 1: it is too long");
  CHECK(Hostile("cut@bundle-unpack").findings().front() ==
        "exchanges.ndjson.gz: line 1: it is cut short");
  CHECK(Hostile("babble@bundle-unpack").findings().front() ==
        "exchanges.ndjson.gz: what the reading child sent is damaged");
}

TEST_CASE("a listing that no container has is not believed", "[bundle][wall]") {
  const std::string lied = "what the reading child sent can't be: ";
  CHECK(Hostile("behind").refused() == lied + "a member behind the end of the container");
  CHECK(Hostile("name").refused() == lied + "a member with so long a name");
  CHECK(Hostile("many").refused() == lied + "so many members");
  CHECK(Hostile("complain").refused() == lied + "so long a complaint");
  CHECK(Hostile("lie@bundle-list").refused() == lied + "so many members");
  for (const std::string deed : {"babble", "flood", "cut"}) {
    CHECK(Hostile(deed + "@bundle-list").refused().starts_with("what the reading child sent is "));
  }
}

TEST_CASE("a listing that might be, but is not this container's, is found out", "[bundle][wall]") {
  CHECK(Hostile("hide").findings().front().find(": it is missing") != std::string::npos);
  CHECK(Hostile("twice").findings().front().find(": it is there more than once") !=
        std::string::npos);
  CHECK(Hostile("shift").findings().front().find(": it does not lie where it must") !=
        std::string::npos);
  CHECK(Hostile("huge").findings().front().find(": it has 18446744073709551615 bytes") !=
        std::string::npos);
}

TEST_CASE("what was decrypted is behind the wall, too, where it can't be written",
          "[bundle][wall]") {
  auto office = tests::new_key("Office");
  const auto recipient = office.public_key();
  Keyring keys;
  keys.own = std::move(office);
  const Hostile crash("crash", &recipient);
  CHECK(Bundle::open(crash.path(), {}).error().code() == Errc::encrypted);
  const auto refused = Bundle::open(crash.path(), keys);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == Errc::corrupt);
  CHECK(refused.error().message() == "reading it crashed (SIGSEGV)");

  for (const auto* to : {static_cast<const PublicKey*>(nullptr), &recipient}) {
    const Hostile overwrite("overwrite", to);
    const auto bundle = Bundle::open(overwrite.path(), keys);
    REQUIRE(bundle);
    CHECK(bundle->findings().empty());
    CHECK(bundle->text(kTargets));
  }
}

TEST_CASE("a bundle is decrypted where TMPDIR says, and nothing of it is to be found there",
          "[bundle][wall]") {
  PackedWalk walk;
  Keyring keys;
  keys.own = tests::new_key("Office");
  const auto recipient = keys.own->public_key();
  const auto path = walk.pack(nullptr, &recipient);
  ::setenv("TMPDIR", walk.path("nowhere").c_str(), 1);
  const auto refused = Bundle::open(path, keys);
  ::setenv("TMPDIR", walk.path("").c_str(), 1);
  const auto opened = Bundle::open(path, keys);
  ::unsetenv("TMPDIR");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().hint() == "name another folder in TMPDIR");
  REQUIRE(opened);
  CHECK(opened->findings().empty());
  for (const auto& entry : fs::directory_iterator(walk.path(""))) {
    CHECK(entry.path().filename().string().find("rackscout-") == std::string::npos);
  }
}

TEST_CASE("the child of a bundle has its file alone, and goes with it", "[bundle][wall]") {
  PackedWalk walk;
  const auto path = walk.pack(nullptr);
  {
    const auto bundle = Bundle::open(path, {});
    REQUIRE(bundle);
    const auto child = tests::only_child();
    if (!tests::is_reduced()) {
      CHECK(tests::descriptors_of(child) == std::vector<int>{0, 1, 2, 3});
      CHECK(tests::status_of(child).at("Seccomp") == "2");
    }
    // Of what is not read to its end, the child is ended.
    const auto stopped = bundle->each_piece(
        kExchanges, [](std::string_view) { return Result<void>(fail(Errc::cancelled, "enough")); });
    CHECK(stopped.error().code() == Errc::cancelled);
    CHECK(tests::children().empty());
    CHECK(bundle->text(kRecords) == walk.contents().records);
  }
  CHECK(tests::children().empty());
}

TEST_CASE("where the kernel takes no seccomp filter no bundle is read, and none called altered",
          "[bundle][wall]") {
  PackedWalk walk;
  const auto path = walk.pack(nullptr);
  const auto out = walk.path("report.html");
  const std::vector<std::vector<std::string>> commands = {
      {"bundle", "verify", path},
      {"bundle", "show", path},
      {"bundle", "import", "--allow-unsigned", "--store", walk.path("s.db"), path},
      {"bundle", "diff", path, path},
      {"bundle", "replay", "--allow-unsigned", path},
      {"report", "--bundle", path, "--out", out}};
  for (auto command : commands) {
    const auto refused = tests::run_without_seccomp(command);
    INFO(command[1] << "\n" << refused.text);
    CHECK(refused.exit == exit_code::kOwnFailure);
    CHECK(refused.text.find("this kernel takes no seccomp filter") != std::string::npos);
    CHECK(refused.text.find("--wall reduced") != std::string::npos);
    CHECK(refused.text.find("altered") == std::string::npos);
    command.insert(command.end(), {"--wall", "reduced"});
    const auto reduced = tests::run_without_seccomp(command);
    INFO(reduced.text);
    CHECK(reduced.exit != exit_code::kOwnFailure);
    CHECK(reduced.text.find("seccomp") == std::string::npos);
  }
}

TEST_CASE("a child lists what would be listed without it, whatever the container",
          "[bundle][wall]") {
  PackedWalk walk;
  const auto path = walk.pack(nullptr);
  const auto whole = tests::read_file(path);
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same each time
  std::vector<std::string> contents = {whole, whole.substr(0, whole.find("PK\1\2")),
                                       with_utf8_name(), "PK\3\4", ""};
  contents.push_back(contents[2].substr(0, contents[2].find("PK\1\2")));
  for (int i = 0; i < 12; ++i) {
    contents.push_back(whole);
    auto& altered = contents.back();
    for (int change = 0; change < 20; ++change) {
      altered[altered.size() - 1 - random() % std::min<std::size_t>(altered.size(), 900)] =
          static_cast<char>(random());
    }
  }
  for (const auto& bytes : contents) {
    tests::write_file(path, bytes);
    const auto there = behind_wall(path);
    const auto here = list_container(parsers::MemoryContent(bytes));
    REQUIRE(here);
    INFO((there ? "" : there.error().text()));
    REQUIRE(there);
    CHECK(there->members == here->members);
    CHECK(there->complaint == here->complaint);
  }
}

TEST_CASE("a listing comes out as it went in, and cut anywhere it is an error", "[bundle][wall]") {
  const Listing listing{{{"a", {3, 4}}, {"\xff", {5, ~std::uint64_t{0}}}}, "broken \xfe"};
  const auto bytes = packed(listing);
  const auto whole = taken(bytes, 5);
  REQUIRE(whole);
  CHECK(whole->members == listing.members);
  CHECK(whole->complaint == listing.complaint);
  CHECK(taken(bytes, 4).error().code() == Errc::corrupt);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK(taken(std::string_view(bytes).substr(0, size), 5).error().code() == Errc::corrupt);
  }
  const auto failed = packed(fail(Errc::io, "the disk is broken"));
  CHECK(taken(failed, 5).error().code() == Errc::io);
  CHECK(taken(packed(fail(Errc::too_large, "so many")), 5).error().code() == Errc::too_large);
  CHECK(taken(packed(fail(Errc::encrypted, "no")), 5).error().code() == Errc::corrupt);
}
