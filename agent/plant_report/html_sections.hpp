#pragma once

#include <vector>

#include "agent/plant_report/html_page.hpp"
#include "agent/plant_report/rack_layout.hpp"

namespace ot::agent::plant_report {

/// The style sheet, for screens (light and dark) and for paper.
extern const std::string_view kStyle;

// The sections in their order.
void put_summary(Page& page, const PlantReport& report);
void put_racks(Page& page, const std::vector<Station>& stations);
void put_networks(Page& page, const PlantReport& report);
void put_files(Page& page, const PlantReport& report);
void put_unread(Page& page, const PlantReport& report);
void put_sent(Page& page, const PlantReport& report);
void put_appendix(Page& page, const PlantReport& report);

/// How each target ended; for a store, how asking on schedule ended last, by group.
std::vector<bundle::WalkTarget> outcomes_of(const PlantReport& report);

/// Where an outcome stands in lists: "answered" first, "not asked" last.
int rank_of(std::string_view outcome);

/// "Werk Süd / Hall 1"; empty without any.
std::string area_text(std::string_view site, std::string_view area);

/// "2026-11-22 21:24" in UTC; empty for no time at all.
std::string time_text(Time time);

/// "order number": in what they differ.
std::string_view difference_name(const Difference& difference);

/// An address that devices of the same site and area share.
struct SharedAddress {
  std::string place;
  std::string address;
  std::vector<const store::StoredAsset*> assets;
};
std::vector<SharedAddress> shared_addresses(const PlantReport& report);

}  // namespace ot::agent::plant_report
