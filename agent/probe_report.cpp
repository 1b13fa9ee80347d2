#include "agent/probe_report.hpp"

#include <algorithm>

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

std::vector<Column> columns() {
  return {
      {.title = "ADDRESS", .rank = 0},
      {.title = "UNIT", .align = Align::right, .rank = 0},
      {.title = "VENDOR", .least = 7, .rank = 4},
      {.title = "MODEL", .least = 16, .rank = 0},
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

Row asset_row(const StoredAsset& asset) {
  const Asset& record = asset.shown.record;
  Row row;
  row.cells = {address_of(asset),
               "",
               record.hardware.vendor,
               record.hardware.model,
               record.hardware.product_name,
               record.firmware_version,
               record.serial_number,
               protocols_of(asset)};
  return row;
}

Row add_on_row(const AddOn& add_on) {
  const bool unnamed = add_on.hardware.model.empty();
  Row row;
  row.cells = {"",
               add_on.unit_address,
               add_on.hardware.vendor,
               unnamed ? add_on.order_id : add_on.hardware.model,
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
      each(**asset);
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

void say_addresses(std::string_view title, const std::vector<Ipv4>& addresses) {
  constexpr std::size_t kRangesShown = 12;
  if (!addresses.empty()) {
    say(fmt::format("{} ({}): {}", title, addresses.size(), ranges_text(addresses, kRangesShown)));
  }
}

}  // namespace

Result<void> print_racks(store::Store& store, const ProbeSummary& summary) {
  Output output;
  const auto terminal = stdout_terminal();
  Table table(columns(), {.width = terminal.width, .colour = terminal.colour},
              [&output](std::string_view text) { output.write(text); });
  const auto printed = for_assets(store, summary, [&table](const StoredAsset& asset) {
    table.add(asset_row(asset));
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
  const auto printed = for_assets(store, summary, [&list](const StoredAsset& asset) {
    list.add(asset_json(asset, Shape::platform));
  });
  list.finish();
  const auto written = output.finish();
  return printed ? written : printed;
}

void say_summary(const ProbeSummary& summary, const std::string& store) {
  constexpr double kMilliseconds = 1000.0;
  say(fmt::format("{} of {} answered; {} in {:.1f} s", summary.answered,
                  counted(summary.targets, "target", "targets"),
                  counted(summary.requests, "request", "requests"),
                  static_cast<double>(summary.elapsed.count()) / kMilliseconds));
  say_troubles(summary);
  say_addresses("refused", summary.refused);
  say_addresses("silent", summary.silent);
  say_addresses("excluded", summary.excluded);
  say(fmt::format("store: {}", store));
  if (summary.stopped) {
    say("stopped; what was read is in the store");
  }
}

int exit_code_of(const ProbeSummary& summary) {
  if (summary.stopped) {
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
