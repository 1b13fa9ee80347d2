#include "agent/survey/walk_folder.hpp"

#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include <fmt/format.h>

#include "agent/input_file.hpp"
#include "agent/json_text.hpp"
#include "agent/uplink/json_fields.hpp"
#include "agent/whole_file.hpp"
#include "base/file_names.hpp"
#include "base/text.hpp"
#include "base/uuid.hpp"

namespace ot::agent::survey {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLongestText = 4ULL << 20;

bool is_there(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

std::string folder_of(const std::string& bundle) {
  return bundle + ".walk";
}

Result<std::string> read_text(const std::string& path) {
  return read_whole(path, false, kLongestText);
}

Result<void> write_text(const std::string& path, const std::string& text) {
  const auto written = write_whole(path, text, IfThere::replace);
  return written ? Result<void>{} : fail(Error(written.error()).during(path));
}

std::string manifest_path(const std::string& folder) {
  return folder + "/walk.json";
}
std::string options_path(const std::string& folder) {
  return folder + "/options.json";
}
std::string ledger_path_in(const std::string& folder) {
  return folder + "/exchanges.ndjson";
}

bool is_own_folder(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         status.st_uid == ::geteuid();
}

/// A folder of ours that a run left behind which ended before it had a plan.
bool is_unused(const std::string& folder) {
  return is_own_folder(folder) && !is_there(manifest_path(folder)) &&
         !is_there(ledger_path_in(folder));
}

tl::unexpected<Error> bundle_is_there(const std::string& bundle, std::string hint) {
  return fail(
      Error(Errc::wrong_use, fmt::format("\"{}\" is there already", escape_for_terminal(bundle)))
          .hint(std::move(hint)));
}

Result<void> read_options(const std::string& folder, Walk& walk) {
  const auto text = read_text(options_path(folder));
  if (!text) {
    return fail(Error(text.error()).during(options_path(folder)));
  }
  const auto in = parse_bounded(*text).value_or(nlohmann::json());
  std::string reason = in.is_object() ? "" : "it is no JSON object";
  if (reason.empty()) {
    const Fields fields(in, reason);
    fields.flag("includeFiles", walk.include_files);
    fields.flag("keepOpen", walk.keep_open);
    fields.text("encryptTo", walk.recipient);
    fields.list("projects", [&walk](const Fields& project) {
      auto& read = walk.projects.emplace_back();
      project.text("path", read.path);
      project.text("area", read.area);
    });
  }
  return reason.empty() ? Result<void>{}
                        : fail(Errc::malformed, options_path(folder) + ": " + reason);
}

}  // namespace

bundle::Leg* Walk::unfinished() {
  auto& legs = manifest.legs;
  const auto found =
      std::find_if(legs.begin(), legs.end(), [](const auto& leg) { return leg.ended == Time{}; });
  return found == legs.end() ? nullptr : &*found;
}

Result<void> WalkFolder::is_free(const std::string& bundle) {
  if (is_there(bundle)) {
    return bundle_is_there(bundle, "name another file with --out; a bundle is never written over");
  }
  if (is_there(folder_of(bundle)) && !is_unused(folder_of(bundle))) {
    return fail(Error(Errc::wrong_use, fmt::format("a walk to \"{}\" was begun already",
                                                   escape_for_terminal(bundle)))
                    .hint("go on with it by --resume, or remove its folder " +
                          escape_for_terminal(folder_of(bundle))));
  }
  return {};
}

Result<WalkFolder> WalkFolder::create(const std::string& bundle, const Walk& walk) {
  if (auto free = is_free(bundle); !free) {
    return fail(std::move(free).error());
  }
  WalkFolder folder(folder_of(bundle));
  constexpr mode_t kOwnerOnly = 0700;
  if ((!is_unused(folder.path_) && ::mkdir(folder.path_.c_str(), kOwnerOnly) != 0) ||
      !keep_name(folder.path_)) {
    return fail(system_error(errno, fmt::format("folder \"{}\"", folder.path_)));
  }
  if (auto saved = folder.save(walk); !saved) {
    return fail(std::move(saved).error());
  }
  return folder;
}

Result<WalkFolder> WalkFolder::find(const std::string& bundle) {
  WalkFolder folder(folder_of(bundle));
  if (!is_own_folder(folder.path_) || !is_there(manifest_path(folder.path_))) {
    return fail(Error(Errc::wrong_use, fmt::format("there is no walk to go on with at \"{}\"",
                                                   escape_for_terminal(folder.path_)))
                    .hint(is_there(bundle) ? "its bundle is written already"
                                           : "begin one without --resume"));
  }
  if (is_there(bundle)) {
    return bundle_is_there(
        bundle, fmt::format("where it is this walk's, remove {}; else move it away: a bundle is "
                            "never written over",
                            escape_for_terminal(folder.path_)));
  }
  return folder;
}

Result<void> WalkFolder::read(Walk& walk) const {
  const auto text = read_text(manifest_path(path_));
  auto manifest = text ? bundle::draft_from(*text) : fail(text.error());
  if (!manifest) {
    return fail(std::move(manifest).error().during(manifest_path(path_)));
  }
  walk.manifest = std::move(*manifest);
  return read_options(path_, walk);
}

Result<void> WalkFolder::save(const Walk& walk) const {
  Json projects = Json::array();
  for (const auto& folder : walk.projects) {
    projects.push_back({{"path", folder.path}, {"area", folder.area}});
  }
  const Json options = {{"includeFiles", walk.include_files},
                        {"keepOpen", walk.keep_open},
                        {"encryptTo", walk.recipient},
                        {"projects", std::move(projects)}};
  if (auto written = write_text(options_path(path_), json_text(options, 2) + "\n"); !written) {
    return written;
  }
  return write_text(manifest_path(path_), bundle::manifest_text(walk.manifest));
}

Result<void> WalkFolder::remove() const {
  std::error_code failed;
  fs::remove_all(path_, failed);
  return failed ? fail(system_error(failed.value(), fmt::format("folder \"{}\"", path_)))
                : Result<void>{};
}

Result<void> check_sound(const Walk& walk) {
  const auto again = bundle::draft_from(bundle::manifest_text(walk.manifest));
  if (!again) {
    return fail(Error(Errc::wrong_use, again.error().message()));
  }
  if (*again != walk.manifest) {
    return fail(Error(Errc::wrong_use, "a name or a note is no UTF-8")
                    .hint("type it in a terminal whose locale is UTF-8"));
  }
  return {};
}

Result<std::string> random_uuid() {
  Uuid uuid;
  if (::getrandom(uuid.bytes.data(), uuid.bytes.size(), 0) !=
      static_cast<ssize_t>(uuid.bytes.size())) {
    return fail(system_error(errno, "random numbers"));
  }
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0F) | 0x40);
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3F) | 0x80);
  return uuid.text();
}

}  // namespace ot::agent::survey
