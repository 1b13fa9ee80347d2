#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/bundle/key.hpp"
#include "agent/bundle/manifest.hpp"
#include "agent/wall/options.hpp"
#include "base/result.hpp"

namespace ot::agent::bundle {

/// Whose word a bundle is.
enum class Trust : std::uint8_t {
  trusted,      ///< signed by a key that we trust
  unknown_key,  ///< signed, but by a key that we don't know
  nobody,       ///< not signed
};

/// A bundle that was opened and examined: every byte of it.
class Bundle {
 public:
  /// Opens it, decrypts it where it is for us, and examines it. An altered bundle opens as well,
  /// as far as it can be read: look at findings() first. What libarchive reads of it, a child reads
  /// behind the wall, as long as the bundle is open. Errors: io (also where there is no such wall),
  /// not_found, encrypted, unsupported (another form), too_large, corrupt (altered, and nothing of
  /// it can be read), malformed (no bundle at all).
  static Result<Bundle> open(const std::string& path, const Keyring& keys,
                             const wall::Options& wall = {});

  Bundle(Bundle&&) noexcept;
  Bundle& operator=(Bundle&&) noexcept;
  ~Bundle();

  /// What does not match, a line each: "exchanges.ndjson.gz: its SHA-256 is another one than the
  /// manifest says". Not empty: it was altered.
  const std::vector<std::string>& findings() const;
  bool is_altered() const { return !findings().empty(); }

  Trust trust() const;
  /// "signed by Anna (3f1c-...), trusted"; "not signed"
  std::string trust_text() const;

  /// Whose signature it bears; nullptr: nobody's, or one that does not hold. A trusted key has the
  /// name under which it is trusted.
  const PublicKey* signer() const;

  bool was_encrypted() const;
  const Manifest& manifest() const;

  /// A member's text, unpacked. Errors: not_found, malformed, too_large (over 1 GiB).
  Result<std::string> text(std::string_view member) const;

  /// The same piece by piece: a member that ends in .gz unpacked, any other as it is. Errors: also
  /// `changed`, where the file is no longer what was examined; of the pieces none counts then.
  Result<void> each_piece(std::string_view member,
                          const std::function<Result<void>(std::string_view)>& sink) const;

  /// A project file that was taken along, piece by piece.
  Result<void> read_file(std::string_view sha256,
                         const std::function<Result<void>(std::string_view)>& sink) const;

 private:
  struct State;
  explicit Bundle(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Opens a bundle for a command that uses what is in it: 4 (tampered) for an altered one, and 3
/// for one that nobody whom we trust has signed unless `allow_unsigned`. The error says why; its
/// exit code is in `exit`.
struct Opening {
  std::string path;
  std::string key;  ///< a file with our private key; empty: the default one
  bool allow_unsigned = false;
  wall::Options wall = {};
};
Result<Bundle> open_to_use(const Opening& opening, int& exit);

}  // namespace ot::agent::bundle
