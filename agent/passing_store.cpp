#include "agent/passing_store.hpp"

#include <stdlib.h>

#include <cerrno>
#include <filesystem>

#include <fmt/format.h>

namespace ot::agent {
namespace {

namespace fs = std::filesystem;

}  // namespace

struct PassingStore::Folder {
  explicit Folder(std::string made) : path(std::move(made)) {}
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }

  std::string path;
};

Result<PassingStore> PassingStore::open() {
  std::error_code failed;
  const auto base = fs::temp_directory_path(failed);
  auto name = ((failed ? fs::path("/tmp") : base) / "rackscout-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    return fail(system_error(errno, fmt::format("create a folder \"{}\"", name)));
  }
  const auto folder = std::make_shared<const Folder>(std::move(name));
  auto store = store::Store::open(folder->path + "/passing.db", store::Mode::read_write);
  if (!store) {
    return fail(std::move(store).error());
  }
  return PassingStore(folder, std::move(*store));
}

}  // namespace ot::agent
