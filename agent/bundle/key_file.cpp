#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "agent/bundle/key.hpp"
#include "agent/bundle/key_secrets.hpp"
#include "agent/http/openssl_pointer.hpp"
#include "agent/http/secret_file.hpp"
#include "agent/whole_file.hpp"

namespace ot::agent::bundle {
namespace {

// The file: a comment with the public line, then both private halves as OpenSSL writes them.
// `openssl pkey -in` reads the first of them.

constexpr std::size_t kMostBytes = 64 * 1024;
constexpr std::string_view kComment = "# ";
constexpr std::string_view kBlock = "PRIVATE KEY";  // RFC 7468, 10

using Bio = http::OpensslPointer<BIO, ::BIO_free_all>;
using Pkcs8 = http::OpensslPointer<PKCS8_PRIV_KEY_INFO, ::PKCS8_PRIV_KEY_INFO_free>;

/// Text that is overwritten before its memory is given back.
class Secret {
 public:
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { ::OPENSSL_cleanse(text_.data(), text_.size()); }

  std::string_view text() const { return text_; }

 private:
  std::string text_;
};

/// A block of PEM, in memory of OpenSSL's that is wiped as well.
class Block {
 public:
  explicit Block(BIO* from) {
    is_there_ = ::PEM_read_bio(from, &name_, &header_, &bytes_, &size_) == 1;
    const auto reason = ERR_GET_REASON(::ERR_peek_last_error());
    is_end_ = !is_there_ && reason == PEM_R_NO_START_LINE;
    ::ERR_clear_error();
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block() {
    http::openssl_clear_free(bytes_, static_cast<std::size_t>(size_));
    http::openssl_free(name_);
    http::openssl_free(header_);
  }

  bool is_end() const { return is_end_; }
  bool has_name(std::string_view name) const { return is_there_ && name == name_; }

  /// Null unless it is a key of this kind, and nothing else.
  EvpKey key(int kind) const {
    if (!has_name(kBlock)) {
      return nullptr;
    }
    const unsigned char* at = bytes_;
    const Pkcs8 packed(::d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, size_));
    EvpKey key(packed && at == bytes_ + size_ ? ::EVP_PKCS82PKEY(packed.get()) : nullptr);
    ::ERR_clear_error();
    return key && ::EVP_PKEY_get_base_id(key.get()) == kind ? std::move(key) : nullptr;
  }

 private:
  char* name_ = nullptr;
  char* header_ = nullptr;
  unsigned char* bytes_ = nullptr;
  long size_ = 0;
  bool is_there_ = false;
  bool is_end_ = false;
};

std::string of_file(const std::string& path) {
  return fmt::format("private key \"{}\"", path);
}

Error damaged(std::string_view what) {
  return Error(Errc::malformed, std::string(what))
      .hint(
          "take a copy of the file that is whole, or make a new key with `rackscout key create` "
          "and tell everybody who trusts this one");
}

Error no_private_key(std::string_view text) {
  if (text.starts_with("rackscout-key ")) {
    return Error(Errc::malformed, "this is the public half of a key")
        .hint("name the file that `rackscout key create` wrote");
  }
  return damaged("it is damaged, or no key of rackscout's: its first line holds no public key");
}

/// The public half, from the comment.
Result<PublicKey> announced(std::string_view text) {
  const auto line = text.substr(0, text.find('\n'));
  if (!line.starts_with(kComment)) {
    return fail(no_private_key(text));
  }
  auto key = public_key_from(line.substr(kComment.size()));
  return key ? std::move(key) : fail(no_private_key(text));
}

/// Both halves of `text`, or what is wrong with them.
struct Halves {
  EvpKey signing;
  EvpKey sealing;
};
Result<Halves> halves_in(std::string_view text) {
  const Bio bio(::BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  if (!bio) {
    return fail(Errc::io, "out of memory");
  }
  const Block first(bio.get());
  const Block second(bio.get());
  if (first.has_name("ENCRYPTED PRIVATE KEY") || second.has_name("ENCRYPTED PRIVATE KEY")) {
    return fail(Error(Errc::malformed, "it needs a passphrase, and nobody is there to type one")
                    .hint("take it off with openssl pkey, one block at a time"));
  }
  Halves halves{first.key(EVP_PKEY_ED25519), second.key(EVP_PKEY_X25519)};
  if (!halves.signing) {
    return fail(damaged("it is damaged: its first block is no Ed25519 key"));
  }
  if (!halves.sealing) {
    return fail(damaged("it is damaged: its second block is no X25519 key"));
  }
  if (!Block(bio.get()).is_end()) {
    return fail(damaged("it is damaged: something follows its two blocks"));
  }
  return halves;
}

bool write_block(BIO* into, const EvpKey& key) {
  return ::PEM_write_bio_PKCS8PrivateKey(into, key.get(), nullptr, nullptr, 0, nullptr, nullptr) ==
         1;
}

}  // namespace

Result<PrivateKey> PrivateKey::load(const std::string& path) {
  auto read = http::read_key_file(path, http::Readers::owner_alone);
  if (!read) {
    auto error = std::move(read).error().during("private key");
    return fail(error.code() == Errc::not_found
                    ? std::move(error).hint("`rackscout key create` makes one")
                    : std::move(error));
  }
  const Secret file(std::move(*read));
  if (file.text().size() > kMostBytes) {
    return fail(Errc::too_large,
                fmt::format("{}: it is over {} KiB: no key", of_file(path), kMostBytes / 1024));
  }
  auto said = announced(file.text());
  auto halves = said ? halves_in(file.text()) : fail(said.error());
  if (!halves) {
    return fail(std::move(halves).error().during(of_file(path)));
  }
  auto secrets = std::make_unique<Secrets>();
  secrets->signing = std::move(halves->signing);
  secrets->sealing = std::move(halves->sealing);
  auto key = of(said->name, std::move(secrets));
  if (key && key->public_key() != *said) {
    return fail(
        damaged("it is damaged: its public line is that of another key").during(of_file(path)));
  }
  return key;
}

Result<void> PrivateKey::save(const std::string& path) const {
  const auto comment = fmt::format("{}{}\n", kComment, public_key_.line());
  // Its memory is wiped when it grows and when it is freed.
  const Bio bio(::BIO_new(::BIO_s_mem()));
  const bool packed = bio &&
                      ::BIO_write(bio.get(), comment.data(), static_cast<int>(comment.size())) ==
                          static_cast<int>(comment.size()) &&
                      write_block(bio.get(), secrets_->signing) &&
                      write_block(bio.get(), secrets_->sealing);
  char* text = nullptr;
  const long size = packed ? ::BIO_get_mem_data(bio.get(), &text) : 0;
  if (size <= 0) {
    ::ERR_clear_error();
    return fail(Errc::io, "OpenSSL could not write a key as text");
  }
  const auto written = write_whole(path, {text, static_cast<std::size_t>(size)}, IfThere::keep);
  if (!written) {
    return fail(Error(written.error())
                    .during(of_file(path))
                    .hint("name another file with --out, in a folder of your own"));
  }
  if (!*written) {
    return fail(Error(Errc::wrong_use, fmt::format("{}: there is one already", of_file(path)))
                    .hint("it is never replaced: name another file with --out, or move it away"));
  }
  return {};
}

}  // namespace ot::agent::bundle
