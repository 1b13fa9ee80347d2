#include <sys/stat.h>

#include <fmt/format.h>

#include "agent/config/mending.hpp"
#include "agent/config/rights_secrets.hpp"
#include "agent/http/bearer.hpp"
#include "agent/http/certificates.hpp"
#include "agent/http/jwt_key.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

/// What is read of it, by the service's own means; what that refuses is told.
std::optional<std::string> content_of(RightsCheck& at, const NamedPath& named) {
  auto content = http::read_key_file(named.path, http::Readers::anybody);
  if (!content) {
    at.mistake(named.key, content.error().message(), "correct the path, or what is there");
    return std::nullopt;
  }
  return std::move(*content);
}

/// Why this is no secret of the account's, as the service sees it when it opens the file;
/// empty when it is one, or is not there.
std::string exposure(const Account& account, const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return {};
  }
  switch (http::exposure_of(status, account.uid)) {
    case http::Exposure::none: break;
    case http::Exposure::mode:
      return fmt::format("others than its owner may open {} (mode {:04o})", quote(path),
                         status.st_mode & 07777);
    case http::Exposure::owner:
      return fmt::format("{} belongs to {}", quote(path), user_name(status.st_uid));
  }
  return {};
}

std::string new_secret(const std::string& path) {
  return fmt::format("openssl rand -hex 32 | sudo tee {} >/dev/null", shell_word(path));
}

/// The API takes a key that a group may read, and warns; nobody wants one that all may.
void check_secrecy_of_key(RightsCheck& at, const NamedPath& named) {
  const auto why = exposure(at.account(), named.path);
  struct stat status {};
  if (why.empty() || ::stat(named.path.c_str(), &status) != 0) {
    return;
  }
  const auto mending = own_secret(at.account(), real_path(named.path), {});
  if ((status.st_mode & S_IRWXO) != 0) {
    at.mistake(named.key, why, mending);
  } else {
    at.warning(named.key, why, mending);
  }
}

std::optional<std::string> key_in(RightsCheck& at, const NamedPath& named, http::Readers readers) {
  if (readers == http::Readers::owner_alone) {
    return secret_of(at, named);
  }
  if (!can_read(at, named, own_secret)) {
    return std::nullopt;
  }
  check_secrecy_of_key(at, named);
  return content_of(at, named);
}

bool is_private_key(RightsCheck& at, const NamedPath& named, http::Readers readers) {
  const auto content = key_in(at, named, readers);
  if (!content) {
    return false;
  }
  if (content->find("ENCRYPTED") != content->npos) {
    at.mistake(named.key, "the key has a pass phrase, and nobody is there to type it",
               fmt::format("openssl pkey -in {0} -out {0}.plain, and name that file",
                           shell_word(named.path)));
    return false;
  }
  if (content->find("PRIVATE KEY-----") == content->npos) {
    at.mistake(named.key, fmt::format("there is no PEM private key in {}", quote(named.path)),
               "name the key that belongs to the certificate");
    return false;
  }
  return true;
}

/// One that is not there is made by the service.
void check_token(RightsCheck& at, const NamedPath& named) {
  if (!is_there(named.path)) {
    return check_writable(at, named);
  }
  if (const auto content = secret_of(at, named)) {
    check_random_token(at, named, trim(*content));
  }
}

void check_jwt_key(RightsCheck& at, const JwtConfig& jwt) {
  const NamedPath named{"api.jwt.key_file", jwt.key_file};
  const bool is_secret = jwt.algorithm == JwtConfig::Algorithm::hs256;
  std::optional<std::string> content;
  if (is_secret) {
    content = secret_of(at, named);
  } else if (can_read(at, named, let_read_file)) {
    content = content_of(at, named);
  }
  if (!content) {
    return;
  }
  const auto key = http::JwtKey::from_text(jwt.algorithm, *content);
  if (key) {
    return;
  }
  auto hint = is_secret ? new_secret(named.path) : key.error().hint();
  at.mistake(named.key, key.error().message(),
             hint.empty() ? "name a key that fits the algorithm" : std::move(hint));
}

}  // namespace

std::string path_of_secret(const std::string& named) {
  return http::is_credential(named) ? "" : named;
}

std::optional<std::string> secret_of(RightsCheck& at, const NamedPath& named) {
  if (const auto why = exposure(at.account(), named.path); !why.empty()) {
    // The line that is told lets the account read it, too.
    at.mistake(named.key, why, own_secret(at.account(), real_path(named.path), {}));
  } else if (!can_read(at, named, own_secret)) {
    return std::nullopt;
  }
  return content_of(at, named);
}

void check_random_token(RightsCheck& at, const NamedPath& named, std::string_view token) {
  if (!http::is_token(token)) {
    at.mistake(named.key,
               fmt::format("there is no token in it: one is {} letters, digits or -._~+/ at least",
                           http::kFewestLetters),
               new_secret(named.path));
  }
}

bool is_certificate(RightsCheck& at, const NamedPath& named) {
  const auto content = can_read(at, named, let_read_file) ? content_of(at, named) : std::nullopt;
  const bool is_pem = content && content->find("-----BEGIN CERTIFICATE-----") != content->npos;
  if (content && !is_pem) {
    at.mistake(named.key, fmt::format("there is no PEM certificate in {}", quote(named.path)),
               "openssl x509 -inform der -in FILE -out " + shell_word(named.path));
  }
  return is_pem;
}

void check_tls_files(RightsCheck& at, const NamedPath& certificate, const NamedPath& key,
                     http::Readers readers) {
  const bool has_certificate = !certificate.path.empty() && is_certificate(at, certificate);
  const bool has_key = !key.path.empty() && is_private_key(at, key, readers);
  if (!has_certificate || !has_key) {
    return;
  }
  const auto loaded = http::load_certificates({certificate.path, key.path}, now());
  if (!loaded) {
    const auto& error = loaded.error();
    const bool is_about_key = error.message().starts_with(fmt::format("\"{}\"", key.path));
    at.mistake(is_about_key ? key.key : certificate.key, error.message(), error.hint());
  }
}

void check_secrets(RightsCheck& at) {
  const auto& api = at.config().api;
  check_tls_files(at, {"api.certificate", api.certificate}, {"api.key", path_of_secret(api.key)},
                  http::Readers::anybody);
  // Without a name it lies beside the store, where the service makes it.
  const auto store = store_of(at);
  const auto named = path_of_secret(api.token_file);
  const auto token = api.token_file.empty() && !store.empty() ? store + ".token" : named;
  if (!named.empty() || (!token.empty() && is_there(token))) {
    check_token(at, {"api.token_file", token});
  }
  if (api.jwt && !path_of_secret(api.jwt->key_file).empty()) {
    check_jwt_key(at, *api.jwt);
  }
}

}  // namespace ot::agent
