#pragma once

#include <map>
#include <set>
#include <string>

#include <sys/stat.h>

#include "agent/watch/limits.hpp"
#include "agent/watch/notifier.hpp"

namespace ot::agent::watch {

/// What a FakeNotifier was told, and what it shall answer.
struct Kernel {
  std::map<std::string, int> watches;  ///< by path, of the instance that is open
  int next = 1;
  int opened = 0;
  bool is_open = false;
  std::size_t limit = 1000;  ///< of watches
  bool has_instances = true;
  std::set<std::string> refused;  ///< folders that can't be watched

  int watch_of(const std::string& path) const {
    const auto found = watches.find(path);
    return found == watches.end() ? -2 : found->second;
  }
};

/// Gives out watches for folders that are there; nothing is ever told of them.
class FakeNotifier final : public Notifier {
 public:
  explicit FakeNotifier(Kernel& kernel) : kernel_(kernel) {}

  Result<void> open() override {
    close();
    if (!kernel_.has_instances) {
      return fail(no_more_instances(EMFILE));
    }
    kernel_.is_open = true;
    ++kernel_.opened;
    return {};
  }

  void close() override {
    kernel_.is_open = false;
    kernel_.watches.clear();
  }

  Result<int> add(const std::string& folder, std::uint32_t /*mask*/) override {
    struct stat status {};
    if (::lstat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
      return fail(Errc::not_found, "no folder is there");
    }
    if (kernel_.refused.contains(folder)) {
      return fail(system_error(EACCES, "can't be watched"));
    }
    if (kernel_.watches.size() >= kernel_.limit) {
      return fail(no_more_watches(8192));
    }
    return kernel_.watches.try_emplace(folder, kernel_.next++).first->second;
  }

  void remove(int watch) override {
    std::erase_if(kernel_.watches, [watch](const auto& entry) { return entry.second == watch; });
  }

 private:
  Kernel& kernel_;
};

}  // namespace ot::agent::watch
