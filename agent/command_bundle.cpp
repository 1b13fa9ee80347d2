#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "agent/bundle/bundle.hpp"
#include "agent/bundle/examine_report.hpp"
#include "agent/bundle_commands.hpp"
#include "agent/checks.hpp"
#include "agent/commands.hpp"
#include "agent/json_text.hpp"
#include "agent/output.hpp"
#include "agent/terminal.hpp"
#include "agent/wall_option.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

constexpr const char* kExamples = R"(Examples:
  rackscout bundle verify plant.rsb      is it as it was made, and by whom?
  rackscout bundle show plant.rsb        who walked where and when, and what came of it
  rackscout bundle show plant.rsb --member exchanges | jq .meaning
  rackscout bundle show plant.rsb --member files/HASH > project.zap16

Every byte is looked at. Exit codes: 0 unaltered and signed by a key that is
trusted here, 3 not signed, signed by an unknown key, or for somebody else's
eyes, 4 altered.)";

constexpr std::size_t kLongestTerminalLine = 1ULL << 20;

struct Options {
  std::string path;
  std::string key;
  std::string format = "text";
  std::string member;
  wall::Options wall;
};

/// What a file is worth of which nothing can be told: it is there, and no whole bundle.
int exit_of(const Error& error) {
  switch (error.code()) {
    case Errc::corrupt:
    case Errc::malformed: return exit_code::kTampered;
    case Errc::not_found:
    case Errc::wrong_use: return exit_code::kWrongUse;
    case Errc::io: return exit_code::kOwnFailure;
    default: return exit_code::kWithFailures;
  }
}

/// Opens it, or says why not.
Result<bundle::Bundle> opened(const Options& options, int& exit) {
  const auto keys = bundle::load_keyring(options.key);
  if (!keys) {
    exit = keys.error().code() == Errc::io ? exit_code::kOwnFailure : exit_code::kWrongUse;
    say_error(keys.error());
    return fail(keys.error());
  }
  auto bundle = bundle::Bundle::open(options.path, *keys, options.wall);
  if (!bundle) {
    exit = exit_of(bundle.error());
    say_error(bundle.error(), options.path);
  }
  return bundle;
}

/// What was written is the answer, unless it did not arrive.
int finished(Output& output, int answer) {
  const auto written = output.finish();
  return written ? answer : ended(written);
}

std::string line(std::string_view text) {
  return escape_for_terminal(text) + "\n";
}

Json json_of_unreadable(const Options& options, const Error& error) {
  return {
      {"file", options.path}, {"verdict", "altered"}, {"findings", Json::array({error.message()})}};
}

int verify(const Options& options) {
  int exit = exit_code::kDone;
  const auto bundle = opened(options, exit);
  Output output;
  if (!bundle) {
    if (exit == exit_code::kTampered) {
      output.write(
          options.format == "json"
              ? json_text(json_of_unreadable(options, bundle.error()), 2) + "\n"
              : line(options.path + ": altered, or no bundle at all: nothing of it can be told"));
    }
    return finished(output, exit);
  }
  if (options.format == "json") {
    Json out = {{"file", options.path}};
    out.update(bundle::verdict_json(*bundle));
    out.update(bundle::summary_json(*bundle));
    output.write(json_text(out, 2) + "\n");
  } else {
    output.write(line(options.path + ": " + bundle::verdict_text(*bundle)));
    for (const auto& finding : bundle->findings()) {
      output.write(line("  " + finding));
    }
    output.write(bundle::summary_text(*bundle));
    output.write(bundle::advice_text(*bundle));
  }
  return finished(output, exit_of(bundle::verdict_of(*bundle)));
}

/// "exchanges", "exchanges.ndjson" and "exchanges.ndjson.gz" are one.
std::string member_meant(const bundle::Manifest& manifest, const std::string& name) {
  for (const auto& member : manifest.members) {
    if (member.name == name + ".gz" || member.name == name + ".ndjson.gz") {
      return member.name;
    }
  }
  return name;
}

