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

/// A file without a name.
class Scratch final : public parsers::Content {
 public:
  static Result<std::unique_ptr<Scratch>> create() {
    const char* named = std::getenv("TMPDIR");
    const std::string folder = named == nullptr || *named == '\0' ? "/var/tmp" : named;
    int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0) {  // not every file system can do that
      auto path = folder + "/rackscout-XXXXXX";
      file = ::mkostemp(path.data(), O_CLOEXEC);
      if (file < 0 || ::unlink(path.c_str()) != 0) {
        return fail(system_error(errno, fmt::format("make a temporary file in \"{}\"", folder))
                        .hint("name another folder in TMPDIR"));
      }
    }
    return std::unique_ptr<Scratch>(new Scratch(file));
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() override { ::close(file_); }

  Result<void> add(std::string_view piece) {
    while (!piece.empty()) {
      const auto count = ::write(file_, piece.data(), piece.size());
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

  std::uint64_t size() const override { return size_; }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override {
    for (;;) {
      const auto got = ::pread(file_, into.data(), into.size(), static_cast<off_t>(offset));
      if (got >= 0) {
        return static_cast<std::size_t>(got);
      }
      if (errno != EINTR) {
        return fail(system_error(errno, "read what was decrypted"));
      }
    }
  }

 private:
  explicit Scratch(int file) : file_(file) {}

  int file_;
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
      const auto size = std::min<std::size_t>(*count, address_.size() - offset);
      std::copy_n(address_.begin() + static_cast<std::ptrdiff_t>(offset), size, into.begin());
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

Result<std::unique_ptr<parsers::Content>> decrypted(const parsers::Content& envelope,
                                                    const Keyring& keys) {
  auto scratch = Scratch::create();
  if (!scratch) {
    return fail(std::move(scratch).error());
  }
  const auto* own = keys.own ? &*keys.own : nullptr;
  auto opened =
      open_envelope(envelope, own, [&](std::string_view piece) { return (**scratch).add(piece); });
  if (opened) {
    return std::move(*scratch);
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
