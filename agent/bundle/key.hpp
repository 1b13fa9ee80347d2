#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ot::agent {
struct Surroundings;
}

namespace ot::agent::bundle {

/// The public half of a key: with one part of it signatures are checked, with the other one
/// bundles are encrypted for its owner.
struct PublicKey {
  std::string name;     ///< as its owner calls it; may be empty
  std::string signing;  ///< 32 bytes, Ed25519
  std::string sealing;  ///< 32 bytes, X25519

  /// The first 16 hex digits of the SHA-256 of `signing` and `sealing`, in groups:
  /// "3f1c-09ab-77d0-e512".
  std::string id() const;

  /// One line: "rackscout-key <base64 of signing and sealing> <name>".
  std::string line() const;

  bool operator==(const PublicKey&) const = default;
};

/// Reads such a line. Errors: malformed.
Result<PublicKey> public_key_from(std::string_view line);

/// A key with its private half, which never leaves this object but into its file.
class PrivateKey {
 public:
  /// A new one, of the system's random numbers.
  static Result<PrivateKey> create(std::string name);

  /// Reads its file: refused unless it is a regular file that nobody but its owner (or root) can
  /// read. Errors: not_found, forbidden, malformed.
  static Result<PrivateKey> load(const std::string& path);

  /// Writes the file, mode 0600; one that is there is never replaced (wrong_use).
  Result<void> save(const std::string& path) const;

  PrivateKey(PrivateKey&&) noexcept;
  PrivateKey& operator=(PrivateKey&&) noexcept;
  ~PrivateKey();

  const PublicKey& public_key() const { return public_key_; }

  /// 64 bytes, Ed25519.
  Result<std::string> sign(std::string_view message) const;

  /// X25519 with somebody's public half: 32 bytes. Errors: malformed for a point of low order.
  Result<std::string> agree(std::string_view sealing) const;

 private:
  struct Secrets;
  PrivateKey();
  static Result<PrivateKey> of(std::string name, std::unique_ptr<Secrets> secrets);

  PublicKey public_key_;
  std::unique_ptr<Secrets> secrets_;
};

bool is_signed_by(const PublicKey& key, std::string_view message, std::string_view signature);

/// Whom we are, and whom we trust.
struct Keyring {
  std::optional<PrivateKey> own;
  std::vector<PublicKey> trusted;  ///< our own is always trusted

  /// The trusted key of that id; nullptr: none.
  const PublicKey* trusts(std::string_view id) const;
};

/// Where the keys lie when none is named: $XDG_CONFIG_HOME/rackscout (else ~/.config/rackscout);
/// /etc/rackscout for root.
struct KeyPaths {
  std::string own;      ///< "key.pem"
  std::string trusted;  ///< "trusted-keys", a line each
};
Result<KeyPaths> key_paths();
Result<KeyPaths> key_paths(const Surroundings& surroundings);

/// `own`: the file that was named, else the default one, which need not be there. What is there
/// and can't be read is an error.
Result<Keyring> load_keyring(const std::string& own = {});
Result<Keyring> load_keyring(const std::string& own, const KeyPaths& paths);

}  // namespace ot::agent::bundle
