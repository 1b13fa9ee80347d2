#include "agent/bundle/examine_container.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "agent/input_file.hpp"
#include "base/hash.hpp"

namespace ot::agent::bundle {
namespace {

constexpr std::size_t kPiece = 64 * 1024;
constexpr std::size_t kLongestName = 255;

/// "1,234,567"
std::string grouped(std::uint64_t number) {
  auto digits = std::to_string(number);
  for (auto at = digits.size(); at > 3; at -= 3) {
    digits.insert(at - 3, 1, ',');
  }
  return digits;
}

/// Takes the bytes of a container in their order, and keeps the first that differs.
class Comparison {
 public:
  explicit Comparison(const parsers::Content& content) : content_(content) {}

  void now_in(std::string where) { where_ = std::move(where); }
  std::uint64_t offset() const { return offset_; }
  const std::optional<Difference>& difference() const { return difference_; }

  Result<void> take(std::string_view made) {
    while (!made.empty()) {
      const auto piece = made.substr(0, kPiece);
      if (!difference_) {
        if (auto compared = compare(piece); !compared) {
          return compared;
        }
      }
      offset_ += piece.size();
      made.remove_prefix(piece.size());
    }
    return {};
  }

  /// There is nothing more.
  void end() {
    if (!difference_ && offset_ < content_.size()) {
      difference_ = Difference{offset_, "behind its end"};
    }
  }

  void differs_at(std::uint64_t offset) {
    if (!difference_) {
      difference_ = Difference{offset, where_};
    }
  }

 private:
  Result<void> compare(std::string_view made) {
    there_.resize(made.size());
    const auto filled = read_fully(content_, offset_, there_);
    if (!filled) {
      return fail(filled.error());
    }
    const auto end = there_.begin() + static_cast<std::ptrdiff_t>(*filled);
    const auto [other, own] = std::mismatch(there_.begin(), end, made.begin(), made.end());
    if (own != made.end()) {
      differs_at(offset_ + static_cast<std::uint64_t>(other - there_.begin()));
    }
    return {};
  }

  const parsers::Content& content_;
  std::string where_;
  std::string there_;
  std::uint64_t offset_ = 0;
  std::optional<Difference> difference_;
};

/// As all names are that a rackscout ever gave. libarchive is asked to write no others.
bool is_member_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName &&
         std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

/// The member's bytes, from where it must be, hashed on their way.
Result<void> copy_member(const parsers::Content& content, Expected& member,
                         ContainerWriter& writer) {
  FileHasher hasher;
  const auto hash_and_add = [&](std::string_view piece) {
    hasher.add(piece);
    return writer.add(piece);
  };
  auto copied = read_extent(content, {member.offset, member.size}, hash_and_add);
  if (copied) {
    member.sha256 = hasher.finish().sha256;
  }
  return copied;
}

}  // namespace

std::string Difference::text() const {
  return fmt::format("the container: byte {} ({}) is not what its members make", grouped(offset),
                     where);
}

Result<std::optional<Difference>> compare_container(const parsers::Content& content,
                                                    std::vector<Expected>& members) {
  Comparison comparison(content);
  ContainerWriter writer([&comparison](std::string_view made) { return comparison.take(made); });
  for (auto& member : members) {
    comparison.now_in("in " + member.name);
    if (!is_member_name(member.name)) {
      comparison.differs_at(comparison.offset());
      return comparison.difference();
    }
    // Only libarchive knows what a size makes it write: one beyond all measure it never gets.
    const bool fits = member.size <= content.size();
    auto written = fits ? writer.begin(member.name, member.size) : Result<void>();
    member.offset = comparison.offset();
    const bool is_there = fits && member.offset <= content.size() - member.size;
    if (written && !is_there) {
      comparison.differs_at(content.size());
      return comparison.difference();
    }
    written = written ? copy_member(content, member, writer) : written;
    written = written ? writer.end() : written;
    if (!written && written.error().code() == Errc::malformed) {  // libarchive can't write it
      comparison.differs_at(comparison.offset());
      return comparison.difference();
    }
    if (!written) {
      return fail(std::move(written).error());
    }
  }
  comparison.now_in("in its directory");
  if (auto finished = writer.finish(); !finished) {
    return fail(std::move(finished).error());
  }
  comparison.end();
  return comparison.difference();
}

}  // namespace ot::agent::bundle
