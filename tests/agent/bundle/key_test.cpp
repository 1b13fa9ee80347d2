#include "agent/bundle/key.hpp"

#include <fstream>
#include <iterator>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/bundle/trusted_keys.hpp"
#include "agent/http/base64.hpp"
#include "agent/store_path.hpp"
#include "tests/catch.hpp"
#include "tests/execute.hpp"
#include "tests/temporary.hpp"

using namespace ot;
using namespace ot::agent;
using namespace ot::agent::bundle;

namespace {

class Folder {
 public:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

 private:
  tests::TemporaryFolder folder_;
};

std::string text_in(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::string& path, const std::string& text, mode_t mode = 0600) {
  std::ofstream(path, std::ios::binary) << text;
  REQUIRE(::chmod(path.c_str(), mode) == 0);
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

PrivateKey made(const std::string& name = "Anna") {
  return PrivateKey::create(name).value();
}

/// Why the file is refused; empty when it is not.
std::string refused(const std::string& path) {
  const auto key = PrivateKey::load(path);
  return key ? std::string() : key.error().message();
}

Errc code_of(const std::string& path) {
  const auto key = PrivateKey::load(path);
  REQUIRE_FALSE(key);
  return key.error().code();
}

/// From the n-th line that begins with `mark` on.
std::string from_block(const std::string& text, int n) {
  std::size_t at = 0;
  for (int i = 0; i < n; ++i) {
    at = text.find("-----BEGIN", at + static_cast<std::size_t>(i > 0));
  }
  return text.substr(at);
}

/// How `openssl` ends with these arguments; 127 where there is none.
int openssl(std::vector<std::string> arguments, const std::string& out) {
  arguments.insert(arguments.begin(), "/usr/bin/openssl");
  const auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (std::freopen(out.c_str(), "w", stdout) == nullptr ||
        std::freopen("/dev/null", "w", stderr) == nullptr) {
      ::_exit(126);
    }
    tests::execute(arguments);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) {
    text += static_cast<char>(value);
  }
  return text;
}

std::string from_hex(std::string_view digits) {
  std::string text;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    text += static_cast<char>(std::strtol(std::string(digits.substr(i, 2)).c_str(), nullptr, 16));
  }
  return text;
}

/// One that reads the variables of a test.
Surroundings surroundings(bool root, const std::string& config, const std::string& home) {
  const auto variable = [config, home](const char* name) {
    return std::string_view(name) == "XDG_CONFIG_HOME" ? config : home;
  };
  return {variable, root};
}

}  // namespace

TEST_CASE("a public line is read as what was written", "[key]") {
  for (const std::string name : {"", "Anna", "Anna, plant 7", "Jürgen Müller", "电厂"}) {
    const auto key = made(name).public_key();
    CHECK(public_key_from(key.line()) == key);
    CHECK(public_key_from("  " + key.line() + " \r\n") == key);
    CHECK(key.line().find('\n') == std::string::npos);
  }
}

TEST_CASE("an id is the beginning of the SHA-256 of both halves", "[key]") {
  const PublicKey key{"", std::string(32, '\x01'), std::string(32, '\x02')};
  // printf of both | sha256sum
  CHECK(key.id() == "f818-afd3-7a6d-c3bc");
  auto renamed = key;
  renamed.name = "Anna";
  CHECK(renamed.id() == key.id());
  CHECK(made().public_key().id() != made().public_key().id());
}

