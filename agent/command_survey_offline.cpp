#include "agent/command_survey_offline.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "agent/bundle/key.hpp"
#include "agent/bundle/trusted_keys.hpp"
#include "agent/commands.hpp"
#include "agent/ingest_report.hpp"
#include "agent/input_file.hpp"
#include "agent/json_text.hpp"
#include "agent/offline_walk.hpp"
#include "agent/output.hpp"
#include "agent/probe_command.hpp"
#include "agent/probe_report.hpp"
#include "agent/process.hpp"
#include "agent/redact.hpp"
#include "agent/store_path.hpp"
#include "agent/survey/legs.hpp"
#include "agent/survey/walk_plan.hpp"
#include "agent/survey/walk_run.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

namespace fs = std::filesystem;
using survey::Walk;
using survey::WalkFolder;
using survey::WalkLedger;

/// As one types it.
std::string shell_word(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./_-+,:@%";
  if (text.find_first_not_of(kPlain) == text.npos) {
    return text;
  }
  std::string word = "'";
  for (const char c : text) {
    word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return word + "'";
}

bool on_terminal() {
  return ::isatty(STDIN_FILENO) != 0 && ::isatty(STDERR_FILENO) != 0;
}

/// Whether the user says yes; without a terminal nobody does.
bool says_yes(const std::string& question) {
  if (!on_terminal()) {
    return false;
  }
  std::cerr << escape_for_terminal(question) << " [y/N] ";
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

void say_lines(std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    say(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// Who signs and who may read, decided before anybody is asked anything.
struct Hands {
  std::optional<bundle::PrivateKey> signer;
  std::optional<bundle::PublicKey> recipient;
};

/// A public key line, or the name of a file with one.
Result<bundle::PublicKey> recipient_of(const std::string& text) {
  constexpr std::uint64_t kLongest = 4096;
  if (auto key = bundle::public_key_from(text)) {
    return key;
  }
  const auto line = read_whole(text, true, kLongest);
  if (!line) {
    const bool is_there = line.error().code() != Errc::not_found;
    return fail(
        Error(Errc::wrong_use, fmt::format("--encrypt-to \"{}\": {}", escape_for_terminal(text),
                                           is_there ? line.error().message()
                                                    : "neither a public key nor a file with one"))
            .hint("its owner prints it by `rackscout key show`"));
  }
  auto key = bundle::only_key_in(*line);
  return key ? key : fail(Error(Errc::wrong_use, "--encrypt-to: " + key.error().message()));
}

/// `named`: the recipient, as it was named when the walk was begun, or since.
Result<Hands> hands_of(const OfflineOptions& options, const std::string& named) {
  Hands hands;
  if (!named.empty()) {
    auto recipient = recipient_of(named);
    if (!recipient) {
      return fail(std::move(recipient).error());
    }
    hands.recipient = std::move(*recipient);
  }
  if (options.no_signature) {
    return hands;
  }
  auto keys = bundle::load_keyring(options.key);
  if (!keys) {
    return fail(std::move(keys).error());
  }
  hands.signer = std::move(keys->own);
  return hands;
}

Result<void> agree(const Walk& walk, const OfflineOptions& options) {
  const auto plan = survey::plan_of(walk);
  if (!plan) {
    return fail(plan.error());
  }
  say_lines(survey::plan_text(walk, *plan));
  const bool all_done =
      std::all_of(plan->begin(), plan->end(), [](const auto& leg) { return leg.done; });
  if (options.probe.yes || all_done || options.finish) {
    return {};
  }
  if (!on_terminal()) {
    return fail(Error(Errc::wrong_use, "nobody is there to agree to this plan")
                    .hint("add --yes when you do"));
  }
  return says_yes("Begin?") ? Result<void>{} : fail(Errc::wrong_use, "nothing was sent");
}

int print_plan(const Walk& walk, const std::string& format) {
  const auto plan = survey::plan_of(walk);
  if (!plan) {
    return ended(fail(plan.error()));
  }
  Output output;
  output.write(format == "json" ? json_text(survey::plan_json(walk, *plan), 2) + "\n"
                                : survey::plan_text(walk, *plan));
  return ended(output.finish());
}

void say_leg(const bundle::Leg& leg, const ProbeSummary& summary) {
  if (!leg.area.empty() && has_findings(summary)) {
    say("[" + leg.area + "]");
  }
  say_findings(summary);
}

/// Why a run in which all went well ends as one in which it did not.
void say_trouble_before(const std::vector<std::string>& areas) {
  for (const auto& area : areas) {
    say(fmt::format("{}not all was read, as an earlier run told; the report has it",
                    area.empty() ? "" : area + ": "));
  }
}

/// The bundle, and what it takes to trust it. A file that changed since it was read stays behind.
Result<std::vector<std::string>> write(const OfflineOptions& options, bundle::Contents contents,
                                       const Hands& hands) {
  std::vector<std::string> left;
  while (true) {
    const auto written =
        bundle::write_bundle(options.out, contents, hands.signer ? &*hands.signer : nullptr,
                             hands.recipient ? &*hands.recipient : nullptr);
    if (written) {
      return left;
    }
    const auto changed = std::find_if(
        contents.files.begin(), contents.files.end(), [&written](const bundle::FileAlong& file) {
          return written.error().message().find(file.path) != std::string::npos;
        });
    const bool is_of_file =
        written.error().code() == Errc::changed || written.error().code() == Errc::not_found;
    if (!is_of_file || changed == contents.files.end()) {
      return fail(written.error());
    }
    left.push_back(written.error().text());
    contents.files.erase(changed);
  }
}

/// One run of a walk, from its plan to its bundle.
class Survey {
 public:
  explicit Survey(const OfflineOptions& options) : options_(options) {}

  int run();

 private:
  Result<void> begin();
  Result<void> take_up();
  Result<void> agree_on();
  Result<survey::WalkSummary> walk();
  int end(const survey::WalkSummary& summary);
  Result<void> pack(const survey::WalkSummary& summary);
  int say_open(const survey::WalkSummary& summary) const;
  bool goes_on(const bundle::Leg& next) const;

  const OfflineOptions& options_;
  Hands hands_;
  Walk walk_;
  std::optional<WalkFolder> folder_;
  std::optional<OpenStore> open_;
  std::unique_ptr<WalkLedger> ledger_;
  bool packed_ = false;
};

/// Who signs and who may read is known before anybody is asked anything.
Result<void> Survey::agree_on() {
  auto hands = hands_of(options_, walk_.recipient);
  if (!hands) {
    return fail(std::move(hands).error());
  }
  hands_ = std::move(*hands);
  return agree(walk_, options_);
}

Result<void> Survey::begin() {
  auto begun = new_walk(options_);
  if (!begun) {
    return fail(std::move(begun).error());
  }
  walk_ = std::move(*begun);
  auto free = WalkFolder::is_free(options_.out);
  auto agreed = free ? agree_on() : free;
  if (!agreed) {
    return agreed;
  }
  auto folder = WalkFolder::create(options_.out, walk_);
  if (!folder) {
    return fail(std::move(folder).error());
  }
  folder_ = std::move(*folder);
  auto open = open_for_writing(folder_->store_path());
  if (!open) {
    return fail(std::move(open).error());
  }
  open_ = std::move(*open);
  return {};
}

/// Its store is locked before anything of it is read: nobody else goes on with it meanwhile.
Result<void> Survey::take_up() {
  auto folder = WalkFolder::find(options_.out);
  if (!folder) {
    return fail(std::move(folder).error());
  }
  folder_ = std::move(*folder);
  auto open = open_for_writing(folder_->store_path());
  if (!open) {
    return fail(std::move(open).error());
  }
  open_ = std::move(*open);
  auto taken = folder_->read(walk_);
  taken = taken ? add_to(walk_, options_) : std::move(taken);
  taken = taken ? agree_on() : std::move(taken);
  return taken ? folder_->save(walk_) : taken;
}

bool Survey::goes_on(const bundle::Leg& next) const {
  return options_.probe.yes ||
         says_yes(fmt::format("Go on with {}? Plug in there first, then say yes. No: later, by "
                              "--resume.",
                              next.area.empty() ? "the next targets" : next.area));
}

Result<survey::WalkSummary> Survey::walk() {
  WalkLedger::Recordings heard;
  auto ledger = WalkLedger::open(folder_->ledger_path(), walk_.manifest.walk, heard);
  if (!ledger) {
    return fail(std::move(ledger).error());
  }
  ledger_ = std::move(*ledger);
  survey::WalkOptions options;
  options.wall = options_.wall;
  options.ask_nobody = options_.finish;
  options.stop = [file = options_.probe.stop_file] { return what_stops(file); };
  options.go_on = [this](const bundle::Leg& next) { return goes_on(next); };
  options.on_files = say_ingest;
  options.on_leg = say_leg;
  static_cast<void>(stop_on_signals());
  return survey::run_walk(open_->store, *folder_, walk_, *ledger_, heard, options);
}

Result<void> Survey::pack(const survey::WalkSummary& summary) {
  walk_.manifest.ended = now();
  for (const auto& project : walk_.projects) {
    walk_.manifest.projects.push_back(redact(project.path));
  }
  auto contents = survey::contents_of(open_->store, walk_, *folder_, *ledger_, summary.findings);
  auto left = contents ? write(options_, std::move(*contents), hands_)
                       : Result<std::vector<std::string>>(fail(contents.error()));
  if (!left) {
    return fail(std::move(left).error());
  }
  for (const auto& line : *left) {
    say("left out: " + line);
  }
  return {};
}

int Survey::say_open(const survey::WalkSummary& summary) const {
  const auto command =
      fmt::format("rackscout survey --offline --out {} --resume", shell_word(options_.out));
  if (!summary.stopped_by.empty()) {
    say(fmt::format("stopped by {}; nothing is lost", summary.stopped_by));
    say(fmt::format("go on:  {}", command));
    say(fmt::format("or end: {} --finish", command));
    return exit_code::kStopped;
  }
  if (summary.waits) {
    say(fmt::format("the next area waits; when you are there: {}", command));
    return exit_code::kWithFailures;
  }
  say(fmt::format("further areas: {} --area NAME TARGET...; at last: {} --finish", command,
                  command));
  return exit_code::kDone;
}

int Survey::end(const survey::WalkSummary& summary) {
  const bool is_open = summary.waits || (walk_.keep_open && !options_.finish);
  if (!summary.stopped_by.empty() || is_open) {
    return say_open(summary);
  }
  if (auto packed = pack(summary); !packed) {
    say(fmt::format("what was walked is kept in {}", folder_->path()));
    return ended(packed);
  }
  packed_ = true;
  say_trouble_before(summary.trouble_before);
  say(fmt::format("{} of {} answered; {}", summary.answered,
                  counted(summary.targets, "target", "targets"),
                  counted(summary.requests, "request", "requests")));
  Output output;
  output.write(options_.out + "\n");
  if (const auto written = output.finish(); !written) {
    return ended(written);
  }
  if (!hands_.signer && !options_.no_signature) {
    say("it is not signed: `rackscout key create` makes a key to sign with");
  }
  const bool trouble = summary.trouble || exit_code_of(summary.files) != exit_code::kDone;
  return trouble ? exit_code::kWithFailures : exit_code::kDone;
}

int Survey::run() {
  if (auto ready = options_.resume ? take_up() : begin(); !ready) {
    return ended(ready);
  }
  const auto summary = walk();
  if (!summary) {
    say(fmt::format("what was walked is kept in {}", folder_->path()));
    return ended(fail(summary.error()));
  }
  const int code = end(*summary);
  if (packed_) {
    ledger_.reset();
    open_.reset();
    if (auto removed = folder_->remove(); !removed) {
      say_error(removed.error());
    }
  }
  return code;
}

Result<void> check(const OfflineOptions& options) {
  const auto wrong = [](std::string what, std::string hint) {
    return fail(Error(Errc::wrong_use, std::move(what)).hint(std::move(hint)));
  };
  if (options.out.empty() || !options.out.ends_with(".rsb")) {
    return wrong("--out names no bundle", "--out plant-2026-11.rsb");
  }
  if (!options.probe.store.empty() || !options.probe.ledger.empty()) {
    return wrong("an offline survey keeps its own store and ledger",
                 "afterwards: rackscout bundle import --store FILE BUNDLE");
  }
  const bool nothing = options.probe.targets.empty() && options.targets_file.empty();
  if (nothing && options.projects.empty() && !options.resume) {
    return wrong("there is nothing to survey", "name targets, --targets FILE or --projects DIR");
  }
  if (options.finish && !options.resume) {
    return wrong("--finish ends a walk that was begun", "add --resume");
  }
  return {};
}

}  // namespace

void add_offline_options(CLI::App& command, OfflineOptions& options) {
  command.add_option("--out", options.out, "The bundle that an offline survey becomes")
      ->type_name("FILE.rsb");
  command
      .add_option("--targets", options.targets_file, "Targets, a line each; [NAME] begins an area")
      ->type_name("FILE");
  command.add_option("--operator", options.operator_name, "Who walks, if not your login name")
      ->type_name("NAME");
  command.add_option("--note", options.note, "Words for whoever reads the bundle")
      ->type_name("TEXT");
  command.add_flag("--include-files", options.include_files, "Take the project files along");
  command.add_flag("--resume", options.resume,
                   "Go on with a walk; what answered is not asked again");
  command.add_flag("--keep-open", options.keep_open, "Further areas are to come, by --resume");
  command.add_flag("--finish", options.finish, "Ask nobody any more: the bundle of what there is");
  command.add_option("--key", options.key, "Sign with this key, not with your own")
      ->type_name("FILE");
  command.add_flag("--no-signature", options.no_signature, "Don't sign the bundle");
  command.add_option("--encrypt-to", options.encrypt_to, "Only this key's owner can open it")
      ->type_name("KEY|FILE");
}

int run_offline_survey(const OfflineOptions& options) {
  if (auto checked = check(options); !checked) {
    return ended(checked);
  }
  if (options.probe.plan) {
    const auto walk = planned_walk(options);
    return walk ? print_plan(*walk, options.probe.format) : ended(fail(walk.error()));
  }
  return Survey(options).run();
}

}  // namespace ot::agent
