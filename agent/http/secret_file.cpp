#include "agent/http/secret_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <optional>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace ot::agent::http {
namespace {

constexpr std::size_t kMostBytes = 256 * 1024;
constexpr std::string_view kCredential = "credential:";

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

std::string_view credential_name(std::string_view named) {
  return named.substr(kCredential.size());
}

std::string hand_over(std::string_view named) {
  const auto name = credential_name(named);
  return fmt::format("the unit needs LoadCredential={0}:/etc/rackscout/{0}", name);
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

bool is_credential(std::string_view named) {
  return named.starts_with(kCredential);
}

Result<void> check_credential(std::string_view named) {
  constexpr std::size_t kLongest = 255;
  // As systemd has it: a file's name, and no colon, which ends it in the unit.
  const auto is_sound = [](char c) { return c > ' ' && c <= '~' && c != '/' && c != ':'; };
  const auto name = credential_name(named);
  if (name.empty() || name == "." || name == ".." || name.size() > kLongest ||
      !std::all_of(name.begin(), name.end(), is_sound)) {
    return fail(
        Error(Errc::wrong_use, "this is no name of a credential")
            .hint("write credential:NAME, with the NAME that LoadCredential= has in the unit"));
  }
  return {};
}

Result<std::string> secret_place(const std::string& named) {
  if (!is_credential(named)) {
    return named.starts_with('/')
               ? Result<std::string>(named)
               : fail(Errc::wrong_use, fmt::format("\"{}\" is no path from the root on", named));
  }
  if (auto sound = check_credential(named); !sound) {
    return fail(std::move(sound).error());
  }
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder == nullptr || *folder == '\0') {
    return fail(
        Error(Errc::not_found, fmt::format("\"{}\": systemd handed no credentials over", named))
            .hint(hand_over(named)));
  }
  return fmt::format("{}/{}", folder, credential_name(named));
}

std::string_view secret_in(std::string_view content) {
  for (const char end : {'\n', '\r'}) {
    if (!content.empty() && content.back() == end) {
      content.remove_suffix(1);
    }
  }
  return content;
}

Result<std::string> read_named_key(const std::string& named, Readers readers) {
  if (!is_credential(named)) {
    return read_key_file(named, readers);
  }
  const auto place = secret_place(named);
  if (!place) {
    return fail(place.error());
  }
  // A credential is the service's by an access list, which shows as a mode that lets the
  // group in; it is the folder that keeps others out.
  auto content = read_key_file(*place, Readers::anybody);
  if (!content && content.error().code() == Errc::not_found) {
    return fail(std::move(content).error().hint(hand_over(named)));
  }
  return content;
}

Result<std::string> read_secret(const std::string& named) {
  const auto place = secret_place(named);
  if (!place) {
    return fail(place.error());
  }
  const auto content = read_named_key(named, Readers::owner_alone);
  if (!content) {
    return fail(content.error());
  }
  const auto secret = secret_in(*content);
  if (secret.empty()) {
    return fail(Error(Errc::malformed, fmt::format("\"{}\" is empty", *place))
                    .hint("write the secret into it, as one line"));
  }
  return std::string(secret);
}

}  // namespace ot::agent::http
