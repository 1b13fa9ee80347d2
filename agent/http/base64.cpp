#include "agent/http/base64.hpp"

#include <algorithm>

#include "agent/http/base64url.hpp"

namespace ot::agent::http {
namespace {

constexpr std::size_t kGroup = 4;
constexpr std::size_t kMostPadding = 2;

}  // namespace

std::string base64(std::string_view bytes) {
  auto text = base64url(bytes);
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  text.append((kGroup - text.size() % kGroup) % kGroup, '=');
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % kGroup != 0 || text.find_first_of("-_") != text.npos) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < kMostPadding && !text.empty() && text.back() == '='; ++i) {
    text.remove_suffix(1);
  }
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), '+', '-');
  std::replace(plain.begin(), plain.end(), '/', '_');
  return from_base64url(plain);
}

}  // namespace ot::agent::http
