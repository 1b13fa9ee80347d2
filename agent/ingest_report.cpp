#include "agent/ingest_report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "agent/commands.hpp"
#include "agent/json_text.hpp"
#include "agent/output.hpp"
#include "agent/process.hpp"

namespace ot::agent {
namespace {

std::string failure_line(const Failure& failure) {
  return "  " + failure.error.text(failure.path);
}

void say_list(std::string_view title, const std::vector<Failure>& failures) {
  if (failures.empty()) {
    return;
  }
  say(title);
  for (const auto& failure : failures) {
    say(failure_line(failure));
  }
}

Json failures_json(const std::vector<Failure>& failures) {
  Json out = Json::array();
  for (const auto& failure : failures) {
    out.push_back({{"path", failure.path}, {"error", failure.error.text()}});
  }
  return out;
}

/// "6 files: 5 imported, ..." and what was odd about them, a line each.
std::string files_text(const IngestSummary& summary) {
  auto text =
      fmt::format("{}: {} imported, {} unchanged, {} failed, {} gone; {} no project files\n",
                  counted(summary.files, "file", "files"), summary.imported, summary.unchanged,
                  summary.failed.size(), summary.gone, summary.foreign);
  if (summary.warnings > 0) {
    text += fmt::format(
        "{} in the files read: `rackscout list files --extended --format json` "
        "has them\n",
        counted(summary.warnings, "warning", "warnings"));
  }
  if (summary.links > 0) {
    text +=
        fmt::format("{} not followed\n", counted(summary.links, "symbolic link", "symbolic links"));
  }
  return text;
}

}  // namespace

std::string summary_text(const IngestSummary& summary, const std::string& store) {
  return files_text(summary) +
         fmt::format("in the store: {}, {}, {}\nstore: {}\n",
                     counted(summary.stored.assets, "asset", "assets"),
                     counted(summary.stored.add_ons, "add-on", "add-ons"),
                     counted(summary.stored.files, "project file", "project files"), store);
}

std::string summary_json(const IngestSummary& summary, const std::string& store) {
  const Json stored = {{"path", store},
                       {"files", summary.stored.files},
                       {"assets", summary.stored.assets},
                       {"addOns", summary.stored.add_ons}};
  const Json out = {{"store", stored},
                    {"files", summary.files},
                    {"imported", summary.imported},
                    {"unchanged", summary.unchanged},
                    {"foreign", summary.foreign},
                    {"gone", summary.gone},
                    {"links", summary.links},
                    {"warnings", summary.warnings},
                    {"bytes", summary.bytes},
                    {"stopped", summary.stopped},
                    {"failed", failures_json(summary.failed)},
                    {"problems", failures_json(summary.problems)}};
  return json_text(out, 2) + "\n";
}

void say_failures(const IngestSummary& summary) {
  say_list("failed:", summary.failed);
  say_list("could not be looked at:", summary.problems);
}

void say_ingest(const IngestSummary& summary) {
  const auto text = files_text(summary);
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = rest.find('\n');
    say(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  say_failures(summary);
}

int exit_code_of(const IngestSummary& summary) {
  if (summary.stopped) {
    return exit_code::kStopped;
  }
  const bool clean = summary.failed.empty() && summary.problems.empty();
  return clean ? exit_code::kDone : exit_code::kWithFailures;
}

}  // namespace ot::agent
