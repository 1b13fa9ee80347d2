#include "parsers/digsi5/notes.hpp"

#include <fmt/format.h>

#include "parsers/digsi5/names.hpp"

namespace ot::parsers::digsi5 {
namespace {

constexpr std::uint32_t kHostileListed = 20;
constexpr std::uint32_t kListedOfAKind = 3;
constexpr std::size_t kPlainListed = 5;

std::string titled(const Member& member) {
  const auto size = member.declared_size ? size_text(*member.declared_size) : "size unknown";
  return fmt::format("{} ({})", shown(member.name), size);
}

}  // namespace

void Notes::name(const Member& member) {
  const auto why = hostility(member.name);
  if (!why.empty() && ++hostile_ <= kHostileListed) {
    warnings_.add(fmt::format("member name {}: \"{}\"; it is only shown, never used as a path", why,
                              shown(member.name)));
  }
}

void Notes::not_read(const Member& member, std::string_view what) {
  if (++listed_[std::string(what)] <= kListedOfAKind) {
    warnings_.add(fmt::format("{}: {}", titled(member), what));
  } else {
    count(member);
  }
}

void Notes::not_read(const Member& member) {
  if (plain_.size() < kPlainListed) {
    plain_.push_back(titled(member) + ": not read");
  } else {
    count(member);
  }
}

void Notes::count(const Member& member) {
  ++more_;
  more_bytes_ += member.declared_size.value_or(0);
}

void Notes::inner(std::string_view member, const Warning& warning) {
  inner_.push_back(
      fmt::format("{}: {}", located(shown(member), warning.position), warning.message));
}

std::vector<Warning> Notes::take() {
  if (hostile_ > kHostileListed) {
    warnings_.add(fmt::format("{} more member names that must not be used as paths",
                              hostile_ - kHostileListed));
  }
  for (auto& line : plain_) {
    warnings_.add(std::move(line));
  }
  if (more_ > 0) {
    warnings_.add(
        fmt::format("{} more members not read, {} in all", more_, size_text(more_bytes_)));
  }
  for (auto& line : inner_) {
    warnings_.add(std::move(line));
  }
  return warnings_.take();
}

}  // namespace ot::parsers::digsi5
