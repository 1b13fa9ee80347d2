#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "agent/records_json.hpp"

namespace ot::agent {

/// JSON as text, safe for terminals: control and direction characters are
/// written as \uNNNN, broken UTF-8 as U+FFFD. `indent` below 0: one line.
std::string json_text(const Json& value, int indent);

/// The text with each of its lines so many blanks further to the right.
std::string indented(std::string_view text, int depth);

/// Writes a list element by element, so that it never has to be in memory whole.
class JsonList {
 public:
  enum class Layout { bare, assets, lines };
  using Sink = std::function<void(std::string_view)>;

  /// `bare`: [...]; `assets`: {"assets":[...]}; `lines`: one object a line.
  JsonList(Layout layout, Sink sink) : layout_(layout), sink_(std::move(sink)) {}

  void add(const Json& element);
  void finish();

 private:
  std::string opening() const;
  int depth() const { return layout_ == Layout::assets ? 4 : 2; }

  Layout layout_;
  Sink sink_;
  bool empty_ = true;
};

}  // namespace ot::agent
