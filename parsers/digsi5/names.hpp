#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ot::parsers::digsi5 {

/// What the name of a project member says: `folder/Substation North.dp5v88`.
struct ProjectMember {
  std::string project;       ///< "Substation North", without any folder
  char family = '5';         ///< DIGSI 5 or DIGSI 4, as written
  std::uint32_t number = 0;  ///< 88: ten times the version

  std::string tool() const;     ///< "DIGSI 5"
  std::string version() const;  ///< "V8.80"
};

/// The reading of `(?i)^(?:.*/)?(.+)\.dp([45])v(\d{2,4})$`.
std::optional<ProjectMember> project_member(std::string_view name);

/// What follows the last slash or backslash.
std::string_view base_name(std::string_view name);

/// Why the name must not be used as a path: "leaves its folder", "is absolute".
/// Empty for a harmless name.
std::string_view hostility(std::string_view name);

/// A member name that is fit to be shown: escaped, and cut when overlong.
std::string shown(std::string_view name);

/// "2749 bytes", "12.3 MB"
std::string size_text(std::uint64_t bytes);

}  // namespace ot::parsers::digsi5
