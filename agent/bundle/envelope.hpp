#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "agent/bundle/key.hpp"
#include "base/result.hpp"
#include "parsers/parser.hpp"

namespace ot::agent::bundle {

// A bundle for one recipient's eyes: X25519 and AES-256-GCM, chunk by chunk. docs/bundle.md has
// the form.

/// Whether these first bytes (16 are enough) are those of an envelope.
bool is_envelope(std::string_view beginning);

/// Encrypts piece by piece for the owner of a public key.
class EnvelopeWriter {
 public:
  using Sink = std::function<Result<void>(std::string_view)>;

  static Result<EnvelopeWriter> begin(const PublicKey& recipient, Sink sink);
  EnvelopeWriter(EnvelopeWriter&&) noexcept;
  EnvelopeWriter& operator=(EnvelopeWriter&&) noexcept;
  ~EnvelopeWriter();

  Result<void> add(std::string_view piece);
  /// Writes the last chunk; without it nothing can be read.
  Result<void> finish();

 private:
  struct State;
  explicit EnvelopeWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Decrypts all of it into `sink`, which gets only what was proven to be unaltered. Errors:
/// encrypted (it is for somebody else, or we have no key: the hint says for whom), corrupt
/// (altered or cut short, with the offset of the chunk), io.
Result<void> open_envelope(const parsers::Content& content, const PrivateKey* key,
                           const EnvelopeWriter::Sink& sink);

}  // namespace ot::agent::bundle
