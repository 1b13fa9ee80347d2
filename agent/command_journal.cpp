#include <map>
#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "agent/checks.hpp"
#include "agent/commands.hpp"
#include "agent/csv.hpp"
#include "agent/json_text.hpp"
#include "agent/list_view.hpp"
#include "agent/output.hpp"
#include "agent/redact.hpp"
#include "agent/since.hpp"
#include "agent/store_path.hpp"
#include "agent/table.hpp"
#include "agent/terminal.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

constexpr const char* kExamples = R"(Examples:
  rackscout journal                        all that ever changed, oldest first
  rackscout journal --since 7d             in the last week
  rackscout journal --since 2024-03-09 --kind module
  rackscout journal --format ndjson

Kinds: file.imported, file.replaced, file.renewed, file.failed, file.deleted;
module.appeared, module.vanished, module.swapped; firmware.changed;
target.silent, target.answers; asset.conflict, asset.unsupported (nothing speaks
for it any more), asset.returned, asset.forgotten; sink.renewed. --kind takes one
or the word before its dot. The service removes entries by age and size (rackscout.toml(5)).)";

struct Options {
  std::string store;
  std::string format = "table";
  std::string since;
  std::vector<std::string> kinds;
};

/// Who an entry is about, in words: an asset's name beside its UUID.
class Subjects {
 public:
  explicit Subjects(store::Store& store) : store_(store) {}

  const std::string& name_of(const store::JournalEntry& entry) {
    const auto known = names_.find(entry.subject);
    if (known != names_.end()) {
      return known->second;
    }
    return names_.emplace(entry.subject, look_up(entry.subject)).first->second;
  }

 private:
  std::string look_up(const std::string& subject) const {
    if (!parse_uuid(subject)) {
      return redact(subject);
    }
    const auto found = store_.find_assets(subject);
    if (!found || found->size() != 1) {
      return subject;
    }
    const auto& record = found->front().shown.record;
    std::string name = record.name.empty() ? record.hardware.model : record.name;
    const auto address = first_address(record);
    name += name.empty() || address.empty() ? "" : " ";
    return name + address;
  }

  store::Store& store_;
  std::map<std::string, std::string> names_;
};

constexpr std::string_view kKinds[] = {
    "file.imported",     "file.replaced",   "file.renewed",    "file.failed",
    "file.deleted",      "module.appeared", "module.vanished", "module.swapped",
    "firmware.changed",  "target.silent",   "target.answers",  "asset.conflict",
    "asset.unsupported", "asset.returned",  "asset.forgotten", "sink.renewed"};

std::string_view subject_of(std::string_view kind) {
  return kind.substr(0, kind.find('.'));
}

std::vector<std::string> all_kinds() {
  std::vector<std::string> words(std::begin(kKinds), std::end(kKinds));
  for (const auto kind : kKinds) {
    const std::string subject(subject_of(kind));
    if (std::find(words.begin(), words.end(), subject) == words.end()) {
      words.push_back(subject);
    }
  }
  return words;
}

/// A word that is none would look like a time in which nothing happened.
Result<void> check_kinds(const std::vector<std::string>& wanted) {
  for (const auto& word : wanted) {
    Nearest nearest(word, 2);
    bool known = false;
    for (const auto kind : kKinds) {
      known = known || word == kind || word == subject_of(kind);
      nearest.consider(kind);
      nearest.consider(subject_of(kind));
    }
    if (!known) {
      return fail(Errc::wrong_use, fmt::format("--kind: there is no kind \"{}\"{}", word,
                                               did_you_mean(nearest.take())));
    }
  }
  return {};
}

bool is_wanted(const std::vector<std::string>& kinds, std::string_view kind) {
  return kinds.empty() || std::any_of(kinds.begin(), kinds.end(), [kind](const auto& wanted) {
           return kind == wanted || subject_of(kind) == wanted;
         });
}

Json entry_json(const store::JournalEntry& entry, const std::string& name) {
  Json out = {{"at", iso8601(entry.at)}, {"kind", entry.kind}, {"subject", entry.subject}};
  for (const auto& [key, value] : {std::pair("name", name), std::pair("before", entry.before),
                                   std::pair("after", entry.after)}) {
    if (!value.empty() && value != entry.subject) {
      out[key] = value;
    }
  }
  return out;
}

