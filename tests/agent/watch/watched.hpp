#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "agent/watch/watcher.hpp"
#include "tests/temporary.hpp"

namespace ot::agent::watch {

constexpr std::chrono::milliseconds kQuick{15};  ///< the settle time of tests

/// Runs until the condition holds; false when the deadline passed.
inline bool run_until(asio::io_context& io, const std::function<bool()>& holds,
                      std::chrono::seconds limit = std::chrono::seconds(20)) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    io.restart();
    if (std::chrono::steady_clock::now() >= deadline || io.run_one_until(deadline) == 0) {
      return holds();
    }
  }
  return true;
}

/// Roots below a temporary folder and a watcher whose Changes are answered at
/// once, unless somebody else does.
class Watched {
 public:
  explicit Watched(const std::vector<std::string>& names = {"root"}) {
    for (const auto& name : names) {
      std::filesystem::create_directories(top() / name);
      folders.push_back({.path = (top() / name).string()});
    }
  }

  std::filesystem::path top() const { return std::filesystem::canonical(folder_.path()); }
  std::filesystem::path root() const { return folders.front().path; }

  void start() {
    watcher.emplace(io.get_executor(), folders, kQuick,
                    [this](const Changes& changes) { on_changes(changes); });
    watcher->start();
  }

  bool run(const std::function<bool()>& holds,
           std::chrono::seconds limit = std::chrono::seconds(20)) {
    return run_until(io, holds, limit);
  }

  /// Starts and waits for the first look at each root.
  bool begin() {
    start();
    const bool began = run([this] { return seen.size() >= folders.size(); });
    seen.clear();
    return began;
  }

  asio::io_context io;
  std::vector<WatchedFolder> folders;
  std::optional<Watcher> watcher;
  std::vector<Changes> seen;
  std::function<Looked(const Changes&)> look = [](const Changes& changes) {
    return Looked{.root = changes.root};
  };

 private:
  void on_changes(const Changes& changes) {
    seen.push_back(changes);
    watcher->looked(look(changes));
  }

  tests::TemporaryFolder folder_;
};

}  // namespace ot::agent::watch
