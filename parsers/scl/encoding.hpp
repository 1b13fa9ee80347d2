#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ot::parsers::scl {

/// A text as UTF-8 without byte order mark: converted, or the caller's own bytes.
class Decoded {
 public:
  explicit Decoded(std::string_view original) : original_(original) {}
  Decoded(std::string converted, std::string remark)
      : converted_(std::move(converted)), remark_(std::move(remark)) {}

  std::string_view text() const { return converted_.empty() ? original_ : converted_; }

  /// What was lost, as a sentence for a warning; empty when nothing was.
  const std::string& remark() const { return remark_; }

 private:
  std::string_view original_;
  std::string converted_;
  std::string remark_;
};

/// By byte order mark, else by the first bytes, else as the XML declaration says
/// (XML 1.0, appendix F). Refuses UTF-32.
Result<Decoded> decode(std::string_view bytes);

}  // namespace ot::parsers::scl
