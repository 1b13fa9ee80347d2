#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "agent/config/mending.hpp"
#include "agent/config/rights.hpp"
#include "agent/store_path.hpp"

namespace ot::agent {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;

/// What the account can read there, up to a megabyte; without a value it is told.
std::optional<std::string> content_of(RightsCheck& at, const NamedPath& named) {
  if (!can_read(at, named, let_read_file)) {
    return std::nullopt;
  }
  std::ifstream file(named.path, std::ios::binary);
  std::string content(kMostBytes, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(file.gcount()));
  return content;
}

/// Every line that is no exclusion, at its place in that file.
void check_exclusions(RightsCheck& at, const NamedPath& named) {
  const auto content = content_of(at, named);
  std::uint32_t number = 0;
  for (std::string_view rest = content ? *content : std::string_view(); !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    ++number;
    protocols::link::Exclusions exclusions;
    if (auto added = exclusions.add_lines(rest.substr(0, end)); !added) {
      at.findings().add(
          {named.path, {number, 1}, named.key, added.error().message(), added.error().hint()});
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

void check_stop_file(RightsCheck& at, const std::string& path) {
  const NamedPath folder{"safety.stop_file", folder_of(path)};
  if (!is_there(folder.path)) {
    return at.warning(folder.key, fmt::format("there is no folder {} now", quote(folder.path)),
                      own_folder(at.account(), folder.path));
  }
  const auto tried = at.try_path(folder, Want::enter);
  if (tried && !tried->access.granted()) {
    return at.mistake(folder.key, at.refusal(tried->access, "see whether this file is there"),
                      let_enter(at.account(), tried->real));
  }
  if (is_there(path)) {
    at.warning(folder.key, fmt::format("{} is there: nothing is asked", quote(path)),
               "sudo rm " + shell_word(path));
  }
}

/// The store's lock and its write-ahead log are made beside it at each start, as are the
/// token and the socket for the status.
void check_store(RightsCheck& at, const NamedPath& named) {
  if (is_there(named.path)) {
    check_making(at, {named.key, folder_of(named.path)});
  }
  check_writable(at, named);
}

}  // namespace

bool is_there(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

bool can_read(RightsCheck& at, const NamedPath& named, Mending mending) {
  struct stat status {};
  if (::stat(named.path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    at.mistake(named.key, quote(named.path) + " is no file", "correct the path");
    return false;
  }
  const auto tried = at.try_path(named, Want::read);
  if (tried && !tried->access.granted()) {
    at.mistake(named.key, at.refusal(tried->access, "read this file"),
               mending(at.account(), tried->real, tried->access.at));
  }
  return tried && tried->access.granted();
}

void check_making(RightsCheck& at, const NamedPath& folder) {
  const auto tried = at.try_path(folder, Want::make);
  if (tried && !tried->access.granted()) {
    at.mistake(folder.key,
               at.refusal(tried->access, fmt::format("make files in {}", quote(folder.path))),
               let_make_files(at.account(), tried->real, tried->access.at));
  }
}

void check_writable(RightsCheck& at, const NamedPath& named) {
  if (is_there(named.path)) {
    const auto tried = at.try_path(named, Want::write);
    if (tried && !tried->access.granted()) {
      at.mistake(named.key, at.refusal(tried->access, "write this file"),
                 fmt::format("sudo chown {}: {}", at.account().name, shell_word(tried->real)));
    }
    return;
  }
  const auto folder = folder_of(named.path);
  if (!is_there(folder)) {
    return at.mistake(named.key, fmt::format("there is no folder {}", quote(folder)),
                      own_folder(at.account(), folder));
  }
  check_making(at, {named.key, folder});
}

std::string store_of(const RightsCheck& at) {
  const auto& named = at.config().store.path;
  if (!named.empty()) {
    return named;
  }
  if (at.account().name == kServiceUser) {
    return default_store_path({[](const char*) { return std::string(); }, true}).value_or("");
  }
  return at.account().uid == ::geteuid() ? store_path({}).value_or("") : "";
}

void check_safety_files(RightsCheck& at) {
  const auto& config = at.config();
  for (std::size_t i = 0; i < config.exclude_files.size(); ++i) {
    if (is_whole_path(config.exclude_files[i])) {
      check_exclusions(at, {fmt::format("safety.exclude_files[{}]", i), config.exclude_files[i]});
    }
  }
  if (!config.stop_file.empty()) {
    check_stop_file(at, config.stop_file);
  }
}

void check_written_files(RightsCheck& at) {
  if (!at.config().ledger.empty()) {
    check_writable(at, {"safety.ledger", at.config().ledger});
  }
  // A folder by default is made by the service itself, or for it.
  const auto store = store_of(at);
  if (!store.empty() && (!at.config().store.path.empty() || is_there(store))) {
    check_store(at, {"store.path", store});
  }
}

}  // namespace ot::agent
