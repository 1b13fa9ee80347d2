#pragma once

#include <string>
#include <string_view>

namespace ot::agent::bundle {

/// Ties lines to each other and to their walk: each bears the SHA-256 of the hash before it and
/// of its own text. What is changed, taken out, put in or moved breaks it from there on.
class Chain {
 public:
  /// The first hash is that of "rackscout walk <walk>".
  explicit Chain(std::string_view walk);

  /// Takes one more line, without its link and its closing brace; answers its hash.
  const std::string& add(std::string_view text);

  const std::string& head() const { return head_; }  ///< 64 hex digits

 private:
  std::string head_;
};

}  // namespace ot::agent::bundle
