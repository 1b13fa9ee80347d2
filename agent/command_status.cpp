#include <memory>

#include <CLI/CLI.hpp>

#include "agent/checks.hpp"
#include "agent/commands.hpp"
#include "agent/config/store_meant.hpp"
#include "agent/json_text.hpp"
#include "agent/output.hpp"
#include "agent/service/status.hpp"
#include "agent/service/status_socket.hpp"
#include "agent/store_path.hpp"

namespace ot::agent {
namespace {

constexpr const char* kExamples = R"(Examples:
  rackscout status                  folders, queue, targets, last errors, store
  rackscout status --format json

Whether a service runs with the store is asked at the socket beside the store;
its owner and root may. Without a service the store tells what it knows, and the
exit code is 3.)";

struct Options {
  std::string store;
  std::string config;
  std::string format = "text";
};

Result<Json> idle_status(const std::string& path) {
  auto open = open_for_reading(path);
  if (!open) {
    return fail(std::move(open).error());
  }
  auto store = store_status(open->store, open->path);
  if (!store) {
    return fail(std::move(store).error());
  }
  return idle_status_json(*store);
}

Result<Json> status_of(const std::string& path) {
  auto told = ask_service(path);
  if (!told) {
    return told.error().code() == Errc::not_found ? idle_status(path)
                                                  : fail(std::move(told).error());
  }
  auto status = Json::parse(*told, nullptr, false);
  if (!status.is_object() || !status.contains("store")) {
    return fail(Errc::malformed, "the service told no status: " + *told);
  }
  return status;
}

int print_status(const Options& options) {
  const auto path = store_meant(options.store, options.config);
  if (!path) {
    return ended(fail(path.error()));
  }
  const auto status = status_of(*path);
  if (!status) {
    return ended(fail(status.error()));
  }
  Output output;
  output.write(options.format == "json" ? json_text(*status, 2) + "\n" : status_text(*status));
  const int code = ended(output.finish());
  const bool runs = status->value("running", false);
  return code == exit_code::kDone && !runs ? exit_code::kWithFailures : code;
}

}  // namespace

void add_status(CLI::App& app, int& exit_code) {
  auto* command = add_command(app, "status", "Show what the running service is doing");
  const auto options = std::make_shared<Options>();
  command->add_option("--store", options->store, "The store that it runs with")->type_name("FILE");
  command->add_option("--config", options->config, "Or the configuration that names it")
      ->type_name("FILE");
  command->add_option("--format", options->format, "text or json")
      ->check(one_of({"text", "json"}))
      ->type_name("FORMAT");
  command->footer(kExamples);
  command->callback([options, &exit_code] { exit_code = print_status(*options); });
}

}  // namespace ot::agent
