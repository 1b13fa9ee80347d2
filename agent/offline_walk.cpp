#include "agent/offline_walk.hpp"

#include <algorithm>
#include <filesystem>
#include <version.hpp>

#include <fmt/format.h>

#include "agent/config/read.hpp"
#include "agent/process.hpp"
#include "agent/survey/legs.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

namespace fs = std::filesystem;
using survey::Walk;
using survey::WalkFolder;

/// Those of the area that the command line names.
Result<std::vector<survey::ProjectFolder>> folders_of(const OfflineOptions& options) {
  std::vector<survey::ProjectFolder> folders;
  for (const auto& path : options.projects) {
    std::error_code failed;
    auto whole = fs::canonical(path, failed);
    if (failed) {
      return fail(Error(Errc::wrong_use, fmt::format("--projects \"{}\": {}",
                                                     escape_for_terminal(path), failed.message())));
    }
    folders.push_back({whole.string(), options.probe.area});
  }
  return folders;
}

/// Whom nothing may be sent to any more, of all that is not walked yet.
Result<void> exclude_more(std::vector<bundle::Leg>& legs, const OfflineOptions& options) {
  const auto more = survey::exclusions_of(options.probe);
  if (!more) {
    return fail(more.error());
  }
  const ProbeOptionTexts plain;
  const auto& probe = options.probe;
  const bool changes_others = probe.gap != plain.gap || probe.at_once != plain.at_once ||
                              !probe.protocols.empty() || !probe.units.empty() ||
                              !probe.serial.empty();
  if (changes_others && probe.targets.empty() && options.targets_file.empty()) {
    return fail(Error(Errc::wrong_use, "these options are for targets, and none is named")
                    .hint("how a walk asks was decided when it was begun"));
  }
  for (auto& leg : legs) {
    for (const auto& text : leg.ended == Time{} ? *more : std::vector<std::string>()) {
      const bool known =
          std::find(leg.exclude.begin(), leg.exclude.end(), text) != leg.exclude.end();
      known ? void() : leg.exclude.push_back(text);
    }
  }
  return {};
}

}  // namespace

Result<Walk> new_walk(const OfflineOptions& options) {
  auto uuid = survey::random_uuid();
  auto legs = survey::legs_of(options.probe, options.targets_file);
  auto projects = folders_of(options);
  if (!uuid) {
    return fail(std::move(uuid).error());
  }
  if (!legs || !projects) {
    return fail(legs ? projects.error() : legs.error());
  }
  Walk walk;
  auto& manifest = walk.manifest;
  manifest.walk = std::move(*uuid);
  manifest.site = options.probe.site;
  manifest.operator_name = options.operator_name.empty() ? user_name() : options.operator_name;
  manifest.note = options.note;
  manifest.sensor = sensor_name({});
  manifest.version = RACKSCOUT_VERSION;
  manifest.began = now();
  manifest.legs = std::move(*legs);
  walk.projects = std::move(*projects);
  walk.include_files = options.include_files;
  walk.keep_open = options.keep_open;
  walk.recipient = options.encrypt_to;
  if (auto sound = survey::check_sound(walk); !sound) {
    return fail(std::move(sound).error());
  }
  return walk;
}

Result<void> add_to(Walk& walk, const OfflineOptions& options) {
  const auto legs = survey::legs_of(options.probe, options.targets_file);
  const auto projects = folders_of(options);
  if (!legs || !projects) {
    return fail(legs ? projects.error() : legs.error());
  }
  auto& manifest = walk.manifest;
  if (!options.probe.site.empty() && options.probe.site != manifest.site) {
    return fail(Errc::wrong_use, fmt::format("--site \"{}\": this walk is of \"{}\"",
                                             escape_for_terminal(options.probe.site),
                                             escape_for_terminal(manifest.site)));
  }
  if (auto excluded = exclude_more(manifest.legs, options); !excluded) {
    return excluded;
  }
  const auto before = manifest.legs.size();
  survey::add_legs(manifest.legs, *legs);
  if (!legs->empty() && manifest.legs.size() == before && walk.unfinished() == nullptr) {
    return fail(Error(Errc::wrong_use, "these targets of this area were walked already")
                    .hint("name others, or another --area"));
  }
  for (const auto& folder : *projects) {
    const auto known = std::find(walk.projects.begin(), walk.projects.end(), folder);
    if (known == walk.projects.end()) {
      walk.projects.push_back(folder);
    }
  }
  manifest.note = options.note.empty() ? manifest.note : options.note;
  walk.include_files |= options.include_files;
  walk.recipient = options.encrypt_to.empty() ? walk.recipient : options.encrypt_to;
  // What follows is told anew with each further area.
  walk.keep_open = options.keep_open || (walk.keep_open && legs->empty() && !options.finish);
  return survey::check_sound(walk);
}

Result<Walk> planned_walk(const OfflineOptions& options) {
  if (!options.resume) {
    return new_walk(options);
  }
  Walk walk;
  const auto folder = WalkFolder::find(options.out);
  auto read = folder ? folder->read(walk) : fail(folder.error());
  auto added = read ? add_to(walk, options) : std::move(read);
  return added ? Result<Walk>(std::move(walk)) : fail(std::move(added).error());
}

}  // namespace ot::agent
