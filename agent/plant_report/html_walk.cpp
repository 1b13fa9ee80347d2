#include <algorithm>
#include <map>
#include <tuple>

#include "agent/plant_report/html_sections.hpp"
#include "agent/process.hpp"
#include "agent/targets.hpp"

namespace ot::agent::plant_report {
namespace {

using bundle::WalkTarget;

/// Targets that ended alike for the same reason.
using Alike = std::tuple<std::string, int, std::string, std::string>;  ///< area, rank, outcome, why

std::map<Alike, TargetList> unread_of(const std::vector<WalkTarget>& targets) {
  std::map<Alike, TargetList> groups;
  for (const auto& target : targets) {
    if (target.outcome == "answered") {
      continue;
    }
    auto& list = groups[{target.area, rank_of(target.outcome), target.outcome, target.reason}];
    if (const auto address = parse_ipv4(target.target)) {
      list.addresses.push_back(*address);
    } else {
      list.devices.push_back(target.target);
    }
  }
  return groups;
}

void put_groups(Page& page, const std::map<Alike, TargetList>& groups) {
  constexpr std::size_t kMostRanges = 200;
  HtmlTable table(
      page, "What could not be read",
      {{"Area"}, {"Targets", Look::code}, {"How many", Look::number}, {"Outcome"}, {"Why"}});
  for (auto [alike, list] : groups) {
    list.sort();
    const auto& [area, rank, outcome, reason] = alike;
    table.row({area, list_text(list, kMostRanges), std::to_string(list.size()), outcome, reason});
  }
}

void put_troubles(Page& page, const std::vector<WalkTarget>& targets) {
  const bool any = std::any_of(targets.begin(), targets.end(),
                               [](const auto& target) { return !target.troubles.empty(); });
  if (!any) {
    return;
  }
  page.put("<h3>Remarks</h3>\n");
  HtmlTable table(page, "Remarks",
                  {{"Area"}, {"Target", Look::code}, {"Protocol"}, {"Kind"}, {"What"}});
  for (const auto& target : targets) {
    for (const auto& trouble : target.troubles) {
      table.row({target.area, target.target, trouble.protocol, trouble.kind, trouble.text});
    }
  }
}

SentCount total_of(const std::vector<SentCount>& all) {
  SentCount total;
  for (const auto& one : all) {
    total.tries += one.tries;
    total.connections += one.connections;
    total.refused += one.refused;
    total.requests += one.requests;
    total.answers += one.answers;
    total.silences += one.silences;
    total.strays += one.strays;
    total.bytes_sent += one.bytes_sent;
    total.bytes_received += one.bytes_received;
    for (const auto& [name, requests] : one.functions) {
      total.functions[name] += requests;
    }
  }
  return total;
}

void put_totals(Page& page, const SentCount& total) {
  const std::pair<std::uint64_t, std::string_view> numbers[] = {
      {total.tries, "connections tried"},
      {total.connections, "came about"},
      {total.requests, "requests sent"},
      {total.answers, "answers"},
      {total.silences, "silences"},
      {total.bytes_sent, "bytes sent"},
      {total.bytes_received, "bytes received"}};
  page.put("<div class=kpi>");
  for (const auto& [number, what] : numbers) {
    page.put("<div><b>{}</b><span>{}</span></div>", thousands(number), what);
  }
  page.put("</div>\n");
}

/// A request without a meaning is none of those that may be sent.
void put_assurance(Page& page, const SentCount& total) {
  const auto other = total.functions.find("");
  if (other != total.functions.end()) {
    page.put(
        "<p class=\"note bad\"><b>{} of another kind than identification {} in the "
        "ledger.</b></p>\n",
        counted(other->second, "request", "requests"), other->second == 1 ? "is" : "are");
    return;
  }
  if (total.requests == 0) {
    page.put("<p class=\"note good\">No request was sent.</p>\n");
    return;
  }
  page.put(
      "<p class=\"note good\"><b>Only identification was read.</b> Every request of the ledger is "
      "one of"
      " the functions below, which read what a device is and open or close the conversation; none"
      " reads or writes a process value, a program or a setting.</p>\n");
}

void put_functions(Page& page, const SentCount& total) {
  if (total.functions.empty()) {
    return;
  }
  HtmlTable table(page, "Functions that were sent", {{"Function"}, {"Requests", Look::number}});
  for (const auto& [name, requests] : total.functions) {
    table.row({name.empty() ? "another one" : name, thousands(requests)});
  }
}

std::string functions_text(const SentCount& counts) {
  std::string text;
  for (const auto& [name, requests] : counts.functions) {
    text += fmt::format("{}{} \u00d7 {}", text.empty() ? "" : "; ", requests,
                        name.empty() ? "another one" : name);
  }
  return text;
}

void put_endpoints(Page& page, const std::vector<SentCount>& sent) {
  HtmlTable table(page, "What was sent to whom",
                  {{"Area"},
                   {"Target", Look::code},
                   {"Protocol"},
                   {"Requests", Look::number},
                   {"Answers", Look::number},
                   {"Silences", Look::number},
                   {"Bytes sent", Look::number},
                   {"Received", Look::number},
                   {"Functions"}});
  for (const auto& one : sent) {
    if (one.requests > 0) {
      table.row({one.area, one.target, one.protocol, thousands(one.requests),
                 thousands(one.answers), thousands(one.silences), thousands(one.bytes_sent),
                 thousands(one.bytes_received), functions_text(one)});
    }
  }
}

void put_only_tried(Page& page, const std::vector<SentCount>& sent) {
  const auto only_tried =
      std::count_if(sent.begin(), sent.end(), [](const auto& one) { return one.requests == 0; });
  if (only_tried > 0) {
    page.put("<p>{}: a connection was tried, and no request was sent.</p>\n",
             counted(only_tried, "further port", "further ports"));
  }
}

/// Of a store: what the runs on schedule say of themselves.
void put_runs(Page& page, const PlantReport& report) {
  page.put(
      "<p>This report was made from a store, which holds no ledger: what was sent to whom is in"
      " the ledger file of each run (<code>--ledger</code>, <code>[safety] ledger</code>), or in "
      "the"
      " bundle of a walk.</p>\n");
  if (report.runs.empty()) {
    return;
  }
  HtmlTable table(page, "Last runs on schedule",
                  {{"Group"},
                   {"Began"},
                   {"Ended"},
                   {"Targets", Look::number},
                   {"Answered", Look::number},
                   {"Requests", Look::number}});
  for (const auto& run : report.runs) {
    table.row({run.group, time_text(run.began), time_text(run.ended), std::to_string(run.targets),
               std::to_string(run.answered), std::to_string(run.requests)});
  }
}

}  // namespace

void put_unread(Page& page, const PlantReport& report) {
  page.put("<section class=\"s cv\" id=unread><h2>What could not be read, and why</h2>\n");
  const auto targets = outcomes_of(report);
  const auto groups = unread_of(targets);
  if (targets.empty()) {
    page.put(
        "<p>How asking ended is not in this store: it keeps that for runs on schedule only.</p>\n");
  } else if (groups.empty()) {
    page.put("<p>Every target answered.</p>\n");
  } else {
    put_groups(page, groups);
  }
  put_troubles(page, targets);
  const auto failed = std::count_if(report.files.begin(), report.files.end(), [](const auto& file) {
    return file.status == FileStatus::failed;
  });
  if (failed > 0) {
    page.put("<p>{} could not be read: see <a href=#files>project files</a>.</p>\n",
             counted(failed, "project file", "project files"));
  }
  page.put("</section>\n");
}

void put_sent(Page& page, const PlantReport& report) {
  page.put("<section class=\"s cv\" id=sent><h2>What was sent to whom</h2>\n");
  if (report.has_ledger()) {
    const auto total = total_of(report.sent);
    put_assurance(page, total);
    put_totals(page, total);
    put_functions(page, total);
    put_endpoints(page, report.sent);
    put_only_tried(page, report.sent);
  } else {
    put_runs(page, report);
  }
  page.put("</section>\n");
}

}  // namespace ot::agent::plant_report