/// A member as it is; on a terminal line by line, escaped.
class MemberOutput {
 public:
  explicit MemberOutput(Output& output)
      : output_(output), escaping_(stdout_terminal().interactive) {}

  Result<void> add(std::string_view piece) {
    if (!escaping_) {
      output_.write(piece);
      return {};
    }
    for (const char c : piece) {
      if (c == '\n' || rest_.size() == kLongestTerminalLine) {
        flush();
      }
      if (c != '\n') {
        rest_ += c;
      }
    }
    return {};
  }

  void finish() {
    if (!rest_.empty()) {
      flush();
    }
  }

 private:
  void flush() {
    output_.write(line(rest_));
    rest_.clear();
  }

  Output& output_;
  bool escaping_;
  std::string rest_;
};

Result<void> print_member(const bundle::Bundle& bundle, const std::string& name, Output& output) {
  MemberOutput member(output);
  auto printed = bundle.each_piece(member_meant(bundle.manifest(), name),
                                   [&member](std::string_view piece) { return member.add(piece); });
  member.finish();
  return printed;
}

/// What is shown is not to be taken for more than it is.
void warn(const Options& options, const bundle::Bundle& bundle) {
  if (bundle::verdict_of(bundle) != bundle::Verdict::good) {
    say(fmt::format("{}: {}", options.path, bundle::verdict_text(bundle)));
  }
  for (const auto& finding : bundle.findings()) {
    say("  " + finding);
  }
}

int show(const Options& options) {
  int exit = exit_code::kDone;
  const auto bundle = opened(options, exit);
  if (!bundle) {
    return exit;
  }
  warn(options, *bundle);
  Output output;
  exit = exit_of(bundle::verdict_of(*bundle));
  if (!options.member.empty()) {
    const auto printed = print_member(*bundle, options.member, output);
    if (!printed) {
      const bool missing = printed.error().code() == Errc::not_found;
      say_error(printed.error(), options.path);
      exit = missing ? exit_code::kWrongUse : std::max(exit, exit_code::kOwnFailure);
    }
  } else if (options.format == "json") {
    auto out = bundle::manifest_json(*bundle);
    out["trust"] = bundle::verdict_json(*bundle);
    output.write(json_text(out, 2) + "\n");
  } else {
    output.write(line(options.path + ": " + bundle->trust_text()));
    output.write(bundle::summary_text(*bundle));
    output.write(bundle::legs_text(*bundle));
  }
  return finished(output, exit);
}

CLI::App* add_reading(CLI::App& group, const std::string& name, const std::string& title,
                      Options& options) {
  auto* command = add_command(group, name, title);
  command->add_option("FILE", options.path, "The bundle (.rsb)")->type_name("")->required();
  command->add_option("--key", options.key, "Our private key, if it is not the usual one")
      ->type_name("FILE");
  command->add_option("--format", options.format, "text or json")
      ->check(one_of({"text", "json"}))
      ->type_name("FORMAT");
  add_wall(*command, options.wall);
  return command;
}

}  // namespace

void add_bundle(CLI::App& app, int& exit_code) {
  auto* group = add_command(app, "bundle", "Look at, verify and use what a survey brought home");
  group->require_subcommand(1);
  group->footer(kExamples);
  const auto options = std::make_shared<Options>();
  auto* show_command = add_reading(*group, "show", "Say what is in it", *options);
  show_command
      ->add_option("--member", options->member,
                   "Print this instead: records, observations, targets, exchanges, journal, "
                   "manifest.json, files/HASH")
      ->check(such_as({"records", "observations", "targets", "exchanges", "journal",
                       "manifest.json", "signature.json"}))
      ->type_name("NAME");
  show_command->callback([options, &exit_code] { exit_code = show(*options); });
  add_reading(*group, "verify", "Check every byte, and whose word it is", *options)
      ->callback([options, &exit_code] { exit_code = verify(*options); });
  add_bundle_import(*group, exit_code);
  add_bundle_diff(*group, exit_code);
  add_bundle_replay(*group, exit_code);
}

}  // namespace ot::agent
