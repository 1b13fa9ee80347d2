#include <algorithm>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "agent/bundle/key.hpp"
#include "agent/bundle/key_folder.hpp"
#include "agent/bundle/trusted_keys.hpp"
#include "agent/checks.hpp"
#include "agent/commands.hpp"
#include "agent/http/secret_file.hpp"
#include "agent/json_text.hpp"
#include "agent/output.hpp"
#include "agent/table.hpp"
#include "agent/terminal.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

using bundle::PrivateKey;
using bundle::PublicKey;

constexpr const char* kExamples = R"(Examples:
  rackscout key create --name "Anna, plant 7"   a key to sign bundles with
  rackscout key show > anna.pub                 its public half, to hand on
  rackscout key trust anna.pub                  at home: bundles signed by Anna are good
  rackscout key list                            whom we trust
  rackscout key forget 3f1c-09ab-77d0-e512      and no longer

A key has two halves. The private one signs bundles and opens those that are
encrypted for it; it stays in its file, which its owner alone may read. The public
one is a line of text: whoever trusts it can check your signature, and encrypt
bundles for you. Compare the id with its owner, by telephone, before you trust a
key that came by mail.

Keys lie in /etc/rackscout for root, for all others in $XDG_CONFIG_HOME/rackscout
or ~/.config/rackscout: key.pem is ours, trusted-keys has a line for each key that
we trust. Our own is always trusted.)";

constexpr std::string_view kWord = "rackscout-key";

struct Options {
  std::string file;
  std::optional<std::string> name;
  std::string format;
  std::vector<std::string> key;
  std::string id;
};

/// `named`, else where our own lies.
Result<std::string> own_path(const std::string& named) {
  if (!named.empty()) {
    return named;
  }
  auto paths = bundle::key_paths();
  return paths ? Result<std::string>(std::move(paths->own)) : fail(std::move(paths).error());
}

Result<std::string> trusted_path() {
  auto paths = bundle::key_paths();
  return paths ? Result<std::string>(std::move(paths->trusted)) : fail(std::move(paths).error());
}

Result<void> print(const std::string& text) {
  Output output;
  output.write(text);
  return output.finish();
}

std::string of_name(const PublicKey& key) {
  return key.name.empty() ? key.id() : fmt::format("{} ({})", key.id(), key.name);
}

void say_what_next(const PublicKey& key, const std::string& path, bool is_usual) {
  say(fmt::format("the private half of {} lies in {}", of_name(key), path));
  say("  keep a copy of that file where nobody else can read it, and never hand it on");
  say("  hand on the line above: whoever checks your bundles runs `rackscout key trust` with it");
  if (!is_usual) {
    say(fmt::format("  it is used where it is named: --key '{}'", path));
  }
}

Result<void> create(const Options& options) {
  const auto path = own_path(options.file);
  const auto key = path ? PrivateKey::create(options.name.value_or("")) : fail(path.error());
  if (!key) {
    return fail(key.error());
  }
  if (auto made = bundle::make_folder_of(*path); !made) {
    return fail(std::move(made).error().hint("name a file in a folder of your own with --out"));
  }
  if (auto saved = key->save(*path); !saved) {
    return saved;
  }
  auto printed = print(key->public_key().line() + "\n");
  say_what_next(key->public_key(), *path, options.file.empty());
  return printed;
}

Json json_of(const PublicKey& key) {
  return {{"id", key.id()}, {"name", key.name}, {"line", key.line()}};
}

/// The text is what `key trust` takes as a file; it is handed on, so it names no path.
Result<void> show(const Options& options) {
  const auto path = own_path(options.file);
  const auto key = path ? PrivateKey::load(*path) : fail(path.error());
  if (!key) {
    return fail(key.error());
  }
  const auto& half = key->public_key();
  if (options.format == "json") {
    auto json = json_of(half);
    json["file"] = *path;
    return print(json_text(json, 2) + "\n");
  }
  auto printed = print(fmt::format("# id: {}\n{}\n", half.id(), half.line()));
  say(fmt::format("the private half lies in {}", *path));
  return printed;
}

/// What was typed is at fault, not the disk.
Error wrong_use(const Error& error) {
  return Error(Errc::wrong_use, error.message()).hint(error.hint());
}

Error no_key_given(Error error) {
  return error.code() == Errc::not_found
             ? std::move(error).hint(
                   "name a file that holds a public line, or give the line "
                   "itself: rackscout-key ...")
             : std::move(error);
}

/// A line, whether the shell took it apart or not, or the file that holds one.
Result<PublicKey> given_key(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) {
    text += text.empty() ? word : " " + word;
  }
  if (text.starts_with(kWord)) {
    auto key = bundle::public_key_from(text);
    return key ? std::move(key) : fail(wrong_use(key.error()));
  }
  if (words.size() != 1) {
    return fail(Error(Errc::wrong_use, "one file or one line is expected")
                    .hint("a file whose name has blanks is put into quotes"));
  }
  const auto file = http::read_key_file(text, http::Readers::anybody);
  if (!file) {
    return fail(no_key_given(file.error()));
  }
  auto key = bundle::only_key_in(*file);
  return key ? std::move(key)
             : fail(wrong_use(std::move(key).error().during(fmt::format("\"{}\"", text))));
}

