#include "agent/bundle/trusted_keys.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "agent/bundle/key_folder.hpp"
#include "agent/whole_file.hpp"
#include "base/text.hpp"

namespace ot::agent::bundle {
namespace {

constexpr std::size_t kMostBytes = 256 * 1024;
constexpr mode_t kMode = 0644;  // no secret; but nobody else may write to it

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

std::string of_file(const std::string& path) {
  return fmt::format("trusted keys \"{}\"", path);
}

tl::unexpected<Error> system_failed(const std::string& path) {
  return fail(system_error(errno, of_file(path)));
}

/// Who may write to it decides whom we trust.
Result<void> check_writers(const struct stat& status, const std::string& path) {
  if (!S_ISREG(status.st_mode)) {
    return fail(Errc::forbidden, fmt::format("{}: no regular file", of_file(path)));
  }
  if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
    return fail(
        Error(Errc::forbidden, fmt::format("{}: it belongs to another user, who decides "
                                           "by it whom you trust",
                                           of_file(path)))
            .hint(fmt::format("look at what is in it, then: chown {} '{}'", ::geteuid(), path)));
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return fail(Error(Errc::forbidden, fmt::format("{}: others than its owner may write to it "
                                                   "(mode {:04o})",
                                                   of_file(path), status.st_mode & 07777))
                    .hint(fmt::format("look at what is in it, then: chmod 644 '{}'", path)));
  }
  return {};
}

tl::unexpected<Error> too_many(const std::string& path) {
  return fail(
      Error(Errc::too_large, fmt::format("{}: it is over {} KiB", of_file(path), kMostBytes / 1024))
          .hint("`rackscout key forget ID` takes out whom you don't need"));
}

/// Empty where there is no file.
Result<std::string> read_text(const std::string& path) {
  // O_NONBLOCK: a FIFO of that name must not hold us.
  const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (opened < 0) {
    return errno == ENOENT ? Result<std::string>(std::string()) : system_failed(path);
  }
  const File file(::fdopen(opened, "r"));
  struct stat status {};
  if (!file || ::fstat(opened, &status) != 0) {
    return system_failed(path);
  }
  if (auto sound = check_writers(status, path); !sound) {
    return fail(std::move(sound).error());
  }
  std::string text(kMostBytes + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) {
    return system_failed(path);
  }
  return text.size() > kMostBytes ? too_many(path) : Result<std::string>(std::move(text));
}

/// Takes the first line off the text; it keeps its line feed.
std::string_view next_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end == text.npos ? end : end + 1);
  text.remove_prefix(line.size());
  return line;
}

bool holds_key(std::string_view line) {
  line = trim(line);
  return !line.empty() && line.front() != '#';
}

Result<std::vector<PublicKey>> keys_in(std::string_view text) {
  std::vector<PublicKey> keys;
  for (std::uint64_t number = 1; !text.empty(); ++number) {
    const auto line = next_line(text);
    if (!holds_key(line)) {
      continue;
    }
    auto key = public_key_from(line);
    if (!key) {
      return fail(std::move(key).error().during(fmt::format("line {}", number)));
    }
    keys.push_back(std::move(*key));
  }
  return keys;
}

Result<std::vector<PublicKey>> keys_of(std::string_view text, const std::string& path) {
  auto keys = keys_in(text);
  return keys ? std::move(keys) : fail(std::move(keys).error().during(of_file(path)));
}

Result<void> write_text(const std::string& path, const std::string& text) {
  if (text.size() > kMostBytes) {
    return too_many(path);
  }
  const auto written = write_whole(path, text, IfThere::replace, {.mode = kMode, .group = {}});
  return written ? Result<void>() : fail(Error(written.error()).during(of_file(path)));
}

bool are_same(const PublicKey& one, const PublicKey& other) {
  return one.signing == other.signing && one.sealing == other.sealing;
}

Result<bool> add(const std::string& path, const PublicKey& key) {
  auto text = read_text(path);
  const auto keys = text ? keys_of(*text, path) : fail(text.error());
  if (!keys) {
    return fail(keys.error());
  }
  const auto id = key.id();
  const auto known = std::find_if(keys->begin(), keys->end(),
                                  [&id](const PublicKey& other) { return other.id() == id; });
  if (known != keys->end()) {
    return are_same(*known, key)
               ? Result<bool>(false)
               : fail(Errc::forbidden, fmt::format("another key has the id {} as well", id));
  }
  if (!text->empty() && text->back() != '\n') {
    *text += '\n';
  }
  const auto written = write_text(path, *text + key.line() + "\n");
  return written ? Result<bool>(true) : fail(written.error());
}

Result<PublicKey> take_out(const std::string& path, std::string_view id) {
  const auto text = read_text(path);
  const auto keys = text ? keys_of(*text, path) : fail(text.error());
  if (!keys) {
    return fail(keys.error());
  }
  const auto meant = std::find_if(keys->begin(), keys->end(),
                                  [id](const PublicKey& key) { return key.id() == id; });
  if (meant == keys->end()) {
    return fail(Error(Errc::not_found, fmt::format("no trusted key has the id \"{}\"", id))
                    .hint("`rackscout key list` shows whom you trust"));
  }
  std::string kept;
  for (std::string_view rest = *text; !rest.empty();) {
    const auto line = next_line(rest);
    const auto key = holds_key(line) ? public_key_from(line) : fail(Errc::malformed, "");
    kept += key && key->id() == id ? std::string_view() : line;
  }
  const auto written = write_text(path, kept);
  return written ? Result<PublicKey>(*meant) : fail(written.error());
}

}  // namespace

Result<std::vector<PublicKey>> load_trusted_keys(const std::string& path) {
  const auto text = read_text(path);
  return text ? keys_of(*text, path) : fail(text.error());
}

Result<bool> trust_key(const std::string& path, const PublicKey& key) {
  auto made = make_folder_of(path);
  const auto lock = made ? FolderLock::of_file(path) : fail(std::move(made).error());
  return lock ? add(path, key) : fail(Error(lock.error()).during(of_file(path)));
}

Result<PublicKey> forget_key(const std::string& path, std::string_view id) {
  const auto lock = FolderLock::of_file(path);
  if (!lock && lock.error().code() != Errc::not_found) {
    return fail(Error(lock.error()).during(of_file(path)));
  }
  return take_out(path, id);  // without a folder there is no such key
}

Result<PublicKey> only_key_in(std::string_view text) {
  if (text.find("PRIVATE KEY-----") != text.npos) {
    return fail(Error(Errc::malformed, "this is a private key, which its owner never hands on")
                    .hint("its public line is what `rackscout key show --key FILE` prints"));
  }
  auto keys = keys_in(text);
  if (!keys) {
    return fail(std::move(keys).error());
  }
  if (keys->size() != 1) {
    return fail(Errc::malformed,
                fmt::format("it holds {} public keys, and one is expected", keys->size()));
  }
  return std::move(keys->front());
}

}  // namespace ot::agent::bundle
