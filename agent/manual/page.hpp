#pragma once

#include <string>
#include <string_view>

namespace ot::agent::manual {

/// What all pages say of themselves.
struct Edition {
  std::string version;  ///< "0.1.0"
  std::string date;     ///< "2026-11-22"
};

/// A manual page in mdoc(7), section after section.
class Page {
 public:
  /// `nd`: what it is, in a line.
  Page(std::string name, char section, std::string_view nd, const Edition& edition);

  /// Adds nothing where the body is empty.
  void section(std::string_view title, std::string_view body);

  /// SEE ALSO: every other page that is named so far.
  void see_also();

  const std::string& name() const { return name_; }
  std::string file() const { return name_ + "." + section_; }  ///< "rackscout-ingest.1"
  const std::string& text() const { return text_; }

 private:
  std::string name_;
  char section_;
  std::string text_;
};

/// A list of what was added; empty where that is nothing.
class TagList {
 public:
  void add(std::string_view head, std::string_view body);
  std::string text() const;

  /// With texts beside the heads, which have this width.
  std::string text(std::string_view width) const;

 private:
  std::string items_;
};

/// Paragraph behind paragraph; either may be empty.
std::string joined(std::string before, std::string_view after);

}  // namespace ot::agent::manual
