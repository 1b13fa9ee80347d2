#pragma once

#include <string_view>

#include "base/result.hpp"

namespace ot::parsers::digsi5 {

/// Whether the first bytes are those of a ZIP archive, be it an empty one.
bool is_zip(std::string_view head);

/// Whether the first bytes are those of some archive: ZIP, 7z, CAB, gzip, xz.
bool is_archive(std::string_view head);

/// Why a file that is no ZIP archive is not read: names what it is by its first bytes.
Error not_a_zip(std::string_view head);

}  // namespace ot::parsers::digsi5
