#include "agent/bundle/bundle.hpp"

#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "agent/bundle/container.hpp"
#include "agent/bundle/examine.hpp"
#include "agent/bundle/examine_report.hpp"
#include "agent/bundle/examine_signature.hpp"
#include "agent/commands.hpp"
#include "agent/http/gzip.hpp"
#include "tests/agent/bundle/direct_reader.hpp"
#include "tests/agent/bundle/packed_walk.hpp"

namespace {

using namespace ot;
using namespace ot::agent::bundle;
using tests::PackedWalk;

using Members = std::vector<std::pair<std::string, std::string>>;

/// The members of a container, to be put together otherwise.
Members members_of(const std::string& path) {
  const auto bytes = tests::read_file(path);
  const parsers::MemoryContent content(bytes);
  const auto listing = list_container(content);
  REQUIRE(listing);
  Members members;
  for (const auto& [name, extent] : listing->members) {
    members.emplace_back(name, tests::bytes_in(bytes, extent));
  }
  return members;
}

std::string& member(Members& members, std::string_view name) {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [name](const auto& entry) { return entry.first == name; });
  REQUIRE(found != members.end());
  return found->second;
}

std::string container_of(const Members& members) {
  std::string out;
  ContainerWriter writer([&out](std::string_view piece) -> Result<void> {
    out += piece;
    return {};
  });
  for (const auto& [name, bytes] : members) {
    REQUIRE(writer.begin(name, bytes.size()));
    REQUIRE(writer.add(bytes));
  }
  REQUIRE(writer.finish());
  return out;
}

/// What is found in a container that somebody put together anew.
std::vector<std::string> findings_in(const Members& members, const Keyring& keys = {}) {
  const auto bytes = container_of(members);
  const parsers::MemoryContent content(bytes);
  const auto found = tests::examine_directly(content, keys);
  INFO((found ? "" : found.error().text()));
  REQUIRE(found);
  return found->findings;
}

/// With the manifest that the members deserve: what nobody signed anybody can make.
void describe(Members& members, const std::function<void(Manifest&)>& change = {}) {
  auto& text = member(members, kManifest);
  auto manifest = manifest_from(text);
  REQUIRE(manifest);
  for (auto& entry : manifest->members) {
    const auto& bytes = member(members, entry.name);
    entry.size = bytes.size();
    entry.sha256 = tests::sha256_of(bytes);
  }
  if (change) {
    change(*manifest);
  }
  text = manifest_text(*manifest);
}

std::string gzipped(std::string_view text) {
  agent::http::Gzip gzip;
  gzip.add(text);
  return gzip.finish();
}

}  // namespace

TEST_CASE("a bundle that was packed opens and holds what went into it", "[bundle]") {
  PackedWalk walk;
  const auto key = tests::new_key("Anna");
  const auto path = walk.pack(&key);
  const auto bundle = Bundle::open(path, tests::trusting(key));
  REQUIRE(bundle);
  CHECK(bundle->findings().empty());
  CHECK(bundle->trust() == Trust::trusted);
  CHECK(bundle->trust_text() == "signed by Anna (" + key.public_key().id() + "), trusted");
  CHECK_FALSE(bundle->was_encrypted());

  auto expected = walk.contents().manifest;
  expected.members = bundle->manifest().members;
  expected.writer = container_writer();
  expected.signer = key.public_key().id();
  expected.signer_name = "Anna";
  CHECK(bundle->manifest() == expected);
  CHECK(bundle->text(kRecords) == walk.contents().records);
  CHECK(bundle->text(kTargets) == walk.contents().targets);
  CHECK(bundle->text(kJournal) == "");
  CHECK(bundle->text(kExchanges) == tests::read_file(walk.contents().exchanges_path));
  CHECK(bundle->text("other").error().code() == Errc::not_found);
  for (const auto& along : walk.contents().files) {
    std::string content;
    REQUIRE(bundle->read_file(along.sha256, into(content, 1 << 20)));
    CHECK(content == tests::read_file(along.path));
  }
}

