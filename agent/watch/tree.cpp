#include "agent/watch/tree.hpp"

#include <algorithm>
#include <utility>

namespace ot::agent::watch {

void Tree::reset(std::string root_path, int root_watch) {
  clear();
  nodes_.push_back({.name = std::move(root_path), .parent = kRoot, .watch = root_watch});
  by_watch_[root_watch] = kRoot;
}

void Tree::clear() {
  nodes_ = {};
  unused_ = {};
  by_watch_ = {};
}

std::vector<Tree::Node>::const_iterator Tree::place_of(Node parent, std::string_view name) const {
  const auto& children = nodes_[parent].children;
  return std::lower_bound(
      children.begin(), children.end(), name,
      [this](Node child, std::string_view wanted) { return nodes_[child].name < wanted; });
}

std::optional<Tree::Node> Tree::child(Node parent, std::string_view name) const {
  const auto place = place_of(parent, name);
  if (place == nodes_[parent].children.end() || nodes_[*place].name != name) {
    return std::nullopt;
  }
  return *place;
}

std::optional<Tree::Node> Tree::at(int watch) const {
  const auto found = by_watch_.find(watch);
  return found == by_watch_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Tree::Node> Tree::find(std::string_view path) const {
  if (nodes_.empty() || !path.starts_with(nodes_[kRoot].name)) {
    return std::nullopt;
  }
  std::optional<Node> node = kRoot;
  auto rest = path.substr(nodes_[kRoot].name.size());
  while (node && !rest.empty()) {
    rest.remove_prefix(rest.front() == '/' ? 1 : 0);
    const auto name = rest.substr(0, rest.find('/'));
    node = name.empty() ? node : child(*node, name);
    rest.remove_prefix(name.size());
  }
  return node;
}

std::string Tree::path(Node node) const {
  if (is_root(node)) {
    return nodes_[node].name;
  }
  return path(nodes_[node].parent, nodes_[node].name);
}

std::string Tree::path(Node node, std::string_view name) const {
  std::vector<Node> above;
  for (; !is_root(node); node = nodes_[node].parent) {
    above.push_back(node);
  }
  std::string path = nodes_[kRoot].name;
  const auto append = [&path](std::string_view step) {
    path += path.ends_with('/') ? "" : "/";
    path += step;
  };
  for (auto step = above.rbegin(); step != above.rend(); ++step) {
    append(nodes_[*step].name);
  }
  if (!name.empty()) {
    append(name);
  }
  return path;
}

Tree::Node Tree::make() {
  if (unused_.empty()) {
    nodes_.emplace_back();
    return static_cast<Node>(nodes_.size() - 1);
  }
  const Node node = unused_.back();
  unused_.pop_back();
  return node;
}

void Tree::set_watch(Node node, int watch, const Drop& drop) {
  auto& own = nodes_[node].watch;
  if (own == watch) {
    return;
  }
  if (own >= 0) {
    by_watch_.erase(own);
    drop(own);
  }
  own = watch;
  by_watch_[watch] = node;
}

bool Tree::is_at_or_above(Node node, Node other) const {
  while (other != node && !is_root(other)) {
    other = nodes_[other].parent;
  }
  return other == node;
}

std::optional<Tree::Node> Tree::put(Node parent, std::string_view name, int watch,
                                    const Drop& drop) {
  const auto known = child(parent, name);
  const auto elsewhere = at(watch);
  if (known && elsewhere == known) {
    return known;
  }
  if (elsewhere) {
    if (is_at_or_above(*elsewhere, parent)) {
      return std::nullopt;
    }
    // The folder has moved, and the word of that comes later. Its watch lives on.
    nodes_[*elsewhere].watch = -1;
    by_watch_.erase(watch);
    remove(*elsewhere, drop);
  }
  if (const auto same = child(parent, name)) {
    drop_below(*same, drop);
    set_watch(*same, watch, drop);
    return same;
  }
  const Node node = make();
  nodes_[node].name = name;
  nodes_[node].parent = parent;
  set_watch(node, watch, drop);
  auto& children = nodes_[parent].children;
  children.insert(place_of(parent, name), node);
  return node;
}

void Tree::unlink(Node node) {
  const Node parent = nodes_[node].parent;
  nodes_[parent].children.erase(place_of(parent, nodes_[node].name));
}

void Tree::drop_below(Node node, const Drop& drop) {
  auto waiting = std::exchange(nodes_[node].children, {});
  while (!waiting.empty()) {
    const Node next = waiting.back();
    waiting.pop_back();
    auto folder = std::exchange(nodes_[next], {});
    unused_.push_back(next);
    waiting.insert(waiting.end(), folder.children.begin(), folder.children.end());
    if (folder.watch >= 0) {
      by_watch_.erase(folder.watch);
      drop(folder.watch);
    }
  }
}

void Tree::remove(Node node, const Drop& drop) {
  drop_below(node, drop);
  if (is_root(node)) {
    const int watch = nodes_[kRoot].watch;
    clear();
    drop(watch);
    return;
  }
  unlink(node);
  const int watch = std::exchange(nodes_[node], {}).watch;
  unused_.push_back(node);
  if (watch >= 0) {
    by_watch_.erase(watch);
    drop(watch);
  }
}

std::size_t Tree::bytes() const {
  constexpr std::size_t kMapEntry = 4 * sizeof(void*);
  std::size_t bytes = nodes_.capacity() * sizeof(Folder) + unused_.capacity() * sizeof(Node) +
                      by_watch_.size() * kMapEntry + by_watch_.bucket_count() * sizeof(void*);
  for (const auto& folder : nodes_) {
    const bool is_inside = folder.name.capacity() <= std::string().capacity();
    bytes += folder.children.capacity() * sizeof(Node) + (is_inside ? 0 : folder.name.capacity());
  }
  return bytes;
}

}  // namespace ot::agent::watch
