#include "agent/survey/legs.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "agent/input_file.hpp"
#include "base/text.hpp"

namespace ot::agent::survey {
namespace {

constexpr std::size_t kMostLines = 10'000;
constexpr std::uint64_t kLargestFile = 8ULL << 20;

Result<std::string> read_text(const std::string& path, std::string_view option) {
  auto text = read_whole(path, true, kLargestFile);
  return text ? std::move(text)
              : fail(Error(Errc::wrong_use,
                           fmt::format("{} \"{}\": {}", option, escape_for_terminal(path),
                                       text.error().message())));
}

/// A line without its remark and the blanks around it.
std::string_view content_of(std::string_view line) {
  return trim(line.substr(0, line.find('#')));
}

/// Calls `each` with what stands on each line, and its number, until it fails.
template <class Each>
Result<void> each_line(std::string_view content, const Each& each) {
  for (std::size_t number = 1; !content.empty(); ++number) {
    if (number > kMostLines) {
      return fail(Errc::wrong_use, fmt::format("it has over {} lines", kMostLines));
    }
    const auto end = std::min(content.find('\n'), content.size());
    if (auto taken = each(content_of(content.substr(0, end)), number); !taken) {
      return taken;
    }
    content.remove_prefix(std::min(end + 1, content.size()));
  }
  return {};
}

tl::unexpected<Error> wrong_line(std::size_t number, std::string what) {
  return fail(Error(Errc::wrong_use, std::move(what)).at(Position::line(number)));
}

/// A link to a serial device may lead elsewhere tomorrow: the device itself is what was asked.
std::string lasting(const std::string& target) {
  return target.starts_with('/') ? protocols::link::device_path(target) : target;
}

Result<Ipv4> look_up_nothing(std::string_view name) {
  return fail(
      Error(Errc::wrong_use, fmt::format("\"{}\" is a name, and an offline survey looks none up",
                                         escape_for_terminal(name)))
          .hint("give its address"));
}

Result<void> take_line(std::string_view line, std::size_t number, std::vector<AreaTargets>& areas) {
  if (!line.starts_with('[')) {
    if (!line.empty()) {
      areas.back().targets.emplace_back(line);
    }
    return {};
  }
  const auto name = trim(line.substr(1, line.size() - std::min<std::size_t>(line.size(), 2)));
  if (!line.ends_with(']') || name.empty()) {
    return wrong_line(number, "an area is written as [Name]");
  }
  areas.push_back({std::string(name), {}});
  return {};
}

}  // namespace

Result<std::vector<std::string>> exclusions_of(const ProbeOptionTexts& texts) {
  auto exclude = texts.exclude;
  for (const auto& path : texts.exclude_files) {
    const auto content = read_text(path, "--exclude-file");
    if (!content) {
      return fail(content.error());
    }
    const auto read = each_line(*content, [&exclude](std::string_view line, std::size_t) {
      if (!line.empty()) {
        exclude.emplace_back(line);
      }
      return Result<void>{};
    });
    if (!read) {
      return fail(read.error());
    }
  }
  return exclude;
}

Result<std::vector<AreaTargets>> parse_targets(std::string_view content, const std::string& area) {
  std::vector<AreaTargets> areas;
  areas.push_back({area, {}});
  const auto take = [&areas](std::string_view line, std::size_t number) {
    return take_line(line, number, areas);
  };
  if (auto read = each_line(content, take); !read) {
    return fail(std::move(read).error());
  }
  std::erase_if(areas, [](const AreaTargets& item) { return item.targets.empty(); });
  return areas;
}

Result<std::vector<AreaTargets>> read_targets(const std::string& path, const std::string& area) {
  const auto content = read_text(path, "--targets");
  if (!content) {
    return fail(content.error());
  }
  auto areas = parse_targets(*content, area);
  if (!areas) {
    return fail(Error(Errc::wrong_use, areas.error().text(path)));
  }
  if (areas->empty()) {
    return fail(Errc::wrong_use,
                fmt::format("--targets \"{}\": it names no target", escape_for_terminal(path)));
  }
  return areas;
}

Result<std::vector<bundle::Leg>> legs_of(const ProbeOptionTexts& texts,
                                         const std::string& targets_file) {
  std::vector<AreaTargets> areas;
  if (!texts.targets.empty()) {
    areas.push_back({texts.area, texts.targets});
  }
  if (!targets_file.empty()) {
    auto read = read_targets(targets_file, texts.area);
    if (!read) {
      return fail(std::move(read).error());
    }
    areas.insert(areas.end(), read->begin(), read->end());
  }
  const auto exclude = exclusions_of(texts);
  if (!exclude) {
    return fail(exclude.error());
  }
  std::vector<bundle::Leg> legs;
  for (auto& [area, targets] : areas) {
    bundle::Leg leg;
    leg.area = area;
    leg.targets = std::move(targets);
    std::transform(leg.targets.begin(), leg.targets.end(), leg.targets.begin(), lasting);
    leg.protocols = texts.protocols;
    leg.exclude = *exclude;
    leg.units = texts.units;
    leg.serial = texts.serial;
    leg.gap = texts.gap;
    leg.at_once = texts.at_once;
    if (auto job = job_of(leg, texts.site); !job) {
      return fail(std::move(job).error());
    }
    add_legs(legs, {std::move(leg)});
  }
  return legs;
}

Result<ProbeJob> job_of(const bundle::Leg& leg, const std::string& site) {
  ProbeOptionTexts texts;
  texts.targets = leg.targets;
  texts.protocols = leg.protocols;
  texts.exclude = leg.exclude;
  texts.units = leg.units;
  texts.serial = leg.serial;
  texts.gap = leg.gap;
  texts.at_once = leg.at_once;
  texts.site = site;
  texts.area = leg.area;
  return agent::job_of(texts, look_up_nothing);
}

void add_legs(std::vector<bundle::Leg>& legs, std::vector<bundle::Leg> more) {
  for (auto& leg : more) {
    const bool known = std::any_of(legs.begin(), legs.end(), [&leg](const bundle::Leg& item) {
      auto same = item;
      same.began = leg.began;
      same.ended = leg.ended;
      same.exclude = leg.exclude;
      return same == leg;
    });
    if (!known) {
      legs.push_back(std::move(leg));
    }
  }
}

}  // namespace ot::agent::survey