TEST_CASE("the same walk makes the same unsigned bundle, which only its owner can read",
          "[bundle]") {
  PackedWalk walk;
  const auto first = tests::read_file(walk.pack(nullptr));
  struct stat status {};
  REQUIRE(::stat(walk.path("walk.rsb").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  std::reverse(walk.contents().files.begin(), walk.contents().files.end());
  walk.contents().files.push_back(walk.contents().files.front());
  CHECK(tests::read_file(walk.pack(nullptr)) == first);
}

TEST_CASE("a bundle says whose word it is", "[bundle]") {
  PackedWalk walk;
  const auto anna = tests::new_key("Anna");
  const auto path = walk.pack(&anna);
  const auto by_stranger = Bundle::open(path, {});
  REQUIRE(by_stranger);
  CHECK(by_stranger->trust() == Trust::unknown_key);
  CHECK(by_stranger->trust_text() ==
        "signed by Anna (" + anna.public_key().id() + "), a key that is not trusted here");
  CHECK(exit_of(verdict_of(*by_stranger)) == 3);
  CHECK(advice_text(*by_stranger).find(anna.public_key().line()) != std::string::npos);

  // Who is trusted bears the name that he was given here.
  auto keys = tests::trusting(anna);
  keys.trusted.front().name = "A. Muster";
  CHECK(Bundle::open(path, keys)->trust_text().starts_with("signed by A. Muster ("));

  const auto unsigned_one = Bundle::open(walk.pack(nullptr), keys);
  REQUIRE(unsigned_one);
  CHECK(unsigned_one->trust() == Trust::nobody);
  CHECK(unsigned_one->trust_text() == "not signed");
  CHECK(unsigned_one->signer() == nullptr);
  CHECK(exit_of(verdict_of(*unsigned_one)) == 3);
}

TEST_CASE("a name of a key is never offered to a shell unless it is plain", "[bundle]") {
  PackedWalk walk;
  const auto key = tests::new_key("x'; reboot #");
  const auto bundle = Bundle::open(walk.pack(&key), {});
  REQUIRE(bundle);
  const auto advice = advice_text(*bundle);
  const auto command = advice.substr(advice.find("rackscout key trust"));
  CHECK(command.find("reboot") == std::string::npos);
  CHECK(public_key_from(command.substr(21, command.size() - 23)));
}

TEST_CASE("an encrypted bundle opens for whom it is, and for nobody else", "[bundle]") {
  PackedWalk walk;
  const auto anna = tests::new_key("Anna");
  Keyring keys = tests::trusting(anna);
  keys.own = tests::new_key("Office");
  const auto recipient = keys.own->public_key();
  const auto path = walk.pack(&anna, &recipient);
  CHECK(tests::read_file(path).find("manifest") == std::string::npos);

  const auto bundle = Bundle::open(path, keys);
  REQUIRE(bundle);
  CHECK(bundle->was_encrypted());
  CHECK(bundle->findings().empty());
  CHECK(bundle->trust() == Trust::trusted);
  CHECK(bundle->text(kRecords) == walk.contents().records);

  CHECK(Bundle::open(path, {}).error().code() == Errc::encrypted);
  keys.own = tests::new_key("Other");
  CHECK(Bundle::open(path, keys).error().code() == Errc::encrypted);
}

TEST_CASE("a project file that changed meanwhile leaves no bundle behind", "[bundle]") {
  PackedWalk walk;
  const auto file = walk.contents().files.front();
  const auto same_size = std::string(tests::read_file(file.path).size(), 'x');
  for (const auto& content : {same_size, std::string("shorter"), std::string(9000, 'x')}) {
    tests::write_file(file.path, content);
    const auto written = write_bundle(walk.path("new.rsb"), walk.contents(), nullptr, nullptr);
    REQUIRE_FALSE(written);
    CHECK(written.error().code() == Errc::changed);
    CHECK(written.error().message().find(file.path) != std::string::npos);
  }
  std::filesystem::remove(file.path);
  const auto written = write_bundle(walk.path("new.rsb"), walk.contents(), nullptr, nullptr);
  CHECK(written.error().code() == Errc::not_found);
  for (const auto& entry : std::filesystem::directory_iterator(walk.path(""))) {
    CHECK(entry.path().string().find(".rsb") == std::string::npos);
  }
}

TEST_CASE("what could not be read again is not packed", "[bundle]") {
  PackedWalk walk;
  walk.contents().manifest.note = std::string(5000, 'x');
  auto written = write_bundle(walk.path("new.rsb"), walk.contents(), nullptr, nullptr);
  CHECK(written.error().code() == Errc::wrong_use);
  walk.contents().manifest.note.clear();
  walk.contents().manifest.exchanges = 39;
  written = write_bundle(walk.path("new.rsb"), walk.contents(), nullptr, nullptr);
  CHECK(written.error().code() == Errc::changed);
  CHECK_FALSE(std::filesystem::exists(walk.path("new.rsb")));
}

TEST_CASE("a line of the ledger that was changed is named", "[bundle]") {
  PackedWalk walk;
  auto members = members_of(walk.pack(nullptr));
  auto lines = tests::read_file(walk.contents().exchanges_path);
  const auto line_31 = lines.find("\"n\":31,");
  lines.replace(line_31, 7, "\"n\":13,");
  member(members, kExchanges) = gzipped(lines);
  describe(members);
  CHECK(findings_in(members) ==
        std::vector<std::string>{"exchanges.ndjson.gz: line 31: its link of the chain is another "
                                 "one: it was altered, or a line before it"});
}

TEST_CASE("lines that were taken off the end of the ledger are missed", "[bundle]") {
  PackedWalk walk;
  auto members = members_of(walk.pack(nullptr));
  auto lines = tests::read_file(walk.contents().exchanges_path);
  lines.resize(lines.rfind('\n', lines.size() - 2) + 1);
  member(members, kExchanges) = gzipped(lines);
  describe(members);
  CHECK(findings_in(members) ==
        std::vector<std::string>{"exchanges.ndjson.gz: it has 39 lines, the manifest says 40"});
  describe(members, [](Manifest& manifest) { manifest.exchanges = 39; });
  CHECK(findings_in(members) ==
        std::vector<std::string>{
            "exchanges.ndjson.gz: its chain ends otherwise than the manifest says"});
  member(members, kExchanges) = gzipped(lines.substr(0, lines.size() - 1));
  describe(members);
  CHECK(findings_in(members).front() == "exchanges.ndjson.gz: line 39: it is cut short");
  member(members, kExchanges) = gzipped(std::string(3 << 20, 'x'));
  describe(members);
  CHECK(findings_in(members).front() == "exchanges.ndjson.gz: line 1: it is too long");
}

TEST_CASE("a ledger of another walk is not that of this one", "[bundle]") {
  PackedWalk walk;
  auto members = members_of(walk.pack(nullptr));
  describe(members,
           [](Manifest& manifest) { manifest.walk = "4da66005-911b-59b0-bb8d-193d3255af7f"; });
  CHECK(findings_in(members).front().starts_with("exchanges.ndjson.gz: line 1: "));
}

TEST_CASE("a member that was replaced, added, moved or taken out is named", "[bundle]") {
  PackedWalk walk;
  const auto whole = members_of(walk.pack(nullptr));
  auto members = whole;
  member(members, kRecords) = gzipped("{}\n");
  auto findings = findings_in(members);
  CHECK(std::find_if(findings.begin(), findings.end(), [](const auto& finding) {
          return finding.starts_with("records.ndjson.gz: it has ");
        }) != findings.end());
  CHECK(findings.front().starts_with("the container: byte "));

  members = whole;
  members.emplace_back("extra", "x");
  findings = findings_in(members);
  REQUIRE(findings.size() == 2);
  CHECK(findings[1] == "extra: the manifest knows of no such member");

  members = whole;
  std::swap(members[2], members[3]);
  CHECK_FALSE(findings_in(members).empty());

  members = whole;
  members.pop_back();
  findings = findings_in(members);
  CHECK(findings[1] == whole.back().first + ": it is missing");

  members = whole;
  auto& file = members.back().second;
  file[5] = static_cast<char>(file[5] ^ 1);
  CHECK(findings_in(members) ==
        std::vector{members.back().first + ": its SHA-256 is another one than the manifest says"});
}

TEST_CASE("targets that can't be read are a finding", "[bundle]") {
  PackedWalk walk;
  auto members = members_of(walk.pack(nullptr));
  member(members, kTargets) = gzipped("{\"target\":\"a\"}\n");
  describe(members);
  CHECK(findings_in(members) ==
        std::vector<std::string>{"targets.ndjson.gz: line 1: outcome is missing"});
  member(members, kTargets) = "no gzip";
  describe(members);
  CHECK(findings_in(members) ==
        std::vector<std::string>{"targets.ndjson.gz: it is no gzip, or cut short"});
}

TEST_CASE("a signature is of this manifest, by the key that it names", "[bundle]") {
  PackedWalk walk;
  const auto anna = tests::new_key("Anna");
  const auto mallory = tests::new_key("Mallory");
  const auto whole = members_of(walk.pack(&anna));
  const auto keys = tests::trusting(anna);
  CHECK(findings_in(whole, keys).empty());

  auto members = whole;
  describe(members, [](Manifest& manifest) { manifest.note = "nothing"; });
  CHECK(findings_in(members, keys) ==
        std::vector<std::string>{"manifest.json: the signature is not of this manifest"});

  members = whole;
  const auto signature = mallory.sign(member(members, kManifest));
  REQUIRE(signature);
  member(members, kSignature) = signature_text({mallory.public_key(), *signature});
  CHECK(findings_in(members, keys).front().starts_with("signature.json: it is by the key "));

  members = whole;
  members.erase(members.begin() + 1);
  CHECK(findings_in(members, keys).front() ==
        "signature.json: it is missing, but the key " + anna.public_key().id() + " signed");

  members = whole;
  describe(members, [](Manifest& manifest) {
    manifest.signer.clear();
    manifest.signer_name.clear();
  });
  CHECK(findings_in(members, keys) ==
        std::vector<std::string>{"signature.json: the manifest names nobody who signed"});

  members = whole;
  member(members, kSignature) += " ";
  CHECK(findings_in(members, keys) ==
        std::vector<std::string>{"signature.json: it is not written as signatures are"});
  member(members, kSignature) = "[]";
  CHECK(findings_in(members, keys) ==
        std::vector<std::string>{"signature.json: it is no JSON object"});
}

TEST_CASE("a container of another library is not called altered without a word on that",
          "[bundle]") {
  PackedWalk walk;
  auto members = members_of(walk.pack(nullptr));
  describe(members, [](Manifest& manifest) { manifest.writer = "libarchive 9.9.9"; });
  auto bytes = container_of(members);
  bytes[bytes.find("PK\1\2") + 36] ^= 1;  // an attribute that nobody reads
  const parsers::MemoryContent content(bytes);
  const auto found = tests::examine_directly(content, {});
  REQUIRE(found);
  REQUIRE(found->findings.size() == 1);
  CHECK(found->findings.front().find("it was written by libarchive 9.9.9, and this is " +
                                     container_writer()) != std::string::npos);
}

TEST_CASE("a bundle of a later form is told from an altered one", "[bundle]") {
  PackedWalk walk;
  auto members = members_of(walk.pack(nullptr));
  auto& text = member(members, kManifest);
  text.replace(text.find("\"version\": 1"), 12, "\"version\": 2");
  tests::write_file(walk.path("later.rsb"), container_of(members));
  CHECK(Bundle::open(walk.path("later.rsb"), {}).error().code() == Errc::unsupported);
  auto bytes = tests::read_file(walk.pack(nullptr));
  bytes[bytes.find("\"version\": 1") + 11] = '2';
  tests::write_file(walk.path("altered.rsb"), bytes);
  CHECK(Bundle::open(walk.path("altered.rsb"), {}).error().code() == Errc::corrupt);
}

TEST_CASE("what is no bundle is said to be none", "[bundle]") {
  PackedWalk walk;
  tests::write_file(walk.path("letter.txt"), "Dear all,\n");
  CHECK(Bundle::open(walk.path("letter.txt"), {}).error().code() == Errc::malformed);
  tests::write_file(walk.path("letter.rsb"), "Dear all,\n");
  CHECK(Bundle::open(walk.path("letter.rsb"), {}).error().code() == Errc::corrupt);
  tests::write_file(walk.path("empty"), "");
  CHECK(Bundle::open(walk.path("empty"), {}).error().code() == Errc::malformed);
  CHECK(Bundle::open(walk.path("nothing"), {}).error().code() == Errc::not_found);
  CHECK(Bundle::open(walk.path(""), {}).error().code() == Errc::unsupported);
}

TEST_CASE("a bundle that changes after it was opened is not read on", "[bundle]") {
  PackedWalk walk;
  const auto path = walk.pack(nullptr);
  const auto bundle = Bundle::open(path, {});
  REQUIRE(bundle);
  auto bytes = tests::read_file(path);
  std::fill(bytes.begin(), bytes.end(), 'x');
  tests::write_file(path, bytes);
  CHECK(bundle->text(kRecords).error().code() == Errc::changed);
}

TEST_CASE("a command opens only what it may use", "[bundle]") {
  PackedWalk walk;
  const auto key = tests::new_key("Anna");
  ::setenv("XDG_CONFIG_HOME", walk.path("config").c_str(), 1);
  REQUIRE(key.save(walk.path("own.pem")));
  const auto use = [&](const std::string& path, bool allow_unsigned) {
    int exit = 0;
    const auto bundle = open_to_use({path, walk.path("own.pem"), allow_unsigned}, exit);
    CHECK(bundle.has_value() == (exit == 0));
    return exit;
  };
  const auto signed_one = walk.pack(&key);
  CHECK(use(signed_one, false) == 0);
  auto bytes = tests::read_file(signed_one);
  bytes[bytes.size() / 2] ^= 4;
  tests::write_file(walk.path("altered.rsb"), bytes);
  CHECK(use(walk.path("altered.rsb"), true) == agent::exit_code::kTampered);
  const auto unsigned_one = walk.pack(nullptr);
  CHECK(use(unsigned_one, false) == agent::exit_code::kWithFailures);
  CHECK(use(unsigned_one, true) == 0);
  const auto stranger = tests::new_key("Stranger");
  const auto foreign = walk.pack(&stranger);
  CHECK(use(foreign, false) == agent::exit_code::kWithFailures);
  CHECK(use(foreign, true) == 0);
  CHECK(use(walk.path("nothing.rsb"), true) == agent::exit_code::kWrongUse);
  ::unsetenv("XDG_CONFIG_HOME");
}

TEST_CASE("a bundle is described in words and as JSON, and its names stay text", "[bundle]") {
  PackedWalk walk;
  walk.contents().manifest.operator_name = "\x1b[2JAnna";
  const auto key = tests::new_key("Anna");
  const auto bundle = Bundle::open(walk.pack(&key), tests::trusting(key));
  REQUIRE(bundle);
  const auto text = summary_text(*bundle) + legs_text(*bundle);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("2 records, 40 exchanges, 2 project files (3020 bytes)") != std::string::npos);
  CHECK(text.find("area South\n") != std::string::npos);
  CHECK(text.find("1 target: 1 answered") != std::string::npos);
  CHECK(verdict_text(*bundle).starts_with("unaltered; signed by Anna ("));
  CHECK(advice_text(*bundle).empty());
  const auto json = verdict_json(*bundle);
  CHECK(json["verdict"] == "good");
  CHECK(json["signer"]["trusted"] == true);
  CHECK(json["findings"].empty());
  CHECK(summary_json(*bundle)["areas"] == agent::Json::array({"North", "South"}));
  CHECK(manifest_json(*bundle)["exchanges"]["count"] == 40);
}
