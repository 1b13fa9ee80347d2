#include "agent/config/rights.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <system_error>

#include <sys/stat.h>

#include <fmt/format.h>

#include "agent/config/mending.hpp"
#include "base/nearest.hpp"

namespace ot::agent {
namespace {

/// "path" of "folder[0].path", "targets" of "probe[0].targets[2]"
std::string_view own_name(std::string_view key) {
  key.remove_prefix(key.rfind('.') + 1);
  return key.substr(0, key.find('['));
}

/// "; did you mean ...?" among what lies beside it.
std::string neighbours(const std::string& path) {
  constexpr int kMostEntries = 1000;
  const std::filesystem::path whole(path);
  Nearest nearest(whole.filename().string(), 2);
  std::error_code failed;
  std::filesystem::directory_iterator entry(whole.parent_path(), failed);
  for (int seen = 0;
       !failed && seen < kMostEntries && entry != std::filesystem::directory_iterator(); ++seen) {
    nearest.consider(entry->path().filename().string());
    entry.increment(failed);
  }
  return did_you_mean(nearest.take());
}

std::string owner_text(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return {};
  }
  return fmt::format(" ({}:{}, mode {:04o})", user_name(status.st_uid), group_name(status.st_gid),
                     status.st_mode & 07777);
}

}  // namespace

std::string real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr),
                                                         &std::free);
  return real ? real.get() : path;
}

std::string folder_of(const std::string& path) {
  return std::filesystem::path(path).parent_path().string();
}

TextPlace RightsCheck::place(const std::string& key) const {
  const auto found = places_->find(key);
  return found == places_->end() ? TextPlace{} : found->second;
}

void RightsCheck::mistake(const std::string& key, std::string_view what, std::string hint) {
  const auto name = own_name(key);
  findings_.mistake(place(key), key, fmt::format("{}{}{}", name, name.empty() ? "" : ": ", what),
                    std::move(hint));
}

void RightsCheck::warning(const std::string& key, std::string_view what, std::string hint) {
  const auto name = own_name(key);
  findings_.warning(place(key), key, fmt::format("{}{}{}", name, name.empty() ? "" : ": ", what),
                    std::move(hint));
}

std::optional<RightsCheck::Tried> RightsCheck::try_path(const NamedPath& named, Want want) {
  const auto real = real_path(named.path);
  const auto access = try_access(*account_, real, want);
  if (!access) {
    warning(named.key, fmt::format("can't be tried: {}", access.error().message()),
            access.error().hint());
    return std::nullopt;
  }
  const bool is_folder = want == Want::list || want == Want::enter || want == Want::make;
  switch (access->error) {
    case 0:
    case EACCES:
    case EPERM: return Tried{real, *access};
    case ENOENT:
      mistake(
          named.key, fmt::format("there is no {}{}", quote(access->at), neighbours(access->at)),
          is_folder ? "sudo mkdir -p " + shell_word(real) : "put it there, or correct the path");
      return std::nullopt;
    case ENOTDIR:
      mistake(named.key, fmt::format("{} is no folder", quote(access->at)), "correct the path");
      return std::nullopt;
    default: break;
  }
  mistake(named.key,
          fmt::format("{}: {}", quote(access->at), std::generic_category().message(access->error)),
          "correct the path, or what is there");
  return std::nullopt;
}

std::string RightsCheck::refusal(const Access& access, std::string_view end) const {
  return fmt::format("{} can't {}: {}{} refuses it", account_->name, end, quote(access.at),
                     owner_text(access.at));
}

}  // namespace ot::agent
