#include "agent/probe_report.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "agent/commands.hpp"
#include "agent/json_text.hpp"
#include "agent/list_view.hpp"
#include "agent/output.hpp"
#include "agent/process.hpp"
#include "agent/records_json.hpp"
#include "agent/redact.hpp"
#include "agent/table.hpp"
#include "agent/terminal.hpp"

namespace ot::agent {
namespace {

using store::StoredAsset;

constexpr std::string_view kNoIdentification = "answers, gives no identification";

std::vector<Column> columns() {
  return {
      {.title = "ADDRESS", .rank = 0},
      {.title = "UNIT", .align = Align::right, .rank = 0},
      {.title = "VENDOR", .least = 7, .rank = 4},
      {.title = "MODEL", .least = kNoIdentification.size(), .rank = 0},
      {.title = "PRODUCT", .least = 8, .rank = 3},
      {.title = "FIRMWARE", .least = 8, .rank = 1},
      {.title = "SERIAL NUMBER", .least = 10, .rank = 2},
      {.title = "PROTOCOLS", .least = 4, .rank = 5},
  };
}

std::string protocols_of(const StoredAsset& asset) {
  std::string names;
  for (const auto& sighting : asset.sightings) {
    if (names.find(sighting.protocol) == std::string::npos) {
      names += (names.empty() ? "" : ", ") + sighting.protocol;
    }
  }
  return names;
}

std::string address_of(const StoredAsset& asset) {
  const auto address = first_address(asset.shown.record);
  return address.empty() && asset.observed() ? asset.sightings.front().target : address;
}

/// What stands for the model of a device that gives neither that nor a vendor.
std::string unnamed_text(const StoredAsset& asset) {
  const auto& details = asset.shown.record.details;
  if (first_address(asset.shown.record).empty()) {
    return {};  // a serial line: nobody asked it
  }
  const bool has_id = std::any_of(details.begin(), details.end(),
                                  [](const Detail& item) { return item.name == "serverId"; });
  return has_id ? "answers with a server ID only" : std::string(kNoIdentification);
}

std::string model_text(const StoredAsset& asset, const Found& found) {
  const Hardware& hardware = asset.shown.record.hardware;
  const bool unnamed = hardware.vendor.empty() && hardware.model.empty();
  auto text = unnamed ? unnamed_text(asset) : hardware.model;
  if (found.incomplete) {
    text += text.empty() ? "(incomplete)" : " (incomplete)";
  }
  return text;
}

Row asset_row(const StoredAsset& asset, const Found& found) {
  const Asset& record = asset.shown.record;
  Row row;
  row.cells = {address_of(asset),
               "",
               record.hardware.vendor,
               model_text(asset, found),
               record.hardware.product_name,
               record.firmware_version,
               record.serial_number,
               protocols_of(asset)};
  return row;
}

std::string model_text(const AddOn& add_on) {
  const auto& model = add_on.hardware.model.empty() ? add_on.order_id : add_on.hardware.model;
  const bool unnamed = model.empty() && add_on.hardware.vendor.empty();
  return unnamed ? std::string(kNoIdentification) : model;
}

Row add_on_row(const AddOn& add_on) {
  Row row;
  row.cells = {"",
               add_on.unit_address,
               add_on.hardware.vendor,
               model_text(add_on),
               add_on.hardware.product_name,
               add_on.firmware_version,
               add_on.serial_number,
               ""};
  row.ink = Ink::dim;
  return row;
}

/// Calls `each` for every asset that was observed, one after the other: thousands
/// of them need not fit into memory.
template <class Each>
Result<void> for_assets(store::Store& store, const ProbeSummary& summary, const Each& each) {
  for (const Found& item : summary.found) {
    auto asset = store.find_asset(item.asset);
    if (!asset) {
      return fail(std::move(asset).error());
    }
    if (*asset) {
      redact(**asset);
      each(**asset, item);
    }
  }
  return {};
}

void say_troubles(const ProbeSummary& summary) {
  if (summary.troubles.empty()) {
    return;
  }
  say("to be looked at:");
  for (const auto& trouble : summary.troubles) {
    const auto* between = trouble.protocol.empty() ? "" : " ";
    say(fmt::format("  {}{}{}: {}: {}", trouble.target, between, trouble.protocol,
                    to_string(trouble.kind), trouble.text));
  }
}

/// Targets that gave no record, or not all of it, by why.
struct NotRead {
  std::string_view title;
  TargetList ProbeSummary::*list;
};
constexpr std::array<NotRead, 5> kNotRead = {{{"refused", &ProbeSummary::refused},
                                              {"silent", &ProbeSummary::silent},
                                              {"excluded", &ProbeSummary::excluded},
                                              {"cut short", &ProbeSummary::cut_short},
                                              {"not asked", &ProbeSummary::not_asked}}};

void say_targets(std::string_view title, const TargetList& list) {
  constexpr std::size_t kRangesShown = 12;
  if (list.size() > 0) {
    say(fmt::format("{} ({}): {}", title, list.size(), list_text(list, kRangesShown)));
  }
}

/// "24 of 254 targets answered"; "2 of 2 asked answered; 4 excluded" where some were not asked.
std::string answered_text(const ProbeSummary& summary) {
  const auto asked = summary.asked();
  if (asked == summary.targets) {
    return fmt::format("{} of {} answered", summary.answered, counted(asked, "target", "targets"));
  }
  auto text = asked == 0 ? std::string("nothing was asked")
                         : fmt::format("{} of {} asked answered", summary.answered, asked);
  if (const auto excluded = summary.excluded.size(); excluded > 0) {
    text += fmt::format("; {} excluded", excluded);
  }
  if (const auto rest = summary.not_asked.size(); rest > 0) {
    text += fmt::format("; {} not asked", rest);
  }
  return text;
}

}  // namespace

Result<void> print_racks(store::Store& store, const ProbeSummary& summary) {
  Output output;
  const auto terminal = stdout_terminal();
  Table table(columns(), {.width = terminal.width, .colour = terminal.colour},
              [&output](std::string_view text) { output.write(text); });
  const auto printed =
      for_assets(store, summary, [&table](const StoredAsset& asset, const Found& found) {
        table.add(asset_row(asset, found));
        // The list has the newest add-on first; a rack is read from its first unit on.
        const auto& add_ons = asset.shown.add_ons;
        for (auto add_on = add_ons.rbegin(); add_on != add_ons.rend(); ++add_on) {
          table.add(add_on_row(add_on->record));
        }
      });
  table.finish();
  const auto written = output.finish();
  return printed ? written : printed;
}

Result<void> print_hosts_json(store::Store& store, const ProbeSummary& summary) {
  Output output;
  JsonList list(JsonList::Layout::assets, [&output](std::string_view text) { output.write(text); });
  const auto printed = for_assets(store, summary, [&list](const StoredAsset& asset, const Found&) {
    list.add(asset_json(asset, Shape::platform));
  });
  list.finish();
  const auto written = output.finish();
  return printed ? written : printed;
}

bool has_findings(const ProbeSummary& summary) {
  return !summary.troubles.empty() ||
         std::any_of(kNotRead.begin(), kNotRead.end(),
                     [&summary](const auto& kind) { return (summary.*kind.list).size() > 0; });
}

void say_findings(const ProbeSummary& summary) {
  say_troubles(summary);
  for (const auto& [title, list] : kNotRead) {
    say_targets(title, summary.*list);
  }
}

void say_summary(const ProbeSummary& summary, const std::string& store) {
  constexpr double kMilliseconds = 1000.0;
  say(fmt::format("{}; {} in {:.1f} s", answered_text(summary),
                  counted(summary.requests, "request", "requests"),
                  static_cast<double>(summary.elapsed.count()) / kMilliseconds));
  say_findings(summary);
  say(fmt::format("store: {}", store));
  if (summary.stopped()) {
    say(fmt::format("stopped by {}; what was read is in the store", summary.stopped_by));
  }
}

int exit_code_of(const ProbeSummary& summary) {
  if (summary.stopped()) {
    return exit_code::kStopped;
  }
  const bool trouble =
      std::any_of(summary.troubles.begin(), summary.troubles.end(), [](const Trouble& item) {
        return item.kind != Trouble::Kind::note && item.kind != Trouble::Kind::safety;
      });
  const bool nothing = summary.answered == 0;
  return trouble || nothing ? exit_code::kWithFailures : exit_code::kDone;
}

}  // namespace ot::agent
