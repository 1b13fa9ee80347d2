#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "agent/checks.hpp"
#include "agent/commands.hpp"
#include "agent/json_text.hpp"
#include "agent/list_view.hpp"
#include "agent/output.hpp"
#include "agent/redact.hpp"
#include "agent/report.hpp"
#include "agent/selection.hpp"
#include "agent/store_path.hpp"
#include "agent/terminal.hpp"
#include "base/nearest.hpp"

namespace ot::agent {
namespace {

constexpr const char* kExamples = R"(Examples:
  rackscout show AS01                  a station: racks, modules, field devices
  rackscout show 192.168.0.10          whoever has this address
  rackscout show 12                    the asset with this id
  rackscout show AS01_backup.cfg       a project file and what it told
  rackscout show AS01 --format json

An asset is named by id, UUID, name, station or address; a file by path, base
name, UUID or hash (MD5 or SHA-256). Where several files describe one asset, the
newest export is shown and the others with what they say otherwise. Where the
device was asked, what it said is shown first, and what contradicts the project.)";

struct Options {
  std::string selector;
  std::string store;
  std::string format = "text";
  bool keep_paths = false;
};

template <class Report>
Result<void> print(Report report, const Options& options) {
  if (!options.keep_paths) {
    redact(report);
  }
  const auto branches = stdout_terminal().utf8 ? Branches::unicode : Branches::ascii;
  Output output;
  output.write(options.format == "json" ? json_text(json_of(report), 2) + "\n"
                                        : text_of(report, branches));
  return output.finish();
}

Error ambiguous(const Options& options, std::size_t count, std::string_view kind,
                std::string_view better) {
  return Error(Errc::wrong_use, fmt::format("\"{}\" may mean {} {}", options.selector, count, kind))
      .hint(fmt::format("name one of them by {}", better));
}

/// Says on stderr what the selector may mean, then fails.
class Show {
 public:
  Show(store::Store& store, const Options& options) : store_(store), options_(options) {}

  Result<void> operator()(NothingFound& nothing) const {
    const auto guess = clean(did_you_mean(nothing.nearest));
    return fail(Error(Errc::wrong_use, fmt::format("no asset and no file is called \"{}\"{}",
                                                   options_.selector, guess))
                    .hint("`rackscout list assets` and `rackscout list files` show what there is"));
  }

  Result<void> operator()(OneStation& station) const {
    const auto name = station.assets.front().shown.record.station;
    const auto shown = station.assets.size();
    if (auto printed = print_report(report_on(store_, std::move(station.assets))); !printed) {
      return printed;
    }
    const auto whole = name.empty() ? std::vector<store::StoredAsset>() : find_station(name);
    if (whole.size() > shown && options_.format == "text") {
      say(fmt::format("Part of a station: `rackscout show \"{}\"` shows all of it.", clean(name)));
    }
    return {};
  }

  Result<void> operator()(OneFile& one) const {
    return print_report(report_on(store_, std::move(one.file)));
  }

  Result<void> operator()(SeveralAssets& several) const {
    std::vector<std::vector<std::string>> rows;
    for (const auto& asset : several.assets) {
      const auto& record = asset.shown.record;
      rows.push_back({std::to_string(asset.asset_id), clean(record.name), clean(record.station),
                      first_address(record), asset.site, asset.area, asset.shown.path});
    }
    say_rows(rows);
    return fail(ambiguous(options_, rows.size(), "assets",
                          "its id, in the first column, or show its whole file"));
  }

  Result<void> operator()(SeveralFiles& several) const {
    std::vector<std::vector<std::string>> rows;
    for (const auto& file : several.files) {
      rows.push_back({file.path, std::string(to_string(file.status)),
                      minute_text(file.last_updated), file.file_uuid.text()});
    }
    say_rows(rows);
    return fail(ambiguous(options_, rows.size(), "files", "its path or UUID"));
  }

 private:
  std::string clean(const std::string& text) const {
    return options_.keep_paths ? text : redact(text);
  }

  template <class Report>
  Result<void> print_report(Result<Report> report) const {
    return report ? print(std::move(*report), options_) : fail(std::move(report.error()));
  }

  /// Only for a hint: an error here is none of the user's business.
  std::vector<store::StoredAsset> find_station(const std::string& name) const {
    return store_.find_assets(name).value_or(std::vector<store::StoredAsset>());
  }

  static void say_rows(const std::vector<std::vector<std::string>>& rows) {
    const auto text = render_rows(rows, "  ");
    std::fwrite(text.data(), 1, text.size(), stderr);
  }

  store::Store& store_;
  const Options& options_;
};

Result<void> show(const Options& options) {
  auto open = open_for_reading(options.store);
  if (!open) {
    return fail(std::move(open.error()));
  }
  auto selection = select(open->store, options.selector);
  if (!selection) {
    return fail(std::move(selection.error()));
  }
  return std::visit(Show(open->store, options), *selection);
}

}  // namespace

void add_show(CLI::App& app, int& exit_code) {
  auto* command = add_command(app, "show", "Show a station, a device or a project file");
  const auto options = std::make_shared<Options>();
  command->add_option("ASSET|FILE", options->selector, "An asset or a project file")
      ->type_name("")
      ->required();
  command->add_option("--store", options->store, "The store to read")->type_name("FILE");
  command->add_option("--format", options->format, "text or json")
      ->check(one_of({"text", "json"}))
      ->type_name("FORMAT");
  command->add_flag("--keep-paths", options->keep_paths, "Keep users' names in paths");
  command->footer(kExamples);
  command->callback([options, &exit_code] { exit_code = ended(show(*options)); });
}

}  // namespace ot::agent
