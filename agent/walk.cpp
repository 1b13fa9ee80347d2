#include "agent/walk.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include <dirent.h>
#include <sys/stat.h>

#include <fmt/format.h>

#include "agent/file_reader.hpp"

namespace ot::agent {
namespace {

/// Deeper folders are reported, not entered: nobody keeps projects there.
constexpr std::size_t kDeepest = 100;

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

struct Entry {
  std::string name;
  unsigned char type;
};

struct Folder {
  std::string path;
  std::size_t depth;
};

/// The names in a folder, sorted.
Result<std::vector<Entry>> entries_of(const std::string& folder) {
  const std::unique_ptr<DIR, CloseFolder> listing(::opendir(folder.c_str()));
  if (!listing) {
    return fail(system_error(errno, folder + ": can't be listed"));
  }
  std::vector<Entry> entries;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(listing.get());
    if (entry == nullptr) {
      break;
    }
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") {
      entries.push_back({std::string(name), entry->d_type});
    }
  }
  if (errno != 0) {
    return fail(system_error(errno, folder + ": can't be listed to the end"));
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return entries;
}

std::string joined(const std::string& folder, const std::string& name) {
  return folder.ends_with('/') ? folder + name : folder + "/" + name;
}

/// File systems that don't tell the type in the listing are asked.
unsigned char type_of(const std::string& path, unsigned char listed) {
  struct stat status {};
  if (listed != DT_UNKNOWN || ::lstat(path.c_str(), &status) != 0) {
    return listed;
  }
  return static_cast<unsigned char>(IFTODT(status.st_mode));
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
  if (folder.depth > kDeepest) {
    report_.problems.emplace_back(
        Errc::too_large, fmt::format("{}: folders nested deeper than {}", folder.path, kDeepest));
    return;
  }
  auto entries = entries_of(folder.path);
  if (!entries) {
    report_.problems.push_back(std::move(entries.error()));
    return;
  }
  const auto first = waiting_.size();
  for (const auto& entry : *entries) {
    const auto path = joined(folder.path, entry.name);
    switch (type_of(path, entry.type)) {
      case DT_REG: visit_file(path); break;
      case DT_DIR: waiting_.push_back({path, folder.depth + 1}); break;
      case DT_LNK: ++report_.links; break;
      default: break;
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
    const auto entries = entries_of(next.path).value_or(std::vector<Entry>());
    for (const auto& entry : entries) {
      auto below = joined(next.path, entry.name);
      const auto type = type_of(below, entry.type);
      count += type == DT_REG ? 1 : 0;
      if (type == DT_DIR && next.depth < kDeepest) {
        waiting.push_back({std::move(below), next.depth + 1});
      }
    }
  }
  return count;
}

}  // namespace ot::agent
