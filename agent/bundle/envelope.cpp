#include "agent/bundle/envelope.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "agent/bundle/chunk_cipher.hpp"
#include "agent/input_file.hpp"
#include "base/hash.hpp"

namespace ot::agent::bundle {
namespace {

constexpr std::string_view kMagic = "rackscout sealed 1\n";
constexpr std::string_view kAnyForm = "rackscout sealed";  // what all forms begin with
constexpr std::size_t kId = 8;
constexpr std::size_t kPoint = 32;  // RFC 7748, 5
constexpr std::size_t kEphemeralAt = kMagic.size() + kId;
constexpr std::size_t kChunkSizeAt = kEphemeralAt + kPoint;
constexpr std::size_t kHeader = kChunkSizeAt + 4;
constexpr std::uint32_t kChunk = 64 * 1024;

std::string big_endian(std::uint32_t number) {
  std::string bytes;
  for (unsigned shift = 32; shift > 0; shift -= 8) {
    bytes += static_cast<char>(number >> (shift - 8) & 0xFF);
  }
  return bytes;
}

/// "3f1c-09ab-77d0-e512" of its eight bytes, as PublicKey::id() has it.
std::string id_of(std::string_view bytes) {
  auto id = hex(bytes);
  for (const std::size_t at : {12U, 8U, 4U}) {
    id.insert(at, 1, '-');
  }
  return id;
}

/// The reverse.
std::string bytes_of_id(std::string_view id) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  int high = -1;
  for (const char c : id) {
    if (c == '-') {
      continue;
    }
    if (high < 0) {
      high = digit(c);
    } else {
      bytes += static_cast<char>(high << 4 | digit(c));
      high = -1;
    }
  }
  return bytes;
}

/// The cipher of both ends: who sealed has the secret of the ephemeral key, who opens that of
/// the recipient.
Result<ChunkCipher> cipher_for(ChunkCipher::Use use, std::string shared, std::string_view header,
                               std::string_view recipient) {
  const auto ephemeral = header.substr(kEphemeralAt, kPoint);
  auto salt = std::string(ephemeral) + std::string(recipient);
  return ChunkCipher::begin(use, std::move(shared), salt, std::string(header));
}

tl::unexpected<Error> corrupt(std::uint64_t offset, std::string message) {
  return fail(Error(Errc::corrupt, std::move(message))
                  .at(Position::offset(offset))
                  .hint("ask for another copy of the bundle"));
}

tl::unexpected<Error> for_somebody_else(std::string_view id, const PrivateKey* key) {
  return fail(
      Error(Errc::encrypted, key == nullptr
                                 ? fmt::format("it is encrypted for the key {}", id)
                                 : fmt::format("it is encrypted for the key {}, and ours is {}", id,
                                               key->public_key().id()))
          .hint(fmt::format("only who has the private key {} can open it: name its file with --key",
                            id)));
}

Result<std::string> read_header(const parsers::Content& content) {
  std::string header(kHeader, '\0');
  const auto got = read_fully(content, 0, header);
  if (!got) {
    return fail(got.error());
  }
  header.resize(*got);
  if (!is_envelope(header)) {
    return fail(Errc::malformed, "this is no encrypted bundle");
  }
  if (header.size() < kHeader) {
    return corrupt(header.size(), "it is cut short: it ends within its header");
  }
  if (!header.starts_with(kMagic)) {
    return fail(Error(Errc::unsupported, "it is encrypted in a form that is not read here")
                    .at(Position::offset(kAnyForm.size()))
                    .hint("a newer rackscout may read it"));
  }
  if (!header.ends_with(big_endian(kChunk))) {
    return corrupt(kChunkSizeAt, fmt::format("its chunks are not of {} bytes", kChunk));
  }
  return header;
}

Result<ChunkCipher> cipher_of(std::string_view header, const PrivateKey* key) {
  const auto id = id_of(header.substr(kMagic.size(), kId));
  if (key == nullptr || key->public_key().id() != id) {
    return for_somebody_else(id, key);
  }
  auto shared = key->agree(header.substr(kEphemeralAt, kPoint));
  if (!shared) {
    return corrupt(kEphemeralAt, "it is altered: " + shared.error().message());
  }
  return cipher_for(ChunkCipher::Use::open, std::move(*shared), header, key->public_key().sealing);
}

/// Opens chunk after chunk; the last one is the one that ends with the content.
Result<void> open_chunks(const parsers::Content& content, ChunkCipher cipher,
                         const EnvelopeWriter::Sink& sink) {
  std::vector<char> sealed(kChunk + ChunkCipher::kTag);
  std::uint64_t offset = kHeader;
  for (bool is_last = false; !is_last;) {
    const auto left = content.size() - std::min(offset, content.size());
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left, sealed.size()));
    is_last = size == left;
    const auto got = read_fully(content, offset, std::span(sealed).first(size));
    if (!got) {
      return fail(got.error());
    }
    if (*got < size || size < ChunkCipher::kTag) {
      return corrupt(offset, "it is cut short: a chunk of it is missing, or a part of one");
    }
    const auto plain = cipher.open({sealed.data(), size}, is_last);
    if (!plain) {
      return corrupt(offset,
                     "the chunk that begins here is altered, or the bundle was cut short "
                     "or added to");
    }
    if (auto taken = sink(*plain); !taken) {
      return taken;
    }
    offset += size;
  }
  return {};
}

}  // namespace

