#include "agent/bundle/container_decrypted.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "agent/bundle/envelope.hpp"

namespace ot::agent::bundle {
namespace {

/// What an envelope begins with: its form, and for whom it is.
constexpr std::size_t kAddress = 27;

/// A file without a name. Who gets to read it can't write it: it is opened twice.
class Scratch {
 public:
  static Result<Scratch> create() {
    const char* named = std::getenv("TMPDIR");
    const std::string folder = named == nullptr || *named == '\0' ? "/var/tmp" : named;
    auto scratch = without_name(folder);
    if (!scratch.is_open()) {
      scratch = for_a_moment_named(folder);
    }
    if (!scratch.is_open()) {
      return fail(system_error(errno, fmt::format("make a temporary file in \"{}\"", folder))
                      .hint("name another folder in TMPDIR"));
    }
    return scratch;
  }
  Scratch(Scratch&& other) noexcept
      : written_(std::exchange(other.written_, -1)),
        read_(std::exchange(other.read_, -1)),
        size_(other.size_) {}
  Scratch& operator=(Scratch&& other) noexcept {
    std::swap(written_, other.written_);
    std::swap(read_, other.read_);
    std::swap(size_, other.size_);
    return *this;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    for (const int file : {written_, read_}) {
      if (file >= 0) {
        ::close(file);
      }
    }
  }

  Result<void> add(std::string_view piece) {
    while (!piece.empty()) {
      const auto count = ::write(written_, piece.data(), piece.size());
      if (count < 0 && errno != EINTR) {
        return fail(system_error(errno, "write what was decrypted to a temporary file")
                        .hint("name a folder with more room in TMPDIR"));
      }
      const auto written = static_cast<std::size_t>(std::max<ssize_t>(count, 0));
      size_ += written;
      piece.remove_prefix(written);
    }
    return {};
  }

  /// What was written; nothing more can be.
  InputFile finish() && { return InputFile::received(std::exchange(read_, -1), size_); }

 private:
  Scratch(int written, int read) : written_(written), read_(read) {}

  bool is_open() const { return written_ >= 0 && read_ >= 0; }

  /// Not every file system can do that, and not everywhere is there a /proc.
  static Scratch without_name(const std::string& folder) {
    const int file = ::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    const auto path = fmt::format("/proc/self/fd/{}", file);
    return {file, file < 0 ? -1 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  }

  static Scratch for_a_moment_named(const std::string& folder) {
    auto path = folder + "/rackscout-XXXXXX";
    const int file = ::mkostemp(path.data(), O_CLOEXEC);
    if (file < 0) {
      return {-1, -1};
    }
    Scratch scratch(file, ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    const int number = errno;
    const bool gone = ::unlink(path.c_str()) == 0;
    errno = scratch.read_ < 0 ? number : errno;
    return gone ? std::move(scratch) : Scratch(-1, -1);
  }

  int written_;
  int read_;
  std::uint64_t size_ = 0;
};

/// An envelope with another beginning.
class Readdressed final : public parsers::Content {
 public:
  Readdressed(const parsers::Content& envelope, std::string address)
      : envelope_(envelope), address_(std::move(address)) {}

  std::uint64_t size() const override { return envelope_.size(); }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override {
    auto count = envelope_.read_at(offset, into);
    if (count && offset < address_.size()) {
      address_.copy(into.data(), *count, static_cast<std::size_t>(offset));
    }
    return count;
  }

 private:
  const parsers::Content& envelope_;
  std::string address_;
};

/// Whether it opens with our key once it bears our address: then it is for us, and was altered.
bool was_for_us(const parsers::Content& envelope, const PrivateKey& own) {
  std::string address;
  const auto begun =
      EnvelopeWriter::begin(own.public_key(), [&address](std::string_view piece) -> Result<void> {
        address += piece;
        return {};
      });
  if (!begun || address.size() < kAddress) {
    return false;
  }
  address.resize(kAddress);
  bool opened = false;
  const auto stop_at_once = [&opened](std::string_view) {
    opened = true;
    return Result<void>(fail(Errc::cancelled, "enough"));
  };
  static_cast<void>(open_envelope(Readdressed(envelope, std::move(address)), &own, stop_at_once));
  return opened;
}

}  // namespace

Result<InputFile> decrypted(const parsers::Content& envelope, const Keyring& keys) {
  auto scratch = Scratch::create();
  if (!scratch) {
    return fail(std::move(scratch).error());
  }
  const auto* own = keys.own ? &*keys.own : nullptr;
  auto opened =
      open_envelope(envelope, own, [&](std::string_view piece) { return scratch->add(piece); });
  if (opened) {
    return std::move(*scratch).finish();
  }
  const auto code = opened.error().code();
  const bool foreign = code == Errc::encrypted || code == Errc::unsupported;
  if (foreign && own != nullptr && was_for_us(envelope, *own)) {
    return fail(Error(Errc::corrupt, "its header is altered: it is encrypted for us all the same")
                    .hint("ask for another copy of the bundle"));
  }
  return fail(std::move(opened).error());
}

}  // namespace ot::agent::bundle
