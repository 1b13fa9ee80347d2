#include "agent/manual/whole_manual.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include <fmt/format.h>

#include "agent/manual/command_page.hpp"
#include "agent/manual/completions.hpp"
#include "agent/manual/config_page.hpp"

namespace ot::agent::manual {
namespace {

namespace fs = std::filesystem;

/// Reads docs/manual as pages need it, and keeps account of its files.
class Maker {
 public:
  Maker(std::string folder, const Edition& edition)
      : folder_(std::move(folder)), edition_(edition) {}

  Result<std::vector<File>> make() {
    const auto program = whole_program();
    auto options = read("options");
    auto made = options ? add("rackscout", program_page, program) : fail(options.error());
    for (const auto& command : program.commands) {
      const auto page = [&options](const Command& each, Prose& prose, const Edition& edition) {
        return command_page(each, prose, *options, edition);
      };
      made = made ? add(command.path, page, command) : made;
    }
    if (made) {
      made = options->all_taken();
    }
    const auto page = [](const Command&, Prose& prose, const Edition& edition) {
      return config_page(prose, edition);
    };
    made = made ? add("rackscout.toml", page, program) : made;
    made = made ? all_known() : made;
    if (!made) {
      return fail(std::move(made).error());
    }
    files_.push_back({"completions/rackscout.bash", bash_completion(program)});
    files_.push_back({"completions/_rackscout", zsh_completion(program)});
    files_.push_back({"completions/rackscout.fish", fish_completion(program)});
    return std::move(files_);
  }

 private:
  /// One that is not there says nothing.
  Result<Prose> read(const std::string& name) {
    const auto path = fs::path(folder_) / (name + ".mdoc");
    known_.push_back(path.filename().string());
    std::ifstream file(path);
    std::ostringstream text;
    if (file.is_open()) {
      text << file.rdbuf();
    }
    return Prose::parse(text.str(), path.string());
  }

  template <class MakePage>
  Result<void> add(const std::string& name, MakePage make_page, const Command& command) {
    auto prose = read(name);
    if (!prose) {
      return fail(std::move(prose).error());
    }
    const Page page = make_page(command, *prose, edition_);
    files_.push_back({"manual/" + page.file(), page.text()});
    return prose->all_taken();
  }

  Result<void> all_known() const {
    std::error_code failed;
    fs::directory_iterator at(folder_, failed);
    for (; !failed && at != fs::directory_iterator(); at.increment(failed)) {
      const auto name = at->path().filename().string();
      const bool is_known = std::find(known_.begin(), known_.end(), name) != known_.end();
      if (at->path().extension() == ".mdoc" && !is_known) {
        return fail(Errc::malformed, fmt::format("{}: no command has this name", name));
      }
    }
    return failed ? fail(system_error(failed.value(), fmt::format("folder \"{}\"", folder_)))
                  : Result<void>();
  }

  std::string folder_;
  Edition edition_;
  std::vector<std::string> known_;
  std::vector<File> files_;
};

}  // namespace

Result<std::vector<File>> whole_manual(const std::string& prose_folder, const Edition& edition) {
  return Maker(prose_folder, edition).make();
}

}  // namespace ot::agent::manual
