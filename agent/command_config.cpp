#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "agent/checks.hpp"
#include "agent/commands.hpp"
#include "agent/config/config_text.hpp"
#include "agent/config/read.hpp"
#include "agent/config/surroundings.hpp"
#include "agent/json_text.hpp"
#include "agent/output.hpp"
#include "agent/process.hpp"
#include "agent/whole_file.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

constexpr const char* kExamples = R"(Examples:
  sudo rackscout config init           write /etc/rackscout/rackscout.toml
  sudo rackscout config check          every mistake, and what the service can't read
  rackscout config check --config new.toml --user rackscout
  rackscout config show                all that holds, with the defaults

The file is the one named by --config, else by $RACKSCOUT_CONFIG, else
/etc/rackscout/rackscout.toml. rackscout.toml(5) says what may stand in it.
`check` ends with 0 when there is no mistake (warnings may be), 2 when there is
one, 1 when the file can't be read.)";

struct Options {
  std::string config;
  std::string user;
  std::string format = "text";
  bool force = false;
  bool to_stdout = false;
};

Json finding_json(const Finding& finding) {
  Json json = {{"severity", finding.is_mistake() ? "mistake" : "warning"},
               {"file", finding.file},
               {"line", finding.at.line},
               {"column", finding.at.column},
               {"key", finding.key},
               {"message", finding.message},
               {"hint", finding.hint}};
  for (const auto* key : {"key", "hint"}) {
    if (json[key].get_ref<const std::string&>().empty()) {
      json.erase(key);
    }
  }
  return json;
}

Result<void> print(const std::vector<Finding>& findings, const std::string& format) {
  Output output;
  Json list = Json::array();
  for (const auto& finding : findings) {
    if (format == "json") {
      list.push_back(finding_json(finding));
      continue;
    }
    output.write(escape_for_terminal(text_of(finding)) + "\n");
    if (!finding.hint.empty()) {
      output.write("  " + escape_for_terminal(finding.hint) + "\n");
    }
  }
  if (format == "json") {
    output.write(json_text(Json{{"findings", std::move(list)}}, 2) + "\n");
  }
  return output.finish();
}

/// The service's where we may try as him, else our own.
Result<Account> account_to_try(const std::string& named) {
  if (!named.empty()) {
    return account_named(named);
  }
  auto service = account_named(kServiceUser);
  return service && ::geteuid() == 0 ? std::move(*service) : own_account();
}

std::string summary(const std::vector<Finding>& findings, const std::string& user) {
  const auto mistakes = std::count_if(findings.begin(), findings.end(),
                                      [](const auto& one) { return one.is_mistake(); });
  const auto warnings = static_cast<std::ptrdiff_t>(findings.size()) - mistakes;
  return fmt::format("{}, {} (tried as {})", counted(mistakes, "mistake", "mistakes"),
                     counted(warnings, "warning", "warnings"), user);
}

Result<ReadConfig> load(const std::string& path) {
  auto read = load_config(path);
  if (!read && read.error().code() == Errc::not_found) {
    return fail(std::move(read.error()).hint("`rackscout config init` writes one"));
  }
  return read;
}

int check(const Options& options) {
  const auto path = config_path(options.config);
  const auto account = account_to_try(options.user);
  if (!account) {
    say_error(account.error(), "--user");
    return exit_code::kWrongUse;
  }
  if (account->uid != ::geteuid() && ::geteuid() != 0) {
    return ended(fail(
        Error(Errc::wrong_use, fmt::format("only root can try what {} may read", account->name))
            .hint("run it with sudo")));
  }
  auto read = load(path);
  if (!read) {
    say_error(read.error());
    return exit_code::kOwnFailure;
  }
  auto findings = std::move(read->findings);
  const auto more = check_surroundings(*read, path, *account);
  findings.insert(findings.end(), more.begin(), more.end());
  if (auto printed = print(findings, options.format); !printed) {
    return ended(printed);
  }
  say(fmt::format("{}: {}", path, summary(findings, account->name)));
  return has_mistakes(findings) ? exit_code::kWrongUse : exit_code::kDone;
}

