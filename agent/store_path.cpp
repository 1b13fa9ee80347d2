#include "agent/store_path.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include <fmt/format.h>

namespace ot::agent {
namespace {

constexpr const char* kServiceStore = "/var/lib/rackscout/rackscout.db";

bool is_absolute(const std::string& path) {
  return path.starts_with('/');
}

}  // namespace

Surroundings process_surroundings() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  return {variable, geteuid() == 0};
}

Result<std::string> default_store_path(const Surroundings& surroundings) {
  if (auto named = surroundings.variable("RACKSCOUT_STORE"); !named.empty()) {
    return named;
  }
  if (surroundings.root) {
    return kServiceStore;
  }
  // The XDG base directory specification tells to ignore relative paths.
  if (const auto state = surroundings.variable("XDG_STATE_HOME"); is_absolute(state)) {
    return state + "/rackscout/rackscout.db";
  }
  if (const auto home = surroundings.variable("HOME"); is_absolute(home)) {
    return home + "/.local/state/rackscout/rackscout.db";
  }
  return fail(
      Error(Errc::wrong_use, "no place for the store: neither HOME nor XDG_STATE_HOME is set")
          .hint("name one with --store FILE or in RACKSCOUT_STORE"));
}

Result<std::string> store_path(const std::string& named) {
  if (!named.empty()) {
    return named;
  }
  return default_store_path(process_surroundings());
}

Result<OpenStore> open_for_writing(const std::string& named) {
  auto path = store_path(named);
  if (!path) {
    return fail(std::move(path.error()));
  }
  auto store = store::Store::open(*path, store::Mode::read_write);
  if (!store) {
    return fail(std::move(store.error()));
  }
  return OpenStore{std::move(*path), std::move(*store)};
}

Result<OpenStore> open_for_reading(const std::string& named) {
  auto path = store_path(named);
  if (!path) {
    return fail(std::move(path.error()));
  }
  struct stat status {};
  if (stat(path->c_str(), &status) != 0) {
    if (errno != ENOENT) {
      return fail(system_error(errno, fmt::format("open store \"{}\"", *path)));
    }
    return fail(
        Error(Errc::not_found, fmt::format("there is no store at \"{}\"", *path))
            .hint(
                "run `rackscout ingest FOLDER` or `rackscout probe TARGET` first, or name another "
                "store with --store"));
  }
  auto store = store::Store::open(*path, store::Mode::read_only);
  if (!store) {
    return fail(std::move(store.error()));
  }
  return OpenStore{std::move(*path), std::move(*store)};
}

}  // namespace ot::agent
