#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "agent/watch/event.hpp"
#include "agent/watch/notifier.hpp"

namespace ot::agent::watch {

/// Tells when a path may lead elsewhere: a folder it leads through has moved,
/// or a symbolic link was made anew. Has a notifier of its own, so that what
/// else happens in those folders never costs an event of the tree.
class PathWatch {
 public:
  explicit PathWatch(std::unique_ptr<Notifier> notifier) : notifier_(std::move(notifier)) {}

  /// Begins anew. What can't be watched is left out.
  void begin(const std::string& path);
  void close();

  /// Whether the kernel gave what it takes.
  bool is_open() const { return is_open_; }
  bool concerns(std::span<const Event> events) const;

 private:
  using Names = std::set<std::string, std::less<>>;

  Names* add(const std::string& folder, std::uint32_t mask);
  bool concerns(const Event& event) const;

  std::unique_ptr<Notifier> notifier_;
  bool is_open_ = false;
  std::map<int, Names> names_;  ///< by watch: what the path meets in that folder
};

}  // namespace ot::agent::watch