/// Whoever may not read it learns nothing; the service may, by its group.
FileAccess access_for_service() {
  const ::group* service = ::geteuid() == 0 ? ::getgrnam(kServiceUser) : nullptr;
  return {0640, service == nullptr ? std::nullopt : std::optional(service->gr_gid)};
}

/// Where that fails, so does writing the file, and says why.
void make_folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  static_cast<void>(folder.empty() || ::mkdir(folder.c_str(), 0755) == 0);
}

/// With what to do where the folder is somebody else's.
Error unwritten(Error error, const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  const bool denied =
      ::access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) != 0 && errno == EACCES;
  return denied ? std::move(error).hint("run it with sudo, or name another --config") : error;
}

Result<void> write_config(const std::string& path, bool force) {
  auto written = write_whole(path, initial_config(), force ? IfThere::replace : IfThere::keep,
                             access_for_service());
  if (!written) {
    return fail(unwritten(std::move(written).error(), path));
  }
  if (!*written) {
    return fail(Error(Errc::wrong_use, "it is there already")
                    .hint("--force writes over it, --stdout prints it"));
  }
  return {};
}

Result<void> print_text(const std::string& text) {
  Output output;
  output.write(text);
  return output.finish();
}

int init(const Options& options) {
  if (options.to_stdout) {
    return ended(print_text(initial_config()));
  }
  const auto path = config_path(options.config);
  make_folder_of(path);
  const auto written = write_config(path, options.force);
  if (written) {
    say(fmt::format("wrote {}; change it, then run `rackscout config check`", path));
  }
  return ended(written, path);
}

int show(const Options& options) {
  const auto path = config_path(options.config);
  auto read = load(path);
  if (!read) {
    say_error(read.error());
    return exit_code::kOwnFailure;
  }
  if (!read->config) {
    say_error(Error(Errc::malformed, "it has mistakes").hint("`rackscout config check` tells them"),
              path);
    return exit_code::kWrongUse;
  }
  const auto text = options.format == "json" ? json_text(config_json(*read->config), 2) + "\n"
                                             : config_text(*read->config);
  return ended(print_text(text));
}

void add_config_option(CLI::App& command, Options& options) {
  command.add_option("--config", options.config, "The configuration")->type_name("FILE");
}

void add_check(CLI::App& config, const std::shared_ptr<Options>& options, int& exit_code) {
  auto* command = add_command(config, "check", "Tell every mistake, and what can't be read");
  add_config_option(*command, *options);
  command->add_option("--user", options->user, "Whose rights count (the service's, for root)")
      ->type_name("NAME");
  command->add_option("--format", options->format, "text or json")
      ->check(one_of({"text", "json"}))
      ->type_name("FORMAT");
  command->footer(kExamples);
  command->callback([options, &exit_code] { exit_code = check(*options); });
}

void add_init(CLI::App& config, const std::shared_ptr<Options>& options, int& exit_code) {
  auto* command = add_command(config, "init", "Write a configuration with every key explained");
  add_config_option(*command, *options);
  command->add_flag("--force", options->force, "Write over one that is there");
  command->add_flag("--stdout", options->to_stdout, "Print it instead");
  command->footer(kExamples);
  command->callback([options, &exit_code] { exit_code = init(*options); });
}

void add_show_config(CLI::App& config, const std::shared_ptr<Options>& options, int& exit_code) {
  auto* command = add_command(config, "show", "Print all that holds, with the defaults");
  add_config_option(*command, *options);
  command->add_option("--format", options->format, "toml or json")
      ->check(one_of({"toml", "json"}))
      ->type_name("FORMAT");
  command->footer(kExamples);
  command->callback([options, &exit_code] { exit_code = show(*options); });
}

}  // namespace

void add_config(CLI::App& app, int& exit_code) {
  auto* command = add_command(app, "config", "Check, write or show the service's configuration");
  command->require_subcommand(1);
  command->footer(kExamples);
  const auto options = std::make_shared<Options>();
  add_check(*command, options, exit_code);
  add_init(*command, options, exit_code);
  add_show_config(*command, options, exit_code);
}

}  // namespace ot::agent
