#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ot::agent {

/// What a unit of systemd's and its drop-ins say under [Service] (systemd.unit(5)), as far as words
/// and lists of words go.
class UnitText {
 public:
  /// The text of one file more; what comes later adds to a list, an empty value forgets it.
  void add(std::string_view text);

  bool empty() const { return words_.empty(); }

  /// All words of that key, without the quotation marks around them.
  std::vector<std::string> words(std::string_view key) const;
  /// The last of them; empty without one.
  std::string last(std::string_view key) const;
  /// "yes", "true", "on" or "1" came last.
  bool is_on(std::string_view key) const;

 private:
  void add_line(std::string_view line);

  std::string section_;
  std::map<std::string, std::vector<std::string>, std::less<>> words_;
};

/// The unit of that name with its drop-ins, where systemd looks for them below `root`; empty when
/// there is none.
UnitText unit_named(const std::string& root, const std::string& name);

}  // namespace ot::agent
