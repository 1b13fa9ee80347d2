#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ot::agent {

/// Where in a text something stands; both count from 1, and 0 is unknown.
struct TextPlace {
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  auto operator<=>(const TextPlace&) const = default;  // NOLINT: no literal 0 in it
};

/// What is wrong with a configuration, or odd about it.
struct Finding {
  enum class Severity : std::uint8_t {
    mistake,  ///< the configuration is not taken
    warning,
  };

  std::string file;
  TextPlace at;
  std::string key;  ///< "probe[0].every"; empty where it is about no key
  std::string message;
  std::string hint;  ///< what mends it
  Severity severity = Severity::mistake;

  bool is_mistake() const { return severity == Severity::mistake; }
  bool operator==(const Finding&) const = default;
};

/// "rackscout.toml:12:9: every: "6" is no duration", as compilers write it. May
/// hold foreign text: escape it for a terminal.
std::string text_of(const Finding& finding);

bool has_mistakes(const std::vector<Finding>& findings);

/// A foreign text in a message: safe, short, between quotation marks.
std::string quote(std::string_view text);

/// Collects the findings of one file.
class Findings {
 public:
  explicit Findings(std::string file) : file_(std::move(file)) {}

  void mistake(TextPlace at, std::string key, std::string message, std::string hint);
  void warning(TextPlace at, std::string key, std::string message, std::string hint);
  void add(Finding finding) { all_.push_back(std::move(finding)); }

  const std::string& file() const { return file_; }
  const std::vector<Finding>& all() const { return all_; }

  /// In the order of the file.
  std::vector<Finding> take();

 private:
  std::string file_;
  std::vector<Finding> all_;
};

}  // namespace ot::agent
