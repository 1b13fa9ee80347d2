#include "agent/walk.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include <dirent.h>
#include <sys/stat.h>

#include <fmt/format.h>

#include "agent/input_file.hpp"

namespace ot::agent {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

struct Folder {
  std::string path;
  std::size_t depth;
};

std::string joined(const std::string& folder, const std::string& name) {
  return folder.ends_with('/') ? folder + name : folder + "/" + name;
}

/// File systems that don't tell the type in the listing are asked.
FolderEntry::Type type_of(const std::string& folder, const dirent& entry) {
  auto type = entry.d_type;
  struct stat status {};
  if (type == DT_UNKNOWN && ::lstat(joined(folder, entry.d_name).c_str(), &status) == 0) {
    type = static_cast<unsigned char>(IFTODT(status.st_mode));
  }
  switch (type) {
    case DT_REG: return FolderEntry::Type::file;
    case DT_DIR: return FolderEntry::Type::folder;
    case DT_LNK: return FolderEntry::Type::link;
    default: return FolderEntry::Type::other;
  }
}

/// One walk: a stack of folders, the next to visit on top.
class Walk {
 public:
  explicit Walk(const OnFile& on_file) : on_file_(on_file) {}

  WalkReport through(const std::string& folder) {
    waiting_.push_back({folder, 0});
    while (!waiting_.empty() && !stopped_) {
      const auto next = std::move(waiting_.back());
      waiting_.pop_back();
      visit(next);
    }
    return std::move(report_);
  }

 private:
  void visit(const Folder& folder);
  void visit_file(const std::string& path);

  const OnFile& on_file_;
  WalkReport report_;
  std::vector<Folder> waiting_;
  bool stopped_ = false;
};

void Walk::visit(const Folder& folder) {
  if (folder.depth > kDeepestFolder) {
    report_.problems.emplace_back(Errc::too_large, fmt::format("{}: folders nested deeper than {}",
                                                               folder.path, kDeepestFolder));
    return;
  }
  auto entries = list_folder(folder.path);
  if (!entries) {
    report_.problems.push_back(std::move(entries.error()).during(folder.path));
    return;
  }
  const auto first = waiting_.size();
  for (const auto& entry : *entries) {
    const auto path = joined(folder.path, entry.name);
    switch (entry.type) {
      case FolderEntry::Type::file: visit_file(path); break;
      case FolderEntry::Type::folder: waiting_.push_back({path, folder.depth + 1}); break;
      case FolderEntry::Type::link: ++report_.links; break;
      case FolderEntry::Type::other: break;
    }
    if (stopped_) {
      return;
    }
  }
  std::reverse(waiting_.begin() + static_cast<std::ptrdiff_t>(first), waiting_.end());
}

void Walk::visit_file(const std::string& path) {
  const auto stamp = stamp_of(path);
  if (!stamp) {
    // Gone since the folder was listed: that is no problem of ours.
    if (stamp.error().code() != Errc::not_found) {
      report_.problems.push_back(Error(stamp.error()).during(path));
    }
    return;
  }
  stopped_ = !on_file_(path, *stamp);
}

}  // namespace

Result<std::vector<FolderEntry>> list_folder(const std::string& folder) {
  const std::unique_ptr<DIR, CloseFolder> listing(::opendir(folder.c_str()));
  if (!listing) {
    return fail(system_error(errno, "can't be listed"));
  }
  std::vector<FolderEntry> entries;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(listing.get());
    if (entry == nullptr) {
      break;
    }
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") {
      entries.push_back({std::string(name), type_of(folder, *entry)});
    }
  }
  if (errno != 0) {
    return fail(system_error(errno, "can't be listed to the end"));
  }
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return entries;
}

WalkReport walk(const std::string& folder, const OnFile& on_file) {
  return Walk(on_file).through(folder);
}

std::uint64_t count_files(const std::string& path, const std::atomic<bool>& stop) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    return S_ISREG(status.st_mode) ? 1 : 0;
  }
  std::uint64_t count = 0;
  std::vector<Folder> waiting{{path, 0}};
  while (!waiting.empty() && !stop) {
    const auto next = std::move(waiting.back());
    waiting.pop_back();
    const auto entries = list_folder(next.path).value_or(std::vector<FolderEntry>());
    for (const auto& entry : entries) {
      count += entry.type == FolderEntry::Type::file ? 1 : 0;
      if (entry.type == FolderEntry::Type::folder && next.depth < kDeepestFolder) {
        waiting.push_back({joined(next.path, entry.name), next.depth + 1});
      }
    }
  }
  return count;
}

}  // namespace ot::agent
