#include "agent/plant_report/html.hpp"

#include "agent/plant_report/html_sections.hpp"

namespace ot::agent::plant_report {
namespace {

void put_fact(Page& page, std::string_view name, std::string_view value) {
  if (!value.empty()) {
    page.put("<div><dt>{}<dd>{}</div>", name, html_part(value));
  }
}

std::string title_text(const PlantReport& report) {
  return report.site.empty() ? std::string("Plant inventory") : report.site;
}

std::string areas_text(const PlantReport& report) {
  std::string text;
  for (const auto& leg : report.legs) {
    text += (text.empty() ? "" : ", ") + leg.area;
  }
  return text;
}

std::string period_text(const PlantReport& report) {
  const auto began = time_text(report.began);
  const auto ended = time_text(report.ended);
  return began.empty() || ended.empty() ? began + ended : began + " to " + ended + " UTC";
}

void put_head(Page& page, const PlantReport& report) {
  page.put(
      "<!doctype html>\n<html lang=en><head><meta charset=utf-8>"
      "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src "
      "'unsafe-inline'; img-src data:\">"
      "<meta name=viewport content=\"width=device-width, initial-scale=1\">"
      "<meta name=generator content=rackscout><meta name=referrer content=no-referrer>"
      "<link rel=icon href=data:,>");
  page.put("<title>{} \u2013 plant report</title><style>", html(title_text(report)));
  page.put(kStyle);
  page.put("</style></head>\n<body>");
}

void put_header(Page& page, const PlantReport& report) {
  page.put("<header class=top><p class=kick>Plant report</p><h1>{}</h1><dl class=facts>",
           html_part(title_text(report)));
  put_fact(page, "Walked by", report.operator_name);
  put_fact(page, "When", period_text(report));
  put_fact(page, "Areas", areas_text(report));
  put_fact(page, "With", report.sensor);
  put_fact(page, "Note", report.note);
  put_fact(page, "Walk", report.walk);
  put_fact(page, "Signature", report.trust);
  put_fact(page, report.source == PlantReport::Source::store ? "From the store" : "From the bundle",
           report.origin);
  put_fact(page, "Report made", time_text(report.made) + " UTC by rackscout " + report.version);
  page.put(
      "</dl><nav aria-label=Sections><ol><li><a href=#summary>Summary</a><li><a "
      "href=#racks>Racks</a>"
      "<li><a href=#networks>Networks</a><li><a href=#files>Project files</a>"
      "<li><a href=#unread>Not read</a><li><a href=#sent>What was sent</a>"
      "<li><a href=#appendix>Appendix</a></ol></nav></header>\n<main>");
}

}  // namespace

void write_html(const PlantReport& report, const Sink& sink) {
  Page page(sink);
  const auto stations = stations_of(report.assets);
  put_head(page, report);
  put_header(page, report);
  put_summary(page, report);
  put_racks(page, stations);
  put_networks(page, report);
  put_files(page, report);
  put_unread(page, report);
  put_sent(page, report);
  put_appendix(page, report);
  page.put(
      "</main><footer>Times are UTC. Users\u2019 names in paths are left out. This file holds all"
      " that it shows and loads nothing.</footer></body></html>\n");
}

}  // namespace ot::agent::plant_report
