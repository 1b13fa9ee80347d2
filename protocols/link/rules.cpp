#include "protocols/link/rules.hpp"

#include <algorithm>
#include <filesystem>

#include "base/text.hpp"

namespace ot::protocols::link {

std::string device_path(std::string_view text) {
  std::error_code failed;
  const auto path = std::filesystem::weakly_canonical(text, failed);
  return failed ? std::string(text) : path.string();
}

Result<void> Exclusions::add(std::string_view text) {
  if (text.starts_with('/')) {
    devices_.push_back(device_path(text));
    return {};
  }
  const auto range = parse_ipv4_range(text);
  if (!range) {
    return fail(range.error());
  }
  ranges_.push_back(*range);
  return {};
}

Result<void> Exclusions::add_lines(std::string_view content) {
  std::uint64_t number = 0;
  while (!content.empty()) {
    ++number;
    const auto end = content.find('\n');
    const auto line = content.substr(0, end);
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
    const auto word = trim(line.substr(0, line.find('#')));
    if (word.empty()) {
      continue;
    }
    if (auto added = add(word); !added) {
      return fail(std::move(added).error().at(Position::line(number)));
    }
  }
  return {};
}

bool Exclusions::holds(Ipv4 address) const {
  return std::any_of(ranges_.begin(), ranges_.end(),
                     [address](const Ipv4Range& range) { return range.contains(address); });
}

bool Exclusions::holds(std::string_view device) const {
  return std::find(devices_.begin(), devices_.end(), device_path(device)) != devices_.end();
}

}  // namespace ot::protocols::link