bool is_envelope(std::string_view beginning) {
  return beginning.starts_with(kAnyForm);
}

struct EnvelopeWriter::State {
  State(ChunkCipher made, Sink into) : cipher(std::move(made)), sink(std::move(into)) {}

  Result<void> seal(bool is_last);

  ChunkCipher cipher;
  Sink sink;
  std::string waiting;  ///< at most a chunk: only then it is known not to be the last one
  bool is_over = false;
};

Result<void> EnvelopeWriter::State::seal(bool is_last) {
  is_over = is_last;
  const auto sealed = cipher.seal(waiting, is_last);
  waiting.clear();
  auto written = sealed ? sink(*sealed) : fail(sealed.error());
  is_over = is_over || !written;
  return written;
}

Result<EnvelopeWriter> EnvelopeWriter::begin(const PublicKey& recipient, Sink sink) {
  const auto ephemeral = PrivateKey::create({});
  if (!ephemeral) {
    return fail(ephemeral.error());
  }
  auto shared = ephemeral->agree(recipient.sealing);
  if (!shared) {
    return fail(std::move(shared).error().during("encrypt for " + recipient.id()));
  }
  const auto header = std::string(kMagic) + bytes_of_id(recipient.id()) +
                      ephemeral->public_key().sealing + big_endian(kChunk);
  auto cipher = cipher_for(ChunkCipher::Use::seal, std::move(*shared), header, recipient.sealing);
  if (!cipher) {
    return fail(std::move(cipher).error());
  }
  if (auto written = sink(header); !written) {
    return fail(std::move(written).error());
  }
  return EnvelopeWriter(std::make_unique<State>(std::move(*cipher), std::move(sink)));
}

EnvelopeWriter::EnvelopeWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
EnvelopeWriter::EnvelopeWriter(EnvelopeWriter&&) noexcept = default;
EnvelopeWriter& EnvelopeWriter::operator=(EnvelopeWriter&&) noexcept = default;
EnvelopeWriter::~EnvelopeWriter() = default;

Result<void> EnvelopeWriter::add(std::string_view piece) {
  if (state_->is_over) {
    return fail(Errc::wrong_use, "the envelope is closed already");
  }
  while (!piece.empty()) {
    if (state_->waiting.size() == kChunk) {
      if (auto sealed = state_->seal(false); !sealed) {
        return sealed;
      }
    }
    const auto taken = piece.substr(0, kChunk - state_->waiting.size());
    state_->waiting += taken;
    piece.remove_prefix(taken.size());
  }
  return {};
}

Result<void> EnvelopeWriter::finish() {
  if (state_->is_over) {
    return fail(Errc::wrong_use, "the envelope is closed already");
  }
  return state_->seal(true);
}

Result<void> open_envelope(const parsers::Content& content, const PrivateKey* key,
                           const EnvelopeWriter::Sink& sink) {
  const auto header = read_header(content);
  auto cipher = header ? cipher_of(*header, key) : fail(header.error());
  return cipher ? open_chunks(content, std::move(*cipher), sink) : fail(std::move(cipher).error());
}

}  // namespace ot::agent::bundle
