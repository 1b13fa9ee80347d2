#include "agent/http/secret_file.hpp"

#include <array>
#include <cerrno>
#include <optional>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace ot::agent::http {
namespace {

constexpr std::size_t kMostBytes = 256 * 1024;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

tl::unexpected<Error> system_failure(std::string_view action, const std::string& path) {
  return fail(system_error(errno, fmt::format("{} \"{}\"", action, path)));
}

std::optional<Error> objection(const struct stat& status, const std::string& path,
                               Readers readers) {
  if (!S_ISREG(status.st_mode)) {
    return Error(Errc::wrong_use, fmt::format("\"{}\" is no regular file", path));
  }
  if (readers == Readers::anybody) {
    return std::nullopt;
  }
  const auto us = ::geteuid();
  switch (exposure_of(status, us)) {
    case Exposure::none: break;
    case Exposure::mode:
      return Error(Errc::forbidden, fmt::format("\"{}\" holds a secret, and others than its owner "
                                                "may open it (mode {:04o})",
                                                path, status.st_mode & 07777))
          .hint(fmt::format("chmod 600 '{}'", path));
    case Exposure::owner:
      return Error(Errc::forbidden,
                   fmt::format("\"{}\" holds a secret, and belongs to another user", path))
          .hint(fmt::format("chown {} '{}'", us, path));
  }
  return std::nullopt;
}

Result<std::string> read_all(int descriptor, const std::string& path) {
  std::string text;
  std::array<char, 4096> chunk;
  for (;;) {
    const auto size = ::read(descriptor, chunk.data(), chunk.size());
    if (size < 0 && errno == EINTR) {
      continue;
    }
    if (size < 0) {
      return system_failure("read", path);
    }
    if (size == 0) {
      return text;
    }
    text.append(chunk.data(), static_cast<std::size_t>(size));
    if (text.size() > kMostBytes) {
      return fail(Errc::too_large,
                  fmt::format("\"{}\" is over {} KiB: no key", path, kMostBytes / 1024));
    }
  }
}

}  // namespace

Exposure exposure_of(const struct stat& status, uid_t reader) {
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Exposure::mode;
  }
  const bool is_own = reader == 0 || status.st_uid == reader || status.st_uid == 0;
  return is_own ? Exposure::none : Exposure::owner;
}

Result<std::string> read_key_file(const std::string& path, Readers readers) {
  // O_NONBLOCK: a FIFO of that name must not hold us.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open()) {
    return system_failure("open", path);
  }
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) {
    return system_failure("look at", path);
  }
  if (auto wrong = objection(status, path, readers)) {
    return fail(std::move(*wrong));
  }
  return read_all(file.number(), path);
}

}  // namespace ot::agent::http
