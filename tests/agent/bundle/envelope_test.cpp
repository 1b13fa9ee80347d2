#include "agent/bundle/envelope.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "agent/bundle/chunk_cipher.hpp"
#include "base/hash.hpp"
#include "tests/catch.hpp"

using namespace ot;
using namespace ot::agent::bundle;

namespace {

constexpr std::size_t kChunk = 64 * 1024;
constexpr std::size_t kTag = 16;
constexpr std::size_t kHeader = 63;

/// One recipient for all tests.
const PrivateKey& anna() {
  static const auto key = PrivateKey::create("Anna").value();
  return key;
}

EnvelopeWriter::Sink into(std::string& text) {
  return [&text](std::string_view piece) {
    text += piece;
    return Result<void>();
  };
}

std::string sealed_for(const PublicKey& recipient, std::string_view text,
                       std::size_t piece = 10'000) {
  std::string sealed;
  auto writer = EnvelopeWriter::begin(recipient, into(sealed)).value();
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    REQUIRE(writer.add(text.substr(0, piece)));
  }
  REQUIRE(writer.finish());
  return sealed;
}

std::string sealed(std::string_view text) {
  return sealed_for(anna().public_key(), text);
}

struct Opened {
  Result<void> end;
  std::string text;  ///< what was given out
};

Opened opened(std::string_view sealed, const PrivateKey* key = &anna()) {
  Opened result;
  result.end = open_envelope(parsers::MemoryContent(sealed), key, into(result.text));
  return result;
}

/// A text without repetition.
std::string text_of(std::size_t size) {
  std::string text;
  std::uint32_t state = 1;
  for (; text.size() < size; state = state * 1664525 + 1013904223) {
    text += static_cast<char>(state >> 24);
  }
  return text;
}

std::string flipped(std::string text, std::size_t bit) {
  text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << bit % 8));
  return text;
}

/// Whose bytes can't be read from `bad` on.
class BadDisk final : public parsers::Content {
 public:
  BadDisk(std::string_view bytes, std::uint64_t bad) : content_(bytes), bad_(bad) {}

  std::uint64_t size() const override { return content_.size(); }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override {
    if (offset >= bad_) {
      return fail(Errc::io, "the disk is bad");
    }
    const auto good = std::min<std::uint64_t>(into.size(), bad_ - offset);
    return content_.read_at(offset, into.first(static_cast<std::size_t>(good)));
  }

 private:
  parsers::MemoryContent content_;
  std::uint64_t bad_;
};

/// Which shrank since it was opened, or gives a few bytes at a time.
class OddContent final : public parsers::Content {
 public:
  OddContent(std::string_view bytes, std::uint64_t said, std::size_t at_once)
      : content_(bytes), said_(said), at_once_(at_once) {}

  std::uint64_t size() const override { return said_; }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override {
    return content_.read_at(offset, into.first(std::min(into.size(), at_once_)));
  }

 private:
  parsers::MemoryContent content_;
  std::uint64_t said_;
  std::size_t at_once_;
};

}  // namespace

TEST_CASE("what was sealed is opened, whatever its size", "[envelope]") {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kChunk - 1, kChunk, kChunk + 1,
                                 2 * kChunk, 5 * kChunk + 12'345}) {
    const auto text = text_of(size);
    const auto chunks = std::max<std::size_t>(1, (size + kChunk - 1) / kChunk);
    for (const std::size_t piece : {std::size_t{777}, kChunk, 3 * kChunk}) {
      const auto closed = sealed_for(anna().public_key(), text, piece);
      CHECK(closed.size() == kHeader + size + chunks * kTag);
      const auto result = opened(closed);
      REQUIRE(result.end);
      CHECK(result.text == text);
    }
  }
}

TEST_CASE("an envelope is known by its first 16 bytes", "[envelope]") {
  const auto closed = sealed("text");
  CHECK(is_envelope(closed));
  CHECK(is_envelope(closed.substr(0, 16)));
  CHECK_FALSE(is_envelope(closed.substr(0, 15)));
  CHECK_FALSE(is_envelope("PK\x03\x04 and so on, and on"));
  CHECK_FALSE(is_envelope(""));
}

TEST_CASE("the same text is never sealed alike, and nothing of it shows", "[envelope]") {
  const std::string text(1000, 'a');
  const auto one = sealed(text);
  const auto other = sealed(text);
  CHECK(one.substr(kHeader) != other.substr(kHeader));
  CHECK(one.find("aaaa") == std::string::npos);
}

