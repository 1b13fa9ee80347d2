#include "agent/http/token.hpp"

#include <array>

#include <fmt/format.h>
#include <openssl/rand.h>

#include "agent/http/base64url.hpp"
#include "agent/http/bearer.hpp"
#include "agent/http/secret_file.hpp"
#include "agent/whole_file.hpp"
#include "base/text.hpp"

namespace ot::agent::http {
namespace {

constexpr std::size_t kRandomBytes = 32;

Result<std::string> random_token() {
  std::array<unsigned char, kRandomBytes> bytes;
  if (::RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    return fail(Errc::io, "the system gives no random bytes for a token");
  }
  return base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

Result<Token> load(const std::string& path) {
  const auto text = read_named_key(path, Readers::owner_alone);
  if (!text) {
    return fail(text.error());
  }
  const auto token = trim(*text);
  if (!is_token(token)) {
    return fail(
        Error(Errc::malformed,
              fmt::format("\"{}\" holds no token: one is {} letters, digits or -._~+/ at least",
                          path, kFewestLetters))
            .hint("remove the file, and a new token is made at the next start"));
  }
  return Token(token);
}

}  // namespace

Result<Token> Token::load_or_create(const std::string& path) {
  auto loaded = load(path);
  if (loaded || loaded.error().code() != Errc::not_found || is_credential(path)) {
    return loaded ? std::move(loaded) : fail(std::move(loaded).error().during("bearer token"));
  }
  const auto token = random_token();
  if (!token) {
    return fail(token.error());
  }
  if (auto created = write_whole(path, *token + "\n", IfThere::keep); !created) {
    return fail(std::move(created).error().during(fmt::format("bearer token \"{}\"", path)));
  }
  return load(path);  // another process may have been first
}

}  // namespace ot::agent::http
