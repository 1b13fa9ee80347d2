#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "agent/config/mending.hpp"
#include "agent/config/rights.hpp"
#include "agent/store_path.hpp"

namespace ot::agent {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;

bool is_there(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

/// What the account can read there, up to a megabyte; without a value it is told.
std::optional<std::string> content_of(RightsCheck& at, const NamedPath& named) {
  struct stat status {};
  if (::stat(named.path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    at.mistake(named.key, quote(named.path) + " is no file", "correct the path");
    return std::nullopt;
  }
  const auto tried = at.try_path(named, Want::read);
  if (tried && !tried->access.granted()) {
    at.mistake(named.key, at.refusal(tried->access, "read this file"),
               let_read_file(at.account(), tried->real, tried->access.at));
  }
  if (!tried || !tried->access.granted()) {
    return std::nullopt;
  }
  std::ifstream file(named.path, std::ios::binary);
  std::string content(kMostBytes, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(file.gcount()));
  return content;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// A secret that everybody can read is none.
void check_secrecy(RightsCheck& at, const NamedPath& named) {
  struct stat status {};
  if (::stat(named.path.c_str(), &status) == 0 && (status.st_mode & (S_IROTH | S_IWOTH)) != 0) {
    at.mistake(named.key, fmt::format("everybody can read {}", quote(named.path)),
               "sudo chmod o-rwx " + shell_word(named.path));
  }
}

void check_certificate(RightsCheck& at, const NamedPath& named) {
  const auto content = content_of(at, named);
  if (content && !holds(*content, "-----BEGIN CERTIFICATE-----")) {
    at.mistake(named.key, fmt::format("there is no PEM certificate in {}", quote(named.path)),
               "openssl x509 -inform der -in FILE -out " + shell_word(named.path));
  }
}

void check_private_key(RightsCheck& at, const NamedPath& named) {
  check_secrecy(at, named);
  const auto content = content_of(at, named);
  if (!content) {
    return;
  }
  if (holds(*content, "ENCRYPTED")) {
    at.mistake(named.key, "the key has a pass phrase, and nobody is there to type it",
               fmt::format("openssl pkey -in {0} -out {0}.plain, and name that file",
                           shell_word(named.path)));
  } else if (!holds(*content, "PRIVATE KEY-----")) {
    at.mistake(named.key, fmt::format("there is no PEM private key in {}", quote(named.path)),
               "name the key that belongs to the certificate");
  }
}

void check_jwt_key(RightsCheck& at, const JwtConfig& jwt) {
  constexpr std::size_t kShortestSecret = 32;
  const NamedPath named{"api.jwt.key_file", jwt.key_file};
  if (jwt.algorithm == JwtConfig::Algorithm::hs256) {
    check_secrecy(at, named);
    const auto secret = content_of(at, named);
    if (secret && secret->size() < kShortestSecret) {
      at.mistake(
          named.key,
          fmt::format("the secret is shorter than {} bytes, and could be guessed", kShortestSecret),
          fmt::format("openssl rand -hex 32 | sudo tee {} >/dev/null", shell_word(named.path)));
    }
    return;
  }
  const auto content = content_of(at, named);
  if (content && !holds(*content, "PUBLIC KEY-----") &&
      !holds(*content, "-----BEGIN CERTIFICATE")) {
    at.mistake(named.key, fmt::format("there is no PEM public key in {}", quote(named.path)),
               "openssl pkey -in PRIVATE_KEY -pubout -out " + shell_word(named.path));
  }
}

/// Whether a file can be made, or written where it is there already.
void check_writable(RightsCheck& at, const NamedPath& named) {
  if (is_there(named.path)) {
    const auto tried = at.try_path(named, Want::write);
    if (tried && !tried->access.granted()) {
      at.mistake(named.key, at.refusal(tried->access, "write this file"),
                 fmt::format("sudo chown {}: {}", at.account().name, shell_word(tried->real)));
    }
    return;
  }
  const auto folder = folder_of(named.path);
  if (!is_there(folder)) {
    return at.mistake(named.key, fmt::format("there is no folder {}", quote(folder)),
                      own_folder(at.account(), folder));
  }
  const auto tried = at.try_path({named.key, folder}, Want::make);
  if (tried && !tried->access.granted()) {
    at.mistake(named.key, at.refusal(tried->access, fmt::format("make files in {}", quote(folder))),
               let_make_files(at.account(), tried->real, tried->access.at));
  }
}

/// Every line that is no exclusion, at its place in that file.
void check_exclusions(RightsCheck& at, const NamedPath& named) {
  const auto content = content_of(at, named);
  std::uint32_t number = 0;
  for (std::string_view rest = content ? *content : std::string_view(); !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    ++number;
    protocols::link::Exclusions exclusions;
    if (auto added = exclusions.add_lines(rest.substr(0, end)); !added) {
      at.findings().add(
          {named.path, {number, 1}, named.key, added.error().message(), added.error().hint()});
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

void check_stop_file(RightsCheck& at, const std::string& path) {
  const NamedPath folder{"safety.stop_file", folder_of(path)};
  if (!is_there(folder.path)) {
    return at.warning(folder.key, fmt::format("there is no folder {} now", quote(folder.path)),
                      own_folder(at.account(), folder.path));
  }
  const auto tried = at.try_path(folder, Want::enter);
  if (tried && !tried->access.granted()) {
    return at.mistake(folder.key, at.refusal(tried->access, "see whether this file is there"),
                      let_enter(at.account(), tried->real));
  }
  if (is_there(path)) {
    at.warning(folder.key, fmt::format("{} is there: nothing is asked", quote(path)),
               "sudo rm " + shell_word(path));
  }
}

/// Where the store of that account lies; empty where only it knows.
std::string store_of(const RightsCheck& at) {
  const auto& named = at.config().store.path;
  if (!named.empty()) {
    return named;
  }
  if (at.account().name == kServiceUser) {
    return default_store_path({[](const char*) { return std::string(); }, true}).value_or("");
  }
  return at.account().uid == ::geteuid() ? store_path({}).value_or("") : "";
}

}  // namespace

void check_secrets(RightsCheck& at) {
  const auto& api = at.config().api;
  if (!api.certificate.empty()) {
    check_certificate(at, {"api.certificate", api.certificate});
  }
  if (!api.key.empty()) {
    check_private_key(at, {"api.key", api.key});
  }
  if (!api.token_file.empty()) {
    check_secrecy(at, {"api.token_file", api.token_file});
    is_there(api.token_file) ? static_cast<void>(content_of(at, {"api.token_file", api.token_file}))
                             : check_writable(at, {"api.token_file", api.token_file});
  }
  if (api.jwt && !api.jwt->key_file.empty()) {
    check_jwt_key(at, *api.jwt);
  }
}

void check_safety_files(RightsCheck& at) {
  const auto& config = at.config();
  for (std::size_t i = 0; i < config.exclude_files.size(); ++i) {
    if (is_whole_path(config.exclude_files[i])) {
      check_exclusions(at, {fmt::format("safety.exclude_files[{}]", i), config.exclude_files[i]});
    }
  }
  if (!config.stop_file.empty()) {
    check_stop_file(at, config.stop_file);
  }
}

void check_written_files(RightsCheck& at) {
  if (!at.config().ledger.empty()) {
    check_writable(at, {"safety.ledger", at.config().ledger});
  }
  // A folder by default is made by the service itself, or for it.
  const auto store = store_of(at);
  if (!store.empty() && (!at.config().store.path.empty() || is_there(store))) {
    check_writable(at, {"store.path", store});
  }
}

}  // namespace ot::agent
