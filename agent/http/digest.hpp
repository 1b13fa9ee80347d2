#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace ot::agent::http {

/// SHA-256. Secrets are compared by it: all digests are equally long.
using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view bytes);

/// Takes as long whatever the bytes are; texts of different lengths differ at once.
bool same_in_constant_time(std::string_view one, std::string_view other);
bool same_in_constant_time(const Digest& one, const Digest& other);

}  // namespace ot::agent::http
