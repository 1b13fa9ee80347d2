#include "agent/http/target.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/number.hpp"
#include "base/text.hpp"

namespace ot::agent::http {
namespace {

constexpr std::size_t kMostParameters = 64;

tl::unexpected<Error> malformed(std::string_view what, std::string_view text) {
  return fail(Errc::malformed, fmt::format("\"{}\" {}", shown(text), what));
}

/// The byte of the %XX at `at`.
std::optional<char> escaped_byte(std::string_view text, std::size_t at) {
  constexpr std::size_t kDigits = 2;
  const auto digits = text.substr(at + 1, kDigits);
  const auto value = digits.size() == kDigits && digits.front() != '-'
                         ? whole_number<std::uint8_t>(digits, 16)
                         : std::nullopt;
  return value ? std::optional(static_cast<char>(*value)) : std::nullopt;
}

/// "http://authority/rest" as authority and "/rest"; other texts have no authority.
std::pair<std::string_view, std::string_view> split_authority(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (equals_ignoring_case(text.substr(0, scheme.size()), scheme)) {
      const auto end = std::min(text.find_first_of("/?", scheme.size()), text.size());
      return {text.substr(scheme.size(), end - scheme.size()), text.substr(end)};
    }
  }
  return {{}, text};
}

bool has_encoded_slash(std::string_view path) {
  return path.find("%2F") != path.npos || path.find("%2f") != path.npos;
}

Result<std::string> parse_path(std::string_view path) {
  if (!path.empty() && path.front() != '/') {
    return malformed("is no path: it begins with a slash", path);
  }
  if (has_encoded_slash(path)) {
    return malformed("has an encoded slash in its path", path);
  }
  auto decoded = decode_percent(path.empty() ? "/" : path, Plus::itself);
  return decoded ? std::move(decoded) : fail(std::move(decoded).error().during("path"));
}

Result<void> add_parameter(Parameters& parameters, std::string_view piece) {
  const auto equals = std::min(piece.find('='), piece.size());
  auto name = decode_percent(piece.substr(0, equals), Plus::blank);
  if (!name) {
    return fail(std::move(name).error());
  }
  if (name->empty()) {
    return malformed("is a parameter without a name", piece);
  }
  auto value = decode_percent(piece.substr(std::min(equals + 1, piece.size())), Plus::blank);
  if (!value) {
    return fail(std::move(value).error().during(fmt::format("parameter \"{}\"", shown(*name))));
  }
  if (parameters.size() == kMostParameters) {
    return fail(Errc::too_large, fmt::format("more than {} parameters", kMostParameters));
  }
  const auto [at, added] = parameters.try_emplace(std::move(*name), std::move(*value));
  return added ? Result<void>() : malformed("is given twice", at->first);
}

}  // namespace

std::string shown(std::string_view text) {
  constexpr std::size_t kColumns = 60;
  return fit_to_width(escape_for_terminal(text), kColumns);
}

Result<std::string> decode_percent(std::string_view text, Plus plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      decoded += text[at] == '+' && plus == Plus::blank ? ' ' : text[at];
      continue;
    }
    const auto byte = escaped_byte(text, at);
    if (!byte) {
      return malformed("is no escape: two hexadecimal digits follow a %", text.substr(at, 3));
    }
    decoded += *byte;
    at += 2;
  }
  if (decoded.find('\0') != decoded.npos) {
    return malformed("holds a NUL", text);
  }
  if (!is_utf8(decoded)) {
    return malformed("is no UTF-8", text);
  }
  return decoded;
}

Result<Parameters> parse_query(std::string_view query) {
  Parameters parameters;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto piece = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (piece.empty()) {
      continue;
    }
    if (auto added = add_parameter(parameters, piece); !added) {
      return fail(std::move(added).error());
    }
  }
  return parameters;
}

Result<Target> parse_target(std::string_view text) {
  const auto [authority, local] = split_authority(text);
  if (local.find('#') != local.npos) {
    return malformed("has a fragment, which stays in the browser", text);
  }
  const auto question = std::min(local.find('?'), local.size());
  auto path = parse_path(local.substr(0, question));
  if (!path) {
    return fail(std::move(path).error());
  }
  auto parameters = parse_query(local.substr(std::min(question + 1, local.size())));
  if (!parameters) {
    return fail(std::move(parameters).error());
  }
  return Target{std::move(*path), std::move(*parameters), std::string(authority)};
}

}  // namespace ot::agent::http
