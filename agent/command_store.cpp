#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "agent/commands.hpp"
#include "agent/output.hpp"
#include "agent/process.hpp"
#include "agent/selection.hpp"
#include "agent/store_path.hpp"
#include "store/inbox.hpp"

namespace ot::agent {
namespace {

constexpr const char* kExamples = R"(Examples:
  rackscout store check                    is it sound?
  rackscout store backup /mnt/usb/plant.db a whole copy, while the service runs
  rackscout store forget 12                an asset that was never there
  rackscout store forget-sensor gateway-7  all that a gateway sent that is no more

To restore a backup, stop the service and put the file in the store's place.)";

struct Options {
  std::string store;
  std::string what;
};

int check(const Options& options) {
  auto open = open_for_reading(options.store);
  if (!open) {
    return ended(fail(std::move(open).error()));
  }
  const auto damage = open->store.check();
  if (!damage) {
    return ended(fail(damage.error()));
  }
  for (const auto& line : *damage) {
    say(line);
  }
  if (damage->empty()) {
    say(fmt::format("{} is sound", open->path));
    return exit_code::kDone;
  }
  say(fmt::format("rackscout: store \"{}\": it is damaged", open->path));
  say("  put a backup in its place, or move it away and ingest again: project files and racks "
      "tell all of it but the history");
  return exit_code::kOwnFailure;
}

int back_up(const Options& options) {
  auto open = open_for_reading(options.store);
  auto copied = open ? open->store.back_up(options.what) : fail(open.error());
  if (copied) {
    say(fmt::format("{} is a copy of {}", options.what, open->path));
  }
  return ended(copied);
}

/// The one asset that is meant, not a station of several.
Result<store::StoredAsset> one_asset(store::Store& store, const std::string& what) {
  auto found = store.find_assets(what);
  if (!found) {
    return fail(std::move(found).error());
  }
  if (found->size() == 1) {
    return std::move(found->front());
  }
  return fail(Error(Errc::wrong_use,
                    found->empty() ? fmt::format("no asset is called \"{}\"", what)
                                   : fmt::format("\"{}\" may mean {} assets", what, found->size()))
                  .hint("name it by its id: `rackscout list assets` has them"));
}

Result<void> forget(const Options& options) {
  auto open = open_for_writing(options.store);
  if (!open) {
    return fail(std::move(open).error());
  }
  const auto asset = one_asset(open->store, options.what);
  if (!asset) {
    return fail(asset.error());
  }
  auto forgotten = open->store.forget_asset(asset->asset_id);
  if (forgotten) {
    forgotten = open->store.commit();
  }
  if (forgotten) {
    say(fmt::format("forgot asset {} {}", asset->asset_id, asset->shown.record.name));
  }
  return forgotten;
}

Result<void> forget_sensor(const Options& options) {
  auto open = open_for_writing(options.store);
  if (!open) {
    return fail(std::move(open).error());
  }
  const auto records = store::Inbox(open->store).forget(options.what);
  auto done = records ? open->store.commit() : fail(records.error());
  if (done) {
    say(fmt::format("forgot {} that sensor {} sent", counted(*records, "record", "records"),
                    options.what));
  }
  return done;
}

CLI::App* add_store_command(CLI::App& store, const std::string& name, const std::string& title,
                            Options& options) {
  auto* command = add_command(store, name, title);
  command->add_option("--store", options.store, "The store")->type_name("FILE");
  return command;
}

}  // namespace

void add_store(CLI::App& app, int& exit_code) {
  auto* command = add_command(app, "store", "Check or copy the store, or forget an asset");
  command->require_subcommand(1);
  command->footer(kExamples);
  const auto options = std::make_shared<Options>();
  add_store_command(*command, "check", "Say what is wrong with it, if anything is", *options)
      ->callback([options, &exit_code] { exit_code = check(*options); });
  auto* backup = add_store_command(*command, "backup", "Copy it to a new file", *options);
  backup->add_option("FILE", options->what, "The copy; it must not be there yet")
      ->type_name("")
      ->required();
  backup->callback([options, &exit_code] { exit_code = back_up(*options); });
  auto* forget_one = add_store_command(*command, "forget",
                                       "Remove an asset and all that is known of it", *options);
  forget_one->add_option("ASSET", options->what, "Its id, UUID, name or address")
      ->type_name("")
      ->required();
  forget_one->callback([options, &exit_code] { exit_code = ended(forget(*options)); });
  auto* forget_all = add_store_command(*command, "forget-sensor",
                                       "Remove all that another rackscout sent", *options);
  forget_all->add_option("SENSOR", options->what, "Its name, as `rackscout status` has it")
      ->type_name("")
      ->required();
  forget_all->callback([options, &exit_code] { exit_code = ended(forget_sensor(*options)); });
}

}  // namespace ot::agent
