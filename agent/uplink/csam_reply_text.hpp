#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace ot::agent {

/// The members that give a reason, the best first.
constexpr std::array<std::string_view, 4> kReasonNames = {"errorMessage", "message", "error",
                                                          "reason"};

/// On one line of at most kLongestCsamReason bytes, with nothing in it that a terminal
/// would obey.
std::string reason_line(std::string_view text);

/// Adds a reason to others, as far as there is room for it.
void append_reason(std::string& to, std::string_view reason);

/// Null when the object has no such member.
const nlohmann::json* member_of(const nlohmann::json& object, std::string_view name);

/// What an object gives as its reason; empty when it gives none.
std::string reason_in(const nlohmann::json& object);

/// The words of a value, whatever its form: the text itself, the reason that an object
/// gives, those of all elements, else JSON. Calls itself as deep as the value is.
std::string reason_of(const nlohmann::json& value);

/// How an error names its asset; without a value when it names none.
std::optional<std::string> asset_named_in(const nlohmann::json& error);

}  // namespace ot::agent
