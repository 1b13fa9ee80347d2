#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "agent/checks.hpp"
#include "agent/commands.hpp"
#include "agent/csv.hpp"
#include "agent/filter_error.hpp"
#include "agent/list_view.hpp"
#include "agent/output.hpp"
#include "agent/redact.hpp"
#include "agent/sort_keys.hpp"
#include "agent/store_path.hpp"
#include "agent/terminal.hpp"
#include "base/text.hpp"
#include "store/query/vocabulary.hpp"

namespace ot::agent {
namespace {

using store::query::Filter;

constexpr const char* kExamples = R"(Examples:
  rackscout list files                          project files, newest first
  rackscout list assets --sort name             controllers and devices by name
  rackscout list assets --format json           as the platform's API has them
  rackscout list files --filter 'vendor: Siemens and not status: Deleted'
  rackscout list assets --filter 'addOn: (orderId: 6ES7321* and slot: [4 .. 11])'
  rackscout list assets --filter 'lastUpdated > now-7d and not serialNumber: *'
  rackscout list files --page-size 20 --page-number 1
  rackscout list assets --format csv > modules.csv

Sorting: name, -lastUpdated, name:asc,assetCount:desc or [{"lastUpdated":"desc"}].

Filters: TOKEN: words, "these words", `the whole value`, begins*, [any, of, these],
* (any value); TOKEN is null; numbers and dates also > >= < <= = and [from .. to];
and, or, not, (...). A token is a field's name as in --format json --extended, with
addOn. for addOns. docs/query.md says all.

CSV has a header and one row for each file, or for each add-on of each asset; its
lines end in a bare line feed, and a cell that a spreadsheet would take for a
formula gets a leading '.)";

constexpr std::uint64_t kMostRecords = 1'000'000'000;

struct Options {
  std::string what;
  std::string store;
  std::string format = "table";
  std::vector<std::string> sort;
  std::optional<std::string> filter;
  std::uint64_t page_number = 0;
  std::optional<std::uint64_t> page_size;
  bool extended = false;

