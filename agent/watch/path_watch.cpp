#include "agent/watch/path_watch.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include <sys/inotify.h>

namespace ot::agent::watch {
namespace {

namespace fs = std::filesystem;

// A folder may be met twice: what is asked of it adds up.
constexpr std::uint32_t kSelf =
    IN_MOVE_SELF | IN_DELETE_SELF | IN_ONLYDIR | IN_DONT_FOLLOW | IN_MASK_ADD;
constexpr std::uint32_t kNames = kSelf | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;

/// As many as the kernel follows in one path.
constexpr int kMostLinks = 40;

struct Step {
  fs::path folder;  ///< no symbolic link in it
  fs::path name;
  bool is_link = false;
};

/// What the kernel meets on its way along the path, the targets of links
/// included.
std::vector<Step> steps_of(const fs::path& path) {
  std::vector<Step> steps;
  std::vector<fs::path> rest;  // the next one last
  const auto go_along = [&rest](const fs::path& way) {
    const std::vector<fs::path> names(way.begin(), way.end());
    rest.insert(rest.end(), names.rbegin(), names.rend());
  };
  go_along(path);
  fs::path folder;
  int links = 0;
  while (!rest.empty() && links <= kMostLinks) {
    const auto name = rest.back();
    rest.pop_back();
    if (name.empty() || name == ".") {
      continue;
    }
    if (name == "..") {
      folder = folder.parent_path();
      continue;
    }
    if (name.is_absolute()) {
      folder = name;
      continue;
    }
    std::error_code no_link;
    const auto target = fs::read_symlink(folder / name, no_link);
    steps.push_back({.folder = folder, .name = name, .is_link = !no_link});
    if (no_link) {
      folder /= name;
    } else {
      go_along(target);
      ++links;
    }
  }
  return steps;
}

}  // namespace

/// A folder tells itself that it moves. A link can't, nor a folder that may not
/// be read: the folder above does, with all else that happens there.
void PathWatch::begin(const std::string& path) {
  close();
  is_open_ = notifier_->open().has_value();
  if (!is_open_) {
    return;
  }
  for (const auto& step : steps_of(path)) {
    if (!step.is_link && add((step.folder / step.name).string(), kSelf) != nullptr) {
      continue;
    }
    if (auto* names = add(step.folder.string(), kNames)) {
      names->insert(step.name.string());
    }
  }
}

void PathWatch::close() {
  notifier_->close();
  names_.clear();
  is_open_ = false;
}

PathWatch::Names* PathWatch::add(const std::string& folder, std::uint32_t mask) {
  const auto watch = notifier_->add(folder, mask);
  return watch ? &names_[*watch] : nullptr;
}

bool PathWatch::concerns(std::span<const Event> events) const {
  return std::any_of(events.begin(), events.end(),
                     [this](const Event& event) { return concerns(event); });
}

bool PathWatch::concerns(const Event& event) const {
  if (event.has(IN_Q_OVERFLOW)) {
    return true;
  }
  const auto met = names_.find(event.watch);
  return met != names_.end() && (event.name.empty() || met->second.contains(event.name));
}

}  // namespace ot::agent::watch
