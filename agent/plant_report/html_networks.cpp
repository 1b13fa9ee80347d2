#include <map>
#include <set>

#include "agent/plant_report/html_sections.hpp"
#include "base/ipv4.hpp"

namespace ot::agent::plant_report {
namespace {

using store::StoredAsset;

struct Attachment {
  const StoredAsset* asset;
  const Interface* interface;
};
/// By number of the address; what has none by its text.
using Addresses = std::multimap<std::pair<std::uint32_t, std::string>, Attachment>;
/// By network: its first 24 bits, and what has no address behind them all.
using Networks = std::map<std::uint32_t, Addresses>;

constexpr std::uint32_t kNoNetwork = 0xFFFFFFFF;

std::map<std::string, Networks> networks_of(const PlantReport& report) {
  std::map<std::string, Networks> places;
  for (const auto& asset : report.assets) {
    for (const auto& interface : asset.shown.record.interfaces) {
      const auto address = parse_ipv4(interface.address);
      if (!address && interface.address.empty() && interface.mac_address.empty()) {
        continue;
      }
      auto& networks = places[area_text(asset.site, asset.area)];
      const auto network = address ? address->number & 0xFFFFFF00U : kNoNetwork;
      const auto number = address ? address->number : 0;
      networks[network].emplace(std::pair(number, interface.address),
                                Attachment{&asset, &interface});
    }
  }
  return places;
}

void put_network(Page& page, const std::string& title, const Addresses& addresses) {
  page.put(
      "<h4>{} <span class=mu>{}</span></h4>", html(title),
      addresses.size() == 1 ? "1 attachment" : fmt::format("{} attachments", addresses.size()));
  HtmlTable table(page, title,
                  {{"Address", Look::code},
                   {"Mask", Look::code},
                   {"Device"},
                   {"Interface"},
                   {"MAC address", Look::code},
                   {"Gateway", Look::code},
                   {"Network"},
                   {"Source"}});
  for (const auto& [key, attachment] : addresses) {
    const auto& interface = *attachment.interface;
    const auto& station = attachment.asset->shown.record.station;
    const auto title_here = std::string(title_of(*attachment.asset));
    const auto device =
        station.empty() || station == title_here ? title_here : title_here + " (" + station + ")";
    const auto name = std::string(first_of({interface.name, interface.device_name}));
    table.row({interface.address, interface.subnet_mask, device, name, interface.mac_address,
               interface.gateway, interface.network, to_string(from_of(*attachment.asset))});
  }
}

std::string network_title(std::uint32_t network) {
  return network == kNoNetwork ? "Without an IPv4 address" : Ipv4{network}.text() + "/24";
}

}  // namespace

std::vector<SharedAddress> shared_addresses(const PlantReport& report) {
  std::vector<SharedAddress> shared;
  for (const auto& [place, networks] : networks_of(report)) {
    for (const auto& [network, addresses] : networks) {
      for (auto at = addresses.begin(); at != addresses.end();) {
        const auto end = addresses.upper_bound(at->first);
        const auto address = at->first.second;
        std::set<const StoredAsset*> assets;
        for (; at != end; ++at) {
          assets.insert(at->second.asset);
        }
        if (assets.size() > 1 && !address.empty()) {
          shared.push_back({place, address, {assets.begin(), assets.end()}});
        }
      }
    }
  }
  return shared;
}

void put_networks(Page& page, const PlantReport& report) {
  page.put("<section class=\"s cv\" id=networks><h2>Networks and addresses</h2>\n");
  const auto places = networks_of(report);
  if (places.empty()) {
    page.put("<p>No address is known.</p>");
  }
  for (const auto& [place, networks] : places) {
    page.put("<h3>{}</h3>", place.empty() ? "No area named" : html_part(place));
    for (const auto& [network, addresses] : networks) {
      put_network(page, network_title(network), addresses);
    }
  }
  page.put("</section>\n");
}

}  // namespace ot::agent::plant_report
