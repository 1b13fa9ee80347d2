#pragma once

#include <string>
#include <string_view>

#include "agent/bundle/bundle.hpp"
#include "agent/records_json.hpp"

namespace ot::agent::bundle {

/// What a bundle that was examined is worth.
enum class Verdict : std::uint8_t {
  good,         ///< unaltered, and signed by whom we trust
  unknown_key,  ///< unaltered, and signed by somebody
  not_signed,   ///< unaltered
  altered,
};
Verdict verdict_of(const Bundle& bundle);
std::string_view to_string(Verdict verdict);  ///< "good", "unknown key"
int exit_of(Verdict verdict);                 ///< 0, 3 or 4

/// "unaltered; signed by Anna (3f1c-...), trusted"
std::string verdict_text(const Bundle& bundle);

/// How to come to trust the key that signed, line by line; empty where there is no need or no key.
std::string advice_text(const Bundle& bundle);

// For a terminal: lines, escaped.
std::string summary_text(const Bundle& bundle);  ///< who, when, where, how many
std::string legs_text(const Bundle& bundle);     ///< whom it asked, and how that ended

/// {"verdict","encrypted","signer":{...},"findings":[...]}
Json verdict_json(const Bundle& bundle);
/// {"walk","site",...,"areas":[...],"exchanges","files"}
Json summary_json(const Bundle& bundle);
/// The manifest.
Json manifest_json(const Bundle& bundle);

}  // namespace ot::agent::bundle
