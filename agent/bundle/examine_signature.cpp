#include "agent/bundle/examine_signature.hpp"

#include "agent/http/base64.hpp"
#include "agent/json_text.hpp"
#include "agent/uplink/json_fields.hpp"

namespace ot::agent::bundle {
namespace {

constexpr std::size_t kSignatureSize = 64;

}  // namespace

std::string signature_text(const Signature& signature) {
  const Json out = {{"algorithm", "Ed25519"},
                    {"keyId", signature.key.id()},
                    {"publicKey", signature.key.line()},
                    {"signature", http::base64(signature.bytes)}};
  return json_text(out, 2) + "\n";
}

Result<Signature> signature_from(std::string_view text) {
  const auto parsed = parse_bounded(text);
  if (!parsed || !parsed->is_object()) {
    return fail(Errc::malformed, "it is no JSON object");
  }
  std::string reason;
  std::string line;
  std::string encoded;
  const Fields in(*parsed, reason);
  in.text("publicKey", line);
  in.text("signature", encoded);
  const auto key = public_key_from(line);
  if (!reason.empty() || !key) {
    return fail(Errc::malformed, reason.empty() ? key.error().message() : reason);
  }
  auto bytes = http::from_base64(encoded);
  if (!bytes || bytes->size() != kSignatureSize) {
    return fail(Errc::malformed, "its signature is not one of Ed25519");
  }
  Signature signature{*key, std::move(*bytes)};
  // Nothing vouches for this text but what it says: there is one way to say it.
  if (signature_text(signature) != text) {
    return fail(Errc::malformed, "it is not written as signatures are");
  }
  return signature;
}

}  // namespace ot::agent::bundle