TEST_CASE("a hostile public line is malformed", "[key]") {
  const auto line = made("").public_key().line();
  const auto letters = line.substr(line.find(' ') + 1);
  const std::vector<std::string> hostile{
      "",
      "rackscout-key",
      "rackscout-key ",
      "ssh-ed25519 " + letters,
      "rackscout-key  " + letters,
      "Rackscout-key " + letters,
      line.substr(0, line.size() - 1),
      line.substr(0, line.size() - 4),
      line + "x",
      line + "\tAnna",
      "rackscout-key " + letters + letters,
      "rackscout-key " + http::base64(std::string(63, 'x')),
      "rackscout-key " + http::base64(std::string(65, 'x')),
      "rackscout-key " + http::base64(std::string(64'000, 'x')),
      line + " Anna\nrackscout-key " + letters,
      line + " Anna\r" + letters,
      line + " \x1b[2JAnna",
      line + " Anna\xff",
      line + " \xe2\x80\xae" + "annA",
      line + " Anna" + std::string(1, '\0'),
      line + " " + std::string(101, 'a'),
  };
  for (const auto& text : hostile) {
    INFO(text);
    const auto key = public_key_from(text);
    REQUIRE_FALSE(key);
    CHECK(key.error().code() == Errc::malformed);
    CHECK(key.error().message().find(letters) == std::string::npos);
  }
}

TEST_CASE("a name that would not be one line is refused", "[key]") {
  for (const std::string name : {"a\nb", "\x1b[2J", " Anna", "Anna ", "a\xff"}) {
    CHECK(PrivateKey::create(name).error().code() == Errc::wrong_use);
  }
  CHECK(PrivateKey::create(std::string(101, 'a')).error().code() == Errc::wrong_use);
  CHECK(PrivateKey::create(std::string(100, 'a')));
}

TEST_CASE("a signature holds for its message and its key alone", "[key]") {
  const auto key = made();
  const std::string message = "{\"walk\":\"1\"}\n";
  const auto signature = key.sign(message).value();
  REQUIRE(signature.size() == 64);
  CHECK(is_signed_by(key.public_key(), message, signature));
  CHECK_FALSE(is_signed_by(made().public_key(), message, signature));
  CHECK_FALSE(is_signed_by(key.public_key(), message, ""));
  CHECK_FALSE(is_signed_by(key.public_key(), message, signature + "x"));
  CHECK_FALSE(is_signed_by(key.public_key(), message, signature.substr(1)));
  CHECK_FALSE(is_signed_by({}, message, signature));
  for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
    auto altered = message;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << bit % 8));
    CHECK_FALSE(is_signed_by(key.public_key(), altered, signature));
  }
  for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
    auto altered = signature;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << bit % 8));
    CHECK_FALSE(is_signed_by(key.public_key(), message, altered));
  }
  CHECK(is_signed_by(key.public_key(), "", key.sign("").value()));
}