/// With the name that we give to it, if that is one.
Result<PublicKey> named(Result<PublicKey> key, const std::optional<std::string>& name) {
  if (!key || !name) {
    return key;
  }
  key->name = *name;
  auto sound = bundle::public_key_from(key->line());
  return sound ? std::move(sound)
               : fail(Error(Errc::wrong_use, "--name: this is no name for a key")
                          .hint("a name is one line of at most 100 bytes"));
}

Result<void> trust(const Options& options) {
  const auto key = named(given_key(options.key), options.name);
  const auto path = key ? trusted_path() : fail(key.error());
  const auto added = path ? bundle::trust_key(*path, *key) : fail(path.error());
  if (!added) {
    return fail(added.error());
  }
  auto printed = print(key->id() + "\n");
  if (*added) {
    say(fmt::format("trusted from now on: {}", of_name(*key)));
    say("  compare the id with the key's owner: `rackscout key show` prints it there");
    say(fmt::format("  if it is another one: rackscout key forget {}", key->id()));
  } else {
    say(fmt::format("{} was trusted already", key->id()));
  }
  return printed;
}

std::string table_of(const std::vector<PublicKey>& keys) {
  const auto terminal = stdout_terminal();
  std::string text;
  Table table({{.title = "ID"}, {.title = "NAME", .align = Align::left, .least = 12, .rank = 1}},
              TableStyle{terminal.width, terminal.colour},
              [&text](std::string_view piece) { text += piece; });
  for (const auto& key : keys) {
    table.add({{key.id(), key.name}});
  }
  table.finish();
  return text;
}

Result<void> list(const Options& options) {
  const auto path = trusted_path();
  const auto keys = path ? bundle::load_trusted_keys(*path) : fail(path.error());
  if (!keys) {
    return fail(keys.error());
  }
  if (options.format == "json") {
    Json json = Json::array();
    for (const auto& key : *keys) {
      json.push_back(json_of(key));
    }
    return print(json_text(json, 2) + "\n");
  }
  if (keys->empty()) {
    say("No key is trusted yet but our own: `rackscout key trust FILE` adds one.");
  }
  return print(table_of(*keys));
}

/// As somebody types it: with or without its dashes.
std::string id_typed(const std::string& text) {
  auto id = to_lower_ascii(text);
  id.erase(std::remove(id.begin(), id.end(), '-'), id.end());
  constexpr std::size_t kDigits = 16;
  if (id.size() != kDigits) {
    return text;
  }
  for (const std::size_t at : {12U, 8U, 4U}) {
    id.insert(at, 1, '-');
  }
  return id;
}

Result<void> forget(const Options& options) {
  const auto path = trusted_path();
  const auto key = path ? bundle::forget_key(*path, id_typed(options.id)) : fail(path.error());
  if (key) {
    say(fmt::format("trusted no longer: {}", of_name(*key)));
    return {};
  }
  const bool is_unknown = key.error().code() == Errc::not_found;
  return fail(is_unknown ? wrong_use(key.error()) : key.error());
}

using Shared = std::shared_ptr<Options>;

void add_create(CLI::App& key, const Shared& options, int& exit_code) {
  auto* command = add_command(key, "create", "Make a key, and print its public line");
  command->add_option("--name", options->name, "Whose it is, for those who trust it")
      ->type_name("TEXT");
  command->add_option("--out", options->file, "Where the private half goes; never replaced")
      ->type_name("FILE");
  command->callback([options, &exit_code] { exit_code = ended(create(*options)); });
}

void add_show(CLI::App& key, const Shared& options, int& exit_code) {
  auto* command = add_command(key, "show", "Print the public half of our key");
  command->add_option("--key", options->file, "The file with the private half")->type_name("FILE");
  command->add_option("--format", options->format, "text or json")
      ->check(one_of({"text", "json"}))
      ->type_name("FORMAT");
  command->callback([options, &exit_code] { exit_code = ended(show(*options)); });
}

void add_trust(CLI::App& key, const Shared& options, int& exit_code) {
  auto* command = add_command(key, "trust", "Trust somebody's key, and print its id");
  command->add_option("KEY", options->key, "A public line, or a file that holds one")
      ->type_name("")
      ->required();
  command->add_option("--name", options->name, "What we call it, in place of its own name")
      ->type_name("TEXT");
  command->callback([options, &exit_code] { exit_code = ended(trust(*options)); });
}

void add_list(CLI::App& key, const Shared& options, int& exit_code) {
  auto* command = add_command(key, "list", "List the keys that we trust");
  command->add_option("--format", options->format, "table or json")
      ->check(one_of({"table", "json"}))
      ->type_name("FORMAT");
  command->callback([options, &exit_code] { exit_code = ended(list(*options)); });
}

void add_forget(CLI::App& key, const Shared& options, int& exit_code) {
  auto* command = add_command(key, "forget", "Trust a key no longer");
  command->add_option("ID", options->id, "Its id, as `rackscout key list` has it")
      ->type_name("")
      ->required();
  command->callback([options, &exit_code] { exit_code = ended(forget(*options)); });
}

}  // namespace

void add_key(CLI::App& app, int& exit_code) {
  auto* command = add_command(app, "key", "Make our key for bundles, and say whose we trust");
  command->require_subcommand(1);
  command->footer(kExamples);
  const auto options = std::make_shared<Options>();
  add_create(*command, options, exit_code);
  add_show(*command, options, exit_code);
  add_trust(*command, options, exit_code);
  add_list(*command, options, exit_code);
  add_forget(*command, options, exit_code);
}

}  // namespace ot::agent