/// A hash or a UUID is told by its first digits.
std::string shortened(const std::string& text) {
  constexpr std::size_t kHash = 64;
  constexpr std::size_t kShown = 12;
  return text.size() == kHash ? text.substr(0, kShown) : text;
}

using Add = std::function<void(const store::JournalEntry&, const std::string& name)>;

struct Writer {
  Add add;
  std::function<void()> finish;
};

Writer table_writer(Output& output) {
  const auto terminal = stdout_terminal();
  const std::vector<Column> columns = {{.title = "TIME (UTC)", .rank = 0},
                                       {.title = "WHAT", .rank = 0},
                                       {.title = "WHO", .least = 16, .rank = 1},
                                       {.title = "BEFORE", .least = 10, .rank = 3},
                                       {.title = "AFTER", .least = 10, .rank = 2}};
  const auto table =
      std::make_shared<Table>(columns, TableStyle{terminal.width, terminal.colour},
                              [&output](std::string_view text) { output.write(text); });
  const auto add = [table](const store::JournalEntry& entry, const std::string& name) {
    auto when = iso8601(entry.at).substr(0, 19);
    when[10] = ' ';
    table->add({{when, entry.kind, name, shortened(entry.before), shortened(entry.after)}});
  };
  return {add, [table] { table->finish(); }};
}

Writer json_writer(Output& output, JsonList::Layout layout) {
  const auto list =
      std::make_shared<JsonList>(layout, [&output](std::string_view text) { output.write(text); });
  const auto add = [list](const store::JournalEntry& entry, const std::string& name) {
    list->add(entry_json(entry, name));
  };
  return {add, [list] { list->finish(); }};
}

Writer csv_writer(Output& output) {
  const bool escape = stdout_terminal().interactive;
  output.write("at,kind,subject,name,before,after\n");
  const auto add = [&output, escape](const store::JournalEntry& entry, const std::string& name) {
    std::vector<std::string> cells = {iso8601(entry.at), entry.kind, entry.subject, name,
                                      entry.before,      entry.after};
    for (auto& cell : cells) {
      cell = escape ? escape_for_terminal(cell) : std::move(cell);
    }
    output.write(csv_row(cells));
  };
  return {add, [] {}};
}

Writer writer_for(const std::string& format, Output& output) {
  if (format == "table") {
    return table_writer(output);
  }
  if (format == "csv") {
    return csv_writer(output);
  }
  return json_writer(output, format == "json" ? JsonList::Layout::bare : JsonList::Layout::lines);
}

Result<void> print_journal(const Options& options) {
  if (auto known = check_kinds(options.kinds); !known) {
    return known;
  }
  auto since = Result<Time>(Time::min());
  if (!options.since.empty()) {
    since = parse_since(options.since, now());
  }
  if (!since) {
    return fail(std::move(since).error().during("--since"));
  }
  auto open = open_for_reading(options.store);
  if (!open) {
    return fail(std::move(open).error());
  }
  Output output;
  const auto writer = writer_for(options.format, output);
  Subjects subjects(open->store);
  auto read = open->store.journal_since(*since, [&](store::JournalEntry entry) {
    if (is_wanted(options.kinds, entry.kind)) {
      entry.before = redact(entry.before);
      entry.after = redact(entry.after);
      writer.add(entry, subjects.name_of(entry));
    }
    return true;
  });
  writer.finish();
  return read ? output.finish() : read;
}

}  // namespace

void add_journal(CLI::App& app, int& exit_code) {
  auto* command = add_command(app, "journal", "Print what changed, and when");
  const auto options = std::make_shared<Options>();
  command->add_option("--since", options->since, "From then on: 2h, 7d, or a date")
      ->type_name("TIME");
  command->add_option("--kind", options->kinds, "Only of this kind; may be repeated")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(such_as(all_kinds()))
      ->type_name("KIND");
  command->add_option("--store", options->store, "The store to read")->type_name("FILE");
  command->add_option("--format", options->format, "table, json, ndjson or csv")
      ->check(one_of({"table", "json", "ndjson", "csv"}))
      ->type_name("FORMAT");
  command->footer(kExamples);
  command->callback([options, &exit_code] { exit_code = ended(print_journal(*options)); });
}

}  // namespace ot::agent