TEST_CASE("the signature of RFC 8032, 7.1, is one", "[key]") {
  const PublicKey key{
      "", from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"), {}};
  const auto signature = from_hex(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  CHECK(is_signed_by(key, "\x72", signature));
  CHECK_FALSE(is_signed_by(key, "\x73", signature));
}

TEST_CASE("two keys agree on one secret, each with the other's public half", "[key]") {
  const auto anna = made("Anna");
  const auto berta = made("Berta");
  const auto secret = anna.agree(berta.public_key().sealing).value();
  CHECK(secret.size() == 32);
  CHECK(berta.agree(anna.public_key().sealing).value() == secret);
  CHECK(anna.agree(made().public_key().sealing).value() != secret);
}

TEST_CASE("an X25519 point of low order is refused", "[key]") {
  const auto key = made();
  const std::vector<std::string> points{
      std::string(32, '\0'), bytes({1}) + std::string(31, '\0'),
      from_hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
      from_hex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
      from_hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
      from_hex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
      from_hex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
      // the same with the bit that X25519 passes over
      std::string(31, '\0') + bytes({0x80}),
      from_hex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
      // and what is no point at all
      "", std::string(31, 'x'), std::string(33, 'x')};
  for (const auto& point : points) {
    const auto secret = key.agree(point);
    REQUIRE_FALSE(secret);
    CHECK(secret.error().code() == Errc::malformed);
  }
}

TEST_CASE("a key comes back from its file, which its owner alone may read", "[key]") {
  const Folder folder;
  const auto path = folder.path("key.pem");
  const auto key = made("Anna, plant 7");
  REQUIRE(key.save(path));
  CHECK(mode_of(path) == 0600);
  const auto text = text_in(path);
  CHECK(text.starts_with("# " + key.public_key().line() + "\n-----BEGIN PRIVATE KEY-----\n"));
  const auto loaded = PrivateKey::load(path);
  REQUIRE(loaded);
  CHECK(loaded->public_key() == key.public_key());
  CHECK(is_signed_by(key.public_key(), "text", loaded->sign("text").value()));
  const auto other = made();
  CHECK(loaded->agree(other.public_key().sealing).value() ==
        key.agree(other.public_key().sealing).value());
}

TEST_CASE("a key's file is never replaced", "[key]") {
  const Folder folder;
  const auto path = folder.path("key.pem");
  const auto key = made("first");
  REQUIRE(key.save(path));
  const auto again = made("second").save(path);
  REQUIRE_FALSE(again);
  CHECK(again.error().code() == Errc::wrong_use);
  CHECK(PrivateKey::load(path)->public_key() == key.public_key());
  CHECK(made().save(folder.path("missing/key.pem")).error().code() == Errc::not_found);
}

TEST_CASE("a private file that others may read, or that is none, is refused", "[key]") {
  const Folder folder;
  const auto path = folder.path("key.pem");
  REQUIRE(made().save(path));
  for (const mode_t mode : {0640U, 0604U, 0660U, 0601U, 0644U}) {
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    const auto key = PrivateKey::load(path);
    REQUIRE_FALSE(key);
    CHECK(key.error().code() == Errc::forbidden);
    CHECK(key.error().hint() == "chmod 600 '" + path + "'");
  }
  REQUIRE(::chmod(path.c_str(), 0400) == 0);
  CHECK(PrivateKey::load(path));
  CHECK(code_of(folder.path("missing")) == Errc::not_found);
  CHECK_FALSE(refused(folder.path("")).empty());
  REQUIRE(::mkfifo(folder.path("fifo").c_str(), 0600) == 0);
  CHECK_FALSE(refused(folder.path("fifo")).empty());
}

TEST_CASE("a private file that is damaged is malformed, and nothing of it is told", "[key]") {
  const Folder folder;
  REQUIRE(made().save(folder.path("key.pem")));
  REQUIRE(made().save(folder.path("other.pem")));
  const auto text = text_in(folder.path("key.pem"));
  const auto other = text_in(folder.path("other.pem"));
  const auto line = text.substr(0, text.find('\n') + 1);
  const auto first = from_block(text, 1);
  const auto second = from_block(text, 2);
  const auto signing = first.substr(0, first.size() - second.size());
  const std::vector<std::string> damaged{
      "",
      "\n" + text,
      first,                     // without its line
      line,                      // without its blocks
      line + signing,            // without its second block
      line + second,             // without its first one
      line + second + signing,   // the other way round
      line + signing + signing,  // of one kind
      line + signing + from_block(other, 2),
      text + second,  // with a third one
      text.substr(0, text.size() - 10),
      other.substr(0, other.find('\n') + 1) + first,
      text.substr(2),  // what looks like a public key
      "# a comment\n" + first,
      line + "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
      line + "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" + second,
  };
  const auto path = folder.path("damaged.pem");
  for (const auto& content : damaged) {
    INFO(content);
    write(path, content);
    const auto key = PrivateKey::load(path);
    REQUIRE_FALSE(key);
    CHECK(key.error().code() == Errc::malformed);
    CHECK_FALSE(key.error().hint().empty());
    CHECK(key.error().text().find(signing.substr(30, 20)) == std::string::npos);
  }
  write(path, text + std::string(64 * 1024, '\n'));
  CHECK(code_of(path) == Errc::too_large);
}

TEST_CASE("a letter that is altered in a private file is found", "[key]") {
  const Folder folder;
  const auto path = folder.path("key.pem");
  REQUIRE(made("").save(path));
  const auto text = text_in(path);
  // X25519 takes two bits of the last byte as they must be (RFC 7748, 5): whatever they say, it is
  // the same key.
  const auto last_letters = text.rfind("\n-----END") - 2;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto altered = text;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    write(path, altered);
    INFO("letter " << i << " of " << text);
    CHECK((i == last_letters || !PrivateKey::load(path)));
  }
}

TEST_CASE("a file with keys of other kinds is malformed", "[key]") {
  const Folder folder;
  if (openssl({"version"}, "/dev/null") != 0) {
    return;
  }
  const auto line = "# " + made().public_key().line() + "\n";
  for (const auto& kind : {std::vector<std::string>{"X25519"},
                           {"ED448"},
                           {"EC", "-pkeyopt", "ec_paramgen_curve:P-256"}}) {
    auto arguments = kind;
    arguments.insert(arguments.begin(), {"genpkey", "-algorithm"});
    REQUIRE(openssl(arguments, folder.path("one")) == 0);
    const auto block = text_in(folder.path("one"));
    write(folder.path("key.pem"), line + block + block);
    CHECK(code_of(folder.path("key.pem")) == Errc::malformed);
  }
}

TEST_CASE("the openssl program reads a private file and checks a signature", "[key]") {
  const Folder folder;
  if (openssl({"version"}, "/dev/null") != 0) {
    return;
  }
  const auto key = made();
  const auto path = folder.path("key.pem");
  const auto half = folder.path("half.pem");
  REQUIRE(key.save(path));
  REQUIRE(openssl({"pkey", "-in", path, "-pubout"}, half) == 0);
  write(folder.path("message"), "the text");
  write(folder.path("signature"), key.sign("the text").value());
  const std::vector<std::string> verify{"pkeyutl",  "-verify",
                                        "-rawin",   "-pubin",
                                        "-inkey",   half,
                                        "-in",      folder.path("message"),
                                        "-sigfile", folder.path("signature")};
  CHECK(openssl(verify, "/dev/null") == 0);
  write(folder.path("message"), "the tent");
  CHECK(openssl(verify, "/dev/null") != 0);
  REQUIRE(openssl({"pkeyutl", "-sign", "-rawin", "-inkey", path, "-in", folder.path("message")},
                  folder.path("signature")) == 0);
  CHECK(is_signed_by(key.public_key(), "the tent", text_in(folder.path("signature"))));
}

TEST_CASE("keys lie in the user's folder, and root's in /etc", "[key]") {
  CHECK(key_paths(surroundings(true, "/x", "/y"))->own == "/etc/rackscout/key.pem");
  CHECK(key_paths(surroundings(true, "/x", "/y"))->trusted == "/etc/rackscout/trusted-keys");
  CHECK(key_paths(surroundings(false, "/x", "/y"))->own == "/x/rackscout/key.pem");
  CHECK(key_paths(surroundings(false, "x", "/y"))->own == "/y/.config/rackscout/key.pem");
  CHECK(key_paths(surroundings(false, "", "")).error().code() == Errc::wrong_use);
}

TEST_CASE("trusted keys are added once and taken out again", "[key]") {
  const Folder folder;
  const auto path = folder.path("made/new/trusted-keys");
  CHECK(load_trusted_keys(path)->empty());
  const auto anna = made("Anna").public_key();
  auto renamed = anna;
  renamed.name = "somebody";
  const auto berta = made("Berta").public_key();
  CHECK(trust_key(path, anna) == true);
  CHECK(trust_key(path, renamed) == false);
  CHECK(trust_key(path, berta) == true);
  CHECK(mode_of(folder.path("made/new")) == 0700);
  CHECK(load_trusted_keys(path) == std::vector{anna, berta});
  write(path, "# ours\n\n" + text_in(path) + "  \n# the end", 0644);
  CHECK(forget_key(path, anna.id()) == anna);
  CHECK(text_in(path) == "# ours\n\n" + berta.line() + "\n  \n# the end");
  CHECK(forget_key(path, anna.id()).error().code() == Errc::not_found);
  CHECK(trust_key(path, anna) == true);
  CHECK(load_trusted_keys(path) == std::vector{berta, anna});
  CHECK(forget_key(folder.path("missing/trusted-keys"), anna.id()).error().code() ==
        Errc::not_found);
}

TEST_CASE("a trusted key that is malformed is told with its line, and kept", "[key]") {
  const Folder folder;
  const auto path = folder.path("trusted-keys");
  const auto anna = made("Anna").public_key();
  const auto text = "# ours\n" + anna.line() + "\n\nrackscout-key AAAA\n";
  write(path, text, 0644);
  CHECK_THAT(load_trusted_keys(path).error().message(), Catch::Contains("line 4: "));
  CHECK_FALSE(trust_key(path, made().public_key()));
  CHECK_FALSE(forget_key(path, anna.id()));
  CHECK(text_in(path) == text);
}

TEST_CASE("trusted keys that others may write to are refused", "[key]") {
  const Folder folder;
  const auto path = folder.path("trusted-keys");
  write(path, made().public_key().line() + "\n", 0644);
  CHECK(load_trusted_keys(path));
  for (const mode_t mode : {0664U, 0646U, 0620U, 0602U}) {
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    CHECK(load_trusted_keys(path).error().code() == Errc::forbidden);
    CHECK(trust_key(path, made().public_key()).error().code() == Errc::forbidden);
  }
  if (::geteuid() == 0) {
    REQUIRE(::chmod(path.c_str(), 0644) == 0);
    REQUIRE(::chown(path.c_str(), 4711, 4711) == 0);
    CHECK(load_trusted_keys(path).error().code() == Errc::forbidden);
  }
  REQUIRE(::mkfifo(folder.path("fifo").c_str(), 0600) == 0);
  CHECK(load_trusted_keys(folder.path("fifo")).error().code() == Errc::forbidden);
  CHECK_FALSE(load_trusted_keys(folder.path("")));
  write(path + "2", std::string(256 * 1024 + 1, '\n'));
  CHECK(load_trusted_keys(path + "2").error().code() == Errc::too_large);
}

TEST_CASE("a file to be trusted holds one public key", "[key]") {
  const Folder folder;
  const auto key = made();
  const auto line = key.public_key().line() + "\n";
  CHECK(only_key_in("# id: " + key.public_key().id() + "\n\n" + line) == key.public_key());
  CHECK_FALSE(only_key_in(""));
  CHECK_FALSE(only_key_in(line + line));
  REQUIRE(key.save(folder.path("key.pem")));
  const auto mistaken = only_key_in(text_in(folder.path("key.pem")));
  REQUIRE_FALSE(mistaken);
  CHECK_THAT(mistaken.error().message(), Catch::Contains("private key"));
}

TEST_CASE("a keyring trusts its own key and those of its file", "[key]") {
  const Folder folder;
  const KeyPaths paths{folder.path("key.pem"), folder.path("trusted-keys")};
  const auto empty = load_keyring({}, paths);
  REQUIRE(empty);
  CHECK_FALSE(empty->own);
  CHECK(empty->trusts("") == nullptr);

  const auto own = made("own");
  const auto anna = made("Anna").public_key();
  REQUIRE(own.save(paths.own));
  REQUIRE(trust_key(paths.trusted, anna));
  const auto keyring = load_keyring({}, paths);
  REQUIRE(keyring);
  REQUIRE(keyring->trusts(anna.id()) != nullptr);
  CHECK(*keyring->trusts(anna.id()) == anna);
  REQUIRE(keyring->trusts(own.public_key().id()) != nullptr);
  CHECK(*keyring->trusts(own.public_key().id()) == own.public_key());
  CHECK(keyring->trusts(made().public_key().id()) == nullptr);
}

TEST_CASE("a keyring whose files are there and can't be read is an error", "[key]") {
  const Folder folder;
  const KeyPaths paths{folder.path("key.pem"), folder.path("trusted-keys")};
  CHECK(load_keyring(folder.path("named.pem"), paths).error().code() == Errc::not_found);
  write(paths.own, "nonsense");
  CHECK(load_keyring({}, paths).error().code() == Errc::malformed);
  REQUIRE(made("named").save(folder.path("named.pem")));
  CHECK(load_keyring(folder.path("named.pem"), paths)->own->public_key().name == "named");
  write(paths.trusted, "nonsense");
  CHECK(load_keyring(folder.path("named.pem"), paths).error().code() == Errc::malformed);
}
