#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ot::agent::watch {

/// The watched folders below one root. Each keeps its own name and its parent,
/// no path: a hundred thousand of them are some megabytes.
class Tree {
 public:
  using Node = std::uint32_t;

  /// Called for each watch that nobody needs any more.
  using Drop = std::function<void(int watch)>;

  /// Begins anew, with the root alone.
  void reset(std::string root_path, int root_watch);
  void clear();

  /// The folder's watch. What was known under this path, or of this watch under
  /// another path, is dropped. A folder that is met again below itself (by a
  /// mount) is left where it was: no value.
  std::optional<Node> put(Node parent, std::string_view name, int watch, const Drop& drop);

  /// Forgets the folder and all below it.
  void remove(Node node, const Drop& drop);

  std::optional<Node> at(int watch) const;
  std::optional<Node> child(Node parent, std::string_view name) const;
  /// By its path, which begins with the root's.
  std::optional<Node> find(std::string_view path) const;

  std::string path(Node node) const;
  std::string path(Node node, std::string_view name) const;
  bool is_root(Node node) const { return node == kRoot && !nodes_.empty(); }

  /// How many folders are watched.
  std::size_t size() const { return by_watch_.size(); }
  /// How much memory they take, about.
  std::size_t bytes() const;

 private:
  static constexpr Node kRoot = 0;

  struct Folder {
    std::string name;  ///< of the root its whole path
    Node parent = kRoot;
    int watch = -1;
    std::vector<Node> children;  ///< ordered by name
  };

  std::vector<Node>::const_iterator place_of(Node parent, std::string_view name) const;
  bool is_at_or_above(Node node, Node other) const;
  void unlink(Node node);
  void drop_below(Node node, const Drop& drop);
  void set_watch(Node node, int watch, const Drop& drop);
  Node make();

  std::vector<Folder> nodes_;
  std::vector<Node> unused_;
  std::unordered_map<int, Node> by_watch_;
};

}  // namespace ot::agent::watch
