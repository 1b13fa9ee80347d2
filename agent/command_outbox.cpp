#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "agent/checks.hpp"
#include "agent/commands.hpp"
#include "agent/config/store_meant.hpp"
#include "agent/json_text.hpp"
#include "agent/output.hpp"
#include "agent/service/status_socket.hpp"
#include "agent/store_path.hpp"
#include "agent/tree.hpp"
#include "agent/uplink/outbox_change.hpp"
#include "store/outbox.hpp"

namespace ot::agent {
namespace {

constexpr const char* kExamples = R"(Examples:
  rackscout outbox                  what waits for whom, and what was set aside
  rackscout outbox retry            send what was set aside once more, to all
  rackscout outbox drop platform    forget what one sink would not take
  rackscout outbox renew hub        tell a sink everything anew

A record waits as what it is when it goes, so ten changes of it are told once.
Removals that a sink was not told of within store.removals_age (90 days) are
dropped, as are more than 100,000: then that sink is told everything anew, and
the journal says so. A record that a sink refuses is set aside with the reason;
it goes again by itself when it changes.)";

struct Options {
  std::string store;
  std::string config;
  std::string format = "text";
  std::string sink;
};

struct SinkView {
  store::Sink sink;
  store::Waiting waiting;
  std::vector<store::SetAside> set_aside;
};

Result<std::vector<SinkView>> read_outbox(store::Store& store) {
  store::Outbox outbox(store);
  auto sinks = outbox.sinks();
  if (!sinks) {
    return fail(std::move(sinks).error());
  }
  std::vector<SinkView> views;
  for (auto& sink : *sinks) {
    const auto waiting = outbox.waiting(sink);
    auto aside = outbox.set_aside(sink.name);
    if (!waiting || !aside) {
      return fail(waiting ? aside.error() : waiting.error());
    }
    views.push_back({std::move(sink), *waiting, std::move(*aside)});
  }
  return views;
}

/// What a person calls the record.
std::string name_of(store::Store& store, const store::SetAside& record) {
  if (record.kind == store::RecordKind::file) {
    const auto file = store.find_file(record.id);
    return file && *file ? "file " + (**file).path : "a file that is gone";
  }
  const auto asset = store.find_asset(record.id);
  if (!asset || !*asset) {
    return "an asset that is gone";
  }
  return fmt::format("asset {} {}", record.id, (**asset).shown.record.name);
}

Json json_of(store::Store& store, const std::vector<SinkView>& views) {
  Json out = Json::array();
  for (const auto& view : views) {
    Json entry = {{"name", view.sink.name}, {"waiting", view.waiting.records}};
    if (view.waiting.oldest) {
      entry["oldest"] = iso8601(*view.waiting.oldest);
    }
    if (view.sink.last_answer) {
      entry["lastSuccess"] = iso8601(*view.sink.last_answer);
    }
    Json aside = Json::array();
    for (const auto& record : view.set_aside) {
      aside.push_back({{"kind", record.kind == store::RecordKind::file ? "projectfile" : "asset"},
                       {"id", record.id},
                       {"name", name_of(store, record)},
                       {"at", iso8601(record.at)},
                       {"reason", record.reason},
                       {"retry", record.retry}});
    }
    entry["setAside"] = std::move(aside);
    out.push_back(std::move(entry));
  }
  return out;
}

std::string text_of(store::Store& store, const std::vector<SinkView>& views) {
  std::string text = views.empty() ? "no sink was ever told anything\n" : "";
  for (const auto& view : views) {
    text += view.sink.name + ": ";
    text += view.waiting.records == 0
                ? "everything is told\n"
                : fmt::format("{} records wait, the oldest since {}\n", view.waiting.records,
                              iso8601(view.waiting.oldest.value_or(now())));
    std::vector<std::vector<std::string>> rows;
    for (const auto& record : view.set_aside) {
      rows.push_back({iso8601(record.at), name_of(store, record),
                      record.retry ? "goes again" : "set aside", record.reason});
    }
    text += render_rows(rows, "  ");
  }
  return text;
}

int print_outbox(const Options& options) {
  const auto path = store_meant(options.store, options.config);
  auto open = path ? open_for_reading(*path) : fail(path.error());
  if (!open) {
    return ended(fail(std::move(open).error()));
  }
  const auto views = read_outbox(open->store);
  if (!views) {
    return ended(fail(views.error()));
  }
  Output output;
  output.write(options.format == "json" ? json_text(json_of(open->store, *views), 2) + "\n"
                                        : text_of(open->store, *views));
  return ended(output.finish());
}

/// The service that runs with the store does it, else we do.
Result<std::int64_t> changed(const std::string& path, const std::string& request) {
  const auto told = ask_service(path, request);
  if (!told && told.error().code() != Errc::not_found) {
    return fail(told.error());
  }
  if (!told) {
    auto open = open_for_writing(path);
    return open ? change_outbox(open->store, request) : fail(std::move(open).error());
  }
  const auto answer = Json::parse(*told, nullptr, false);
  if (answer.is_object() && answer.contains("records") && answer["records"].is_number_integer()) {
    return answer["records"].get<std::int64_t>();
  }
  return fail(Errc::wrong_use, answer.is_object() ? answer.value("error", *told) : *told);
}

int change(const Options& options, const std::string& verb, std::string_view done) {
  const auto path = store_meant(options.store, options.config);
  const auto records = path
                           ? changed(*path, options.sink.empty() ? verb : verb + " " + options.sink)
                           : fail(path.error());
  if (!records) {
    return ended(fail(records.error()));
  }
  say(fmt::format("{} {} {}", *records, *records == 1 ? "record" : "records", done));
  return exit_code::kDone;
}

void add_store_options(CLI::App& command, Options& options) {
  command.add_option("--store", options.store, "The store")->type_name("FILE");
  command.add_option("--config", options.config, "Or the configuration that names it")
      ->type_name("FILE");
}

void add_change(CLI::App& outbox, const std::shared_ptr<Options>& options, int& exit_code,
                const std::string& verb, const std::string& title, const std::string& done) {
  auto* command = add_command(outbox, verb, title);
  add_store_options(*command, *options);
  auto* sink = command->add_option("SINK", options->sink, "The sink's name")->type_name("");
  sink->required(verb == "renew");
  command->callback(
      [options, verb, done, &exit_code] { exit_code = change(*options, verb, done); });
}

}  // namespace

void add_outbox(CLI::App& app, int& exit_code) {
  auto* command =
      add_command(app, "outbox", "What is still to be told upward, and what was refused");
  const auto options = std::make_shared<Options>();
  add_store_options(*command, *options);
  command->add_option("--format", options->format, "text or json")
      ->check(one_of({"text", "json"}))
      ->type_name("FORMAT");
  command->require_subcommand(0, 1);
  command->footer(kExamples);
  add_change(*command, options, exit_code, "retry", "Send what was set aside once more",
             "will be sent again");
  add_change(*command, options, exit_code, "drop", "Forget what was set aside", "forgotten");
  add_change(*command, options, exit_code, "renew", "Tell a sink everything anew",
             "will be told anew");
  command->callback([command, options, &exit_code] {
    if (command->get_subcommands().empty()) {
      exit_code = print_outbox(*options);
    }
  });
}

}  // namespace ot::agent