TEST_CASE("each bit that is flipped is found", "[envelope]") {
  const auto closed = sealed("a bundle, for Anna's eyes alone");
  for (std::size_t bit = 0; bit < closed.size() * 8; ++bit) {
    const auto result = opened(flipped(closed, bit));
    INFO("bit " << bit);
    REQUIRE_FALSE(result.end);
    CHECK(result.text.empty());
    const bool in_chunk = bit / 8 >= kHeader;
    CHECK((!in_chunk || result.end.error().code() == Errc::corrupt));
    CHECK((!in_chunk || result.end.error().position() == Position::offset(kHeader)));
  }
}

TEST_CASE("an envelope that is cut short anywhere is found", "[envelope]") {
  const auto closed = sealed("a bundle, for Anna's eyes alone");
  for (std::size_t size = 0; size < closed.size(); ++size) {
    const auto result = opened(closed.substr(0, size));
    INFO(size << " bytes");
    REQUIRE_FALSE(result.end);
    CHECK(result.text.empty());
    CHECK(result.end.error().code() == (size < 16 ? Errc::malformed : Errc::corrupt));
  }
}

TEST_CASE("an envelope of chunks that is cut or added to is found, wherever", "[envelope]") {
  const auto text = text_of(2 * kChunk + 100);
  const auto closed = sealed(text);
  constexpr auto kSealed = kChunk + kTag;
  for (const std::size_t size :
       {kHeader, kHeader + kSealed - 1, kHeader + kSealed, kHeader + kSealed + 1,
        kHeader + 2 * kSealed - kTag, kHeader + 2 * kSealed, closed.size() - 1}) {
    const auto result = opened(closed.substr(0, size));
    INFO(size << " bytes");
    REQUIRE_FALSE(result.end);
    CHECK(result.end.error().code() == Errc::corrupt);
    CHECK(result.end.error().position().unit == Position::Unit::offset);
    CHECK(text.starts_with(result.text));
    CHECK(result.text.size() <= 2 * kChunk);
  }
  for (const auto& more : {std::string("x"), std::string(kTag, 'x'), std::string(kSealed, 'x'),
                           closed.substr(kHeader)}) {
    CHECK_FALSE(opened(closed + more).end);
  }
  const auto full = sealed(text_of(kChunk));
  CHECK_FALSE(opened(full + "x").end);
  CHECK_FALSE(opened(full + full.substr(kHeader)).end);
}

TEST_CASE("chunks that changed places, or came of another envelope, are found", "[envelope]") {
  constexpr auto kSealed = kChunk + kTag;
  const auto text = text_of(3 * kChunk);
  const auto closed = sealed(text);
  const auto head = closed.substr(0, kHeader);
  const auto chunk = [&closed](std::size_t n) {
    return closed.substr(kHeader + n * kSealed, kSealed);
  };
  REQUIRE(opened(head + chunk(0) + chunk(1) + chunk(2)).end);
  CHECK_FALSE(opened(head + chunk(1) + chunk(0) + chunk(2)).end);
  CHECK_FALSE(opened(head + chunk(0) + chunk(2)).end);
  CHECK_FALSE(opened(head + chunk(0) + chunk(0) + chunk(1) + chunk(2)).end);
  CHECK_FALSE(opened(head + chunk(2)).end);
  const auto other = sealed(text);
  CHECK_FALSE(opened(head + chunk(0) + other.substr(kHeader + kSealed, kSealed) + chunk(2)).end);
  CHECK_FALSE(opened(other.substr(0, kHeader) + closed.substr(kHeader)).end);
}

TEST_CASE("nothing of an altered chunk is given out, and its offset is named", "[envelope]") {
  const auto text = text_of(3 * kChunk + 5);
  const auto at = kHeader + kChunk + kTag;  // the second chunk
  const auto result = opened(flipped(sealed(text), (at + 1000) * 8));
  REQUIRE_FALSE(result.end);
  CHECK(result.end.error().code() == Errc::corrupt);
  CHECK(result.end.error().position() == Position::offset(at));
  CHECK(result.text == text.substr(0, kChunk));
}

TEST_CASE("an envelope for somebody else is encrypted, and the hint says for whom", "[envelope]") {
  const auto berta = PrivateKey::create("Berta").value();
  const auto closed = sealed("for Anna");
  for (const auto* key : {static_cast<const PrivateKey*>(nullptr), &berta}) {
    const auto result = opened(closed, key);
    REQUIRE_FALSE(result.end);
    CHECK(result.end.error().code() == Errc::encrypted);
    CHECK_THAT(result.end.error().hint(), Catch::Contains(anna().public_key().id()));
    CHECK(result.text.empty());
  }
}

