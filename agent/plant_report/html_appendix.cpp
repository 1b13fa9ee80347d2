#include "agent/list_view.hpp"
#include "agent/place.hpp"
#include "agent/plant_report/html_sections.hpp"

namespace ot::agent::plant_report {
namespace {

void put_devices(Page& page, const PlantReport& report) {
  page.put("<h3>Devices</h3>\n<div class=cv>");
  {
    HtmlTable table(page, "Devices",
                    {{"Name"},
                     {"Station"},
                     {"Kind"},
                     {"Vendor"},
                     {"Model"},
                     {"Order number", Look::code},
                     {"Firmware", Look::code},
                     {"Serial number", Look::code},
                     {"Address", Look::code},
                     {"Modules", Look::number},
                     {"Area"},
                     {"Source"}});
    for (const auto& asset : report.assets) {
      const auto& record = asset.shown.record;
      table.row({title_of(asset), record.station, to_string(record.hardware.category),
                 record.hardware.vendor,
                 first_of({record.hardware.model, record.hardware.product_name}), record.order_id,
                 record.firmware_version, record.serial_number, first_address(record),
                 std::to_string(asset.shown.add_ons.size()), area_text(asset.site, asset.area),
                 to_string(from_of(asset))});
    }
  }
  page.put("</div>\n");
}

void put_modules(Page& page, const store::StoredAsset& asset) {
  if (asset.shown.add_ons.empty()) {
    return;
  }
  const auto& record = asset.shown.record;
  const auto title = std::string(title_of(asset));
  page.put("<div class=cv><h4>{} <span class=mu>{} {}</span></h4>", html_part(title),
           html_part(record.station == title ? std::string() : record.station),
           html_part(area_text(asset.site, asset.area)));
  {
    HtmlTable table(page, "Modules of " + title,
                    {{"Place"},
                     {"Name"},
                     {"Kind"},
                     {"Vendor"},
                     {"Model"},
                     {"Order number", Look::code},
                     {"Firmware", Look::code},
                     {"Serial number", Look::code}});
    for (auto at = asset.shown.add_ons.rbegin(); at != asset.shown.add_ons.rend(); ++at) {
      const auto& module = at->record;
      table.row({agent::place_text(place_of(module, Asset{})), module.name,
                 to_string(module.hardware.category), module.hardware.vendor,
                 first_of({module.hardware.model, module.hardware.product_name}), module.order_id,
                 module.firmware_version, module.serial_number});
    }
  }
  page.put("</div>\n");
}

}  // namespace

void put_appendix(Page& page, const PlantReport& report) {
  page.put(
      "<section class=\"s appendix\" id=appendix><h2>Appendix: all devices and modules</h2>\n");
  put_devices(page, report);
  page.put("<h3>Modules</h3>\n");
  for (const auto& asset : report.assets) {
    put_modules(page, asset);
  }
  page.put("</section>\n");
}

}  // namespace ot::agent::plant_report
