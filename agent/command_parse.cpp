#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "agent/commands.hpp"
#include "agent/file_reader.hpp"
#include "agent/output.hpp"
#include "agent/project_text.hpp"
#include "agent/redact.hpp"
#include "agent/wall_option.hpp"

namespace ot::agent {
namespace {

constexpr const char* kExamples = R"(Examples:
  rackscout parse AS01.cfg                      what the file says, as JSON
  rackscout parse panel.dz5 --compact | jq '.assets[].hardware.model'

No store is read or written. The exit code is 3 for a file that is no project
file or that can't be read. Names of users in paths inside the file are shown as
<user> unless --keep-paths is given.)";

struct Options {
  std::string path;
  bool keep_paths = false;
  bool compact = false;
  wall::Options wall;
};

Error no_project_file() {
  return Error(Errc::unsupported, "not a project file of any kind that is known")
      .hint("`rackscout list-parsers` names the kinds that are read");
}

Result<ReadFile> read(const std::string& path, wall::Pool& pool) {
  auto file = ProjectFileReader::open(path, true);
  if (!file) {
    return fail(file.error());
  }
  if (file->parser() == nullptr) {
    return fail(no_project_file());
  }
  auto read = file->read(pool, parsers::Limits{}, {});
  if (read && read->error) {
    return fail(*read->error);
  }
  return read;
}

store::StoredFile head_of(const std::string& path, const ReadFile& read) {
  const std::filesystem::path name(path);
  store::StoredFile file;
  file.name = name.stem().string();
  file.extension = name.extension().string();
  file.size = read.stamp.size;
  file.digests = read.digests;
  file.parser = read.parser->name;
  return file;
}

Result<void> print(const Options& options, ReadFile read) {
  if (!options.keep_paths) {
    redact(read.project);
  }
  Output output;
  write_project(read.project, head_of(options.path, read), options.compact,
                [&output](std::string_view text) { output.write(text); });
  return output.finish();
}

int parse(const Options& options) {
  wall::Pool pool(options.wall);
  if (const auto ready = pool.ready(); !ready) {
    return ended(fail(ready.error()));
  }
  auto file = read(options.path, pool);
  if (file) {
    return ended(print(options, std::move(*file)));
  }
  auto error = std::move(file.error());
  const bool missing = error.code() == Errc::not_found;
  say_error(options.keep_paths ? error : redacted(error), options.path);
  return missing ? exit_code::kWrongUse : exit_code::kWithFailures;
}

}  // namespace

void add_parse(CLI::App& app, int& exit_code) {
  auto* command = add_command(app, "parse", "Print what one project file says, as JSON");
  const auto options = std::make_shared<Options>();
  command->add_option("FILE", options->path, "The project file")->type_name("")->required();
  command->add_flag("--keep-paths", options->keep_paths, "Keep users' names in paths");
  command->add_flag("--compact", options->compact, "Print one line");
  add_wall(*command, options->wall);
  command->footer(kExamples);
  command->callback([options, &exit_code] { exit_code = parse(*options); });
}

}  // namespace ot::agent