  Shape shape() const { return extended ? Shape::extended : Shape::platform; }
};

/// Which list, and how to walk it.
template <class Record>
struct List {
  const ListView<Record>& view;
  Result<void> (store::Store::*walk)(const store::Page&, const std::function<bool(const Record&)>&);
};
constexpr List<store::StoredFile> kFiles = {kFileView, &store::Store::list_files};
constexpr List<store::StoredAsset> kAssets = {kAssetView, &store::Store::list_assets};

/// Takes the records of a list one by one and writes each as it comes.
template <class Record>
struct Writer {
  std::function<void(const Record&)> add;
  std::function<void()> finish;
};

template <class Record>
Writer<Record> json_writer(const List<Record>& list, const Options& options, Output& output) {
  const auto layout = options.format == "ndjson" ? JsonList::Layout::lines : list.view.layout;
  const auto json =
      std::make_shared<JsonList>(layout, [&output](std::string_view text) { output.write(text); });
  const auto shape = options.shape();
  return {[json, shape, &list](const Record& record) { json->add(list.view.json(record, shape)); },
          [json] { json->finish(); }};
}

/// On a terminal CSV is only looked at: there it is escaped, too.
void write_csv_row(std::vector<std::string> cells, bool escape, Output& output) {
  for (auto& cell : cells) {
    cell = escape ? escape_for_terminal(cell) : std::move(cell);
  }
  output.write(csv_row(cells));
}

template <class Record>
Writer<Record> csv_writer(const List<Record>& list, const Options& options, Output& output) {
  const auto shape = options.shape();
  const bool escape = stdout_terminal().interactive;
  write_csv_row(list.view.csv_head(shape), false, output);
  const auto add = [&list, &output, shape, escape](const Record& record) {
    for (auto& row : list.view.csv_rows(record, shape)) {
      write_csv_row(std::move(row), escape, output);
    }
  };
  return {add, [] {}};
}

template <class Record>
Writer<Record> table_writer(const List<Record>& list, const Options& options, Output& output) {
  const auto terminal = stdout_terminal();
  const auto shape = options.shape();
  const auto table =
      std::make_shared<Table>(list.view.columns(shape), TableStyle{terminal.width, terminal.colour},
                              [&output](std::string_view text) { output.write(text); });
  return {[table, shape, &list](const Record& record) { table->add(list.view.row(record, shape)); },
          [table] { table->finish(); }};
}

template <class Record>
Writer<Record> writer_for(const List<Record>& list, const Options& options, Output& output) {
  if (options.format == "table") {
    return table_writer(list, options, output);
  }
  return options.format == "csv" ? csv_writer(list, options, output)
                                 : json_writer(list, options, output);
}

/// Writes the list; the answer is how many records there were.
template <class Record>
Result<std::uint64_t> write_list(const List<Record>& list, store::Store& store,
                                 const store::Page& page, const Options& options) {
  Output output;
  const auto writer = writer_for(list, options, output);
  std::uint64_t count = 0;
  const auto each = [&writer, &count](Record record) {
    redact(record);
    writer.add(record);
    ++count;
    return true;
  };
  if (auto walked = (store.*list.walk)(page, each); !walked) {
    return fail(std::move(walked.error()));
  }
  writer.finish();
  if (auto written = output.finish(); !written) {
    return fail(std::move(written.error()));
  }
  return count;
}

Result<std::optional<Filter>> filter_of(const Options& options) {
  if (!options.filter) {
    return std::nullopt;
  }
  const auto& vocabulary =
      options.what == "files" ? store::query::file_vocabulary() : store::query::asset_vocabulary();
  return store::query::parse(*options.filter, vocabulary, now());
}

Result<store::Page> page_of(const Options& options, std::optional<Filter> filter) {
  const auto tokens =
      options.what == "files" ? store::file_sort_tokens() : store::asset_sort_tokens();
  store::Page page;
  page.filter = std::move(filter);
  for (const auto& text : options.sort) {
    auto keys = parse_sort(text, tokens);
    if (!keys) {
      return fail(std::move(keys.error()));
    }
    page.sort.insert(page.sort.end(), keys->begin(), keys->end());
  }
  if (options.page_number > 0 && !options.page_size) {
    return fail(Error(Errc::wrong_use, "--page-number needs --page-size")
                    .hint("without a size the whole list is one page"));
  }
  page.number = options.page_number;
  page.size = options.page_size;
  return page;
}

/// A friendly word on stderr about an empty list, or about what comes next.
void talk(std::uint64_t count, const Options& options, const std::string& path) {
  if (count == 0 && options.page_number > 0) {
    say(fmt::format("No {} on page {}: the list ends before it.", options.what,
                    options.page_number));
  } else if (count == 0 && options.filter) {
    say(fmt::format("No {} match the filter.", options.what));
  } else if (count == 0) {
    say(fmt::format("No {} in \"{}\" yet: run `rackscout ingest FOLDER` to read project files.",
                    options.what, path));
  } else if (options.what == "assets" && options.format == "table") {
    say("The modules of one: `rackscout show NAME` (or its ID).");
  }
}

Result<void> list(const Options& options, std::optional<Filter> filter) {
  const auto page = page_of(options, std::move(filter));
  if (!page) {
    return fail(page.error());
  }
  auto open = open_for_reading(options.store);
  if (!open) {
    return fail(std::move(open.error()));
  }
  auto count = options.what == "files" ? write_list(kFiles, open->store, *page, options)
                                       : write_list(kAssets, open->store, *page, options);
  if (!count) {
    return fail(std::move(count.error()));
  }
  talk(*count, options, open->path);
  return {};
}

int run_list(const Options& options) {
  auto filter = filter_of(options);
  if (!filter) {
    say_filter_error(filter.error(), *options.filter);
    return exit_code::kWrongUse;
  }
  return ended(list(options, std::move(*filter)));
}

}  // namespace

void add_list(CLI::App& app, int& exit_code) {
  auto* command = add_command(app, "list", "List the project files or the assets of the store");
  const auto options = std::make_shared<Options>();
  command->add_option("WHAT", options->what, "files or assets")
      ->required()
      ->type_name("")
      ->check(one_of({"files", "assets"}));
  command->add_option("--store", options->store, "The store to read")->type_name("FILE");
  command->add_option("--format", options->format, "table, json, ndjson or csv")
      ->check(one_of({"table", "json", "ndjson", "csv"}))
      ->type_name("FORMAT");
  command->add_option("--sort", options->sort, "What to sort by")
      ->type_name("KEYS")
      ->allow_extra_args(false);
  command->add_option("--filter", options->filter, "Which ones")->type_name("FILTER");
  command->add_option("--page-size", options->page_size, "Print so many at most")
      ->check(number_between(1, kMostRecords))
      ->type_name("N");
  command->add_option("--page-number", options->page_number, "Which page, from 0")
      ->check(number_between(0, kMostRecords))
      ->type_name("N");
  command->add_flag("--extended", options->extended, "Add our own fields to the platform's");
  command->footer(kExamples);
  command->callback([options, &exit_code] { exit_code = run_list(*options); });
}

}  // namespace ot::agent
