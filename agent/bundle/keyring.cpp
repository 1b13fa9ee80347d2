#include <algorithm>

#include "agent/bundle/key.hpp"
#include "agent/bundle/trusted_keys.hpp"
#include "agent/store_path.hpp"

namespace ot::agent::bundle {
namespace {

KeyPaths in_folder(const std::string& folder) {
  return {folder + "/key.pem", folder + "/trusted-keys"};
}

/// Ours is there, is not there, or can't be read.
Result<std::optional<PrivateKey>> own_key(const std::string& named, const std::string& usual) {
  if (named.empty() && usual.empty()) {
    return std::nullopt;
  }
  auto key = PrivateKey::load(named.empty() ? usual : named);
  if (key) {
    return std::move(*key);
  }
  if (named.empty() && key.error().code() == Errc::not_found) {
    return std::nullopt;
  }
  return fail(std::move(key).error());
}

}  // namespace

const PublicKey* Keyring::trusts(std::string_view id) const {
  if (own && own->public_key().id() == id) {
    return &own->public_key();
  }
  const auto found = std::find_if(trusted.begin(), trusted.end(),
                                  [id](const PublicKey& key) { return key.id() == id; });
  return found == trusted.end() ? nullptr : &*found;
}

Result<KeyPaths> key_paths(const Surroundings& surroundings) {
  if (surroundings.root) {
    return in_folder("/etc/rackscout");
  }
  // The XDG base directory specification tells to ignore relative paths.
  if (const auto config = surroundings.variable("XDG_CONFIG_HOME"); config.starts_with('/')) {
    return in_folder(config + "/rackscout");
  }
  if (const auto home = surroundings.variable("HOME"); home.starts_with('/')) {
    return in_folder(home + "/.config/rackscout");
  }
  return fail(Error(Errc::wrong_use, "no place for keys: neither HOME nor XDG_CONFIG_HOME is set")
                  .hint("set one of them to a folder of yours"));
}

Result<KeyPaths> key_paths() {
  return key_paths(process_surroundings());
}

Result<Keyring> load_keyring(const std::string& own, const KeyPaths& paths) {
  auto key = own_key(own, paths.own);
  if (!key) {
    return fail(std::move(key).error());
  }
  Keyring keyring;
  keyring.own = std::move(*key);
  if (paths.trusted.empty()) {
    return keyring;
  }
  auto trusted = load_trusted_keys(paths.trusted);
  if (!trusted) {
    return fail(std::move(trusted).error());
  }
  keyring.trusted = std::move(*trusted);
  return keyring;
}

Result<Keyring> load_keyring(const std::string& own) {
  // Where there is no place for keys, there are none.
  return load_keyring(own, key_paths().value_or(KeyPaths()));
}

}  // namespace ot::agent::bundle