TEST_CASE("a form of the future is unsupported, and other files are malformed", "[envelope]") {
  auto closed = sealed("text");
  closed[17] = '2';
  CHECK(opened(closed).end.error().code() == Errc::unsupported);
  CHECK(opened("PK\x03\x04").end.error().code() == Errc::malformed);
  CHECK(opened(std::string(1000, '\0')).end.error().code() == Errc::malformed);
}

TEST_CASE("nothing is sealed for, or opened with, a point of low order", "[envelope]") {
  auto weak = anna().public_key();
  weak.sealing = std::string(32, '\0');
  std::string nothing;
  const auto writer = EnvelopeWriter::begin(weak, into(nothing));
  REQUIRE_FALSE(writer);
  CHECK(writer.error().code() == Errc::malformed);
  CHECK(nothing.empty());
  auto closed = sealed("text");
  closed.replace(27, 32, 32, '\0');
  const auto result = opened(closed);
  REQUIRE_FALSE(result.end);
  CHECK(result.end.error().code() == Errc::corrupt);
  CHECK(result.end.error().position() == Position::offset(27));
}

TEST_CASE("an envelope is closed once", "[envelope]") {
  std::string closed;
  auto writer = EnvelopeWriter::begin(anna().public_key(), into(closed)).value();
  REQUIRE(writer.add("text"));
  CHECK_FALSE(opened(closed).end);
  REQUIRE(writer.finish());
  CHECK(opened(closed).text == "text");
  CHECK(writer.finish().error().code() == Errc::wrong_use);
  CHECK(writer.add("more").error().code() == Errc::wrong_use);
  CHECK(opened(closed).text == "text");
}

TEST_CASE("a disk that is full or bad is told, and nothing goes on", "[envelope]") {
  std::size_t room = 100;
  const auto full = [&room](std::string_view piece) {
    if (piece.size() > room) {
      return Result<void>(fail(Errc::io, "no space left"));
    }
    room -= piece.size();
    return Result<void>();
  };
  auto writer = EnvelopeWriter::begin(anna().public_key(), full).value();
  CHECK(writer.add(text_of(2 * kChunk)).error().message() == "no space left");
  CHECK(writer.finish().error().code() == Errc::wrong_use);
  room = 10;
  CHECK(EnvelopeWriter::begin(anna().public_key(), full).error().code() == Errc::io);

  const auto text = text_of(2 * kChunk);
  const auto closed = sealed(text);
  std::string got;
  const auto read = open_envelope(BadDisk(closed, kHeader + kChunk + 1000), &anna(), into(got));
  REQUIRE_FALSE(read);
  CHECK(read.error().code() == Errc::io);
  CHECK(read.error().position() == Position::offset(kHeader + kChunk + 1000));
  CHECK(got == text.substr(0, kChunk));
  CHECK(open_envelope(parsers::MemoryContent(closed), &anna(), full).error().message() ==
        "no space left");
}

TEST_CASE("a file that comes in small pieces is read, and one that shrank is corrupt",
          "[envelope]") {
  const auto text = text_of(kChunk + 10);
  const auto closed = sealed(text);
  std::string got;
  REQUIRE(open_envelope(OddContent(closed, closed.size(), 999), &anna(), into(got)));
  CHECK(got == text);
  const auto shrunk = std::string_view(closed).substr(0, closed.size() - 1);
  got.clear();
  CHECK(
      open_envelope(OddContent(shrunk, closed.size(), kChunk), &anna(), into(got)).error().code() ==
      Errc::corrupt);
  CHECK(got == text.substr(0, kChunk));
}

TEST_CASE("a chunk is AES-256-GCM under HKDF-SHA256, as anybody computes it", "[envelope]") {
  const std::string shared(32, '\x0b');
  const std::string salt(64, '\x02');
  using Use = ChunkCipher::Use;
  auto cipher = ChunkCipher::begin(Use::seal, shared, salt, "bound").value();
  const std::string first(cipher.seal("one", false).value());
  const std::string last(cipher.seal("", true).value());
  // Of Python's `cryptography`: HKDF(SHA256, 32, salt, info), AESGCM(key).encrypt(nonce, ...).
  CHECK(hex(first) == "da5dbed315c723bc5f25ec6918bbca4b43a05d");
  CHECK(hex(last) == "585598ee335bd87257a5aeb24ff5dbd4");

  auto reader = ChunkCipher::begin(Use::open, shared, salt, "bound").value();
  CHECK(reader.open(first, false).value() == "one");
  CHECK(reader.open(last, true).value().empty());
  auto other = ChunkCipher::begin(Use::open, shared, salt, "other").value();
  CHECK(other.open(first, false).error().code() == Errc::corrupt);
}
