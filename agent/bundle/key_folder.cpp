#include "agent/bundle/key_folder.hpp"

#include <cerrno>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace ot::agent::bundle {
namespace {

std::string folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

tl::unexpected<Error> folder_failed(std::string_view action, const std::string& folder) {
  return fail(system_error(errno, fmt::format("{} \"{}\"", action, folder)));
}

}  // namespace

Result<void> make_folder_of(const std::string& path) {
  std::filesystem::path made;
  for (const auto& part : std::filesystem::path(folder_of(path))) {
    made /= part;
    struct stat status {};
    if (::stat(made.c_str(), &status) == 0) {
      continue;
    }
    if (::mkdir(made.c_str(), 0700) != 0 && errno != EEXIST) {
      return folder_failed("create the folder", made.string());
    }
  }
  return {};
}

Result<FolderLock> FolderLock::of_file(const std::string& path) {
  const auto folder = folder_of(path);
  FolderLock lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (lock.descriptor_ < 0) {
    return folder_failed("open the folder", folder);
  }
  while (::flock(lock.descriptor_, LOCK_EX) != 0) {
    if (errno != EINTR) {
      return folder_failed("lock the folder", folder);
    }
  }
  return lock;
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

}  // namespace ot::agent::bundle
