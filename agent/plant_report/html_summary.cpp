#include <algorithm>
#include <map>
#include <set>

#include "agent/plant_report/html_sections.hpp"
#include "agent/process.hpp"

namespace ot::agent::plant_report {
namespace {

using bundle::WalkTarget;

struct Outcome {
  std::string name;
  std::size_t targets = 0;
};

std::vector<Outcome> count_outcomes(const std::vector<WalkTarget>& targets) {
  std::map<std::pair<int, std::string>, std::size_t> counts;
  for (const auto& target : targets) {
    const auto& name = target.answered ? "answered" : target.outcome;
    ++counts[{rank_of(name), name}];
  }
  std::vector<Outcome> outcomes;
  outcomes.reserve(counts.size());
  for (const auto& [key, count] : counts) {
    outcomes.push_back({key.second, count});
  }
  return outcomes;
}

void put_number(Page& page, std::uint64_t number, std::string_view what) {
  page.put("<div><b>{}</b><span>{}</span></div>", thousands(number), html(what));
}

std::size_t count_areas(const PlantReport& report) {
  std::set<std::string> areas;
  for (const auto& leg : report.legs) {
    areas.insert(leg.area);
  }
  for (const auto& asset : report.assets) {
    areas.insert(asset.area);
  }
  return areas.size();
}

std::uint64_t count_modules(const PlantReport& report) {
  std::uint64_t modules = 0;
  for (const auto& asset : report.assets) {
    modules += asset.shown.add_ons.size();
  }
  return modules;
}

std::size_t count_files(const PlantReport& report, FileStatus status) {
  return static_cast<std::size_t>(
      std::count_if(report.files.begin(), report.files.end(),
                    [status](const auto& file) { return file.status == status; }));
}

void put_counts(Page& page, const PlantReport& report) {
  page.put("<div class=kpi>");
  put_number(page, report.assets.size(), "devices");
  put_number(page, count_modules(report), "modules in them");
  put_number(page, report.files.size() - count_files(report, FileStatus::deleted), "project files");
  put_number(page, count_areas(report), count_areas(report) == 1 ? "area" : "areas");
  page.put("</div>\n");
  const auto targets = outcomes_of(report);
  if (targets.empty()) {
    return;
  }
  page.put("<h4>{}</h4><div class=kpi>",
           counted(targets.size(), "target was to be asked", "targets were to be asked"));
  for (const auto& outcome : count_outcomes(targets)) {
    put_number(page, outcome.targets, outcome.name);
  }
  page.put("</div>\n");
}

/// The list of what needs attention; says so when nothing does.
class Attention {
 public:
  explicit Attention(Page& page) : page_(page) { page_.put("<h3>What needs attention</h3>\n"); }
  Attention(const Attention&) = delete;
  Attention& operator=(const Attention&) = delete;
  ~Attention() {
    page_.put(some_ ? "</ul>\n"
                    : "<p>Nothing: no contradiction, no failure, no safety controller.</p>\n");
  }

  /// `text` is HTML.
  void add(std::string_view look, std::string_view tag, const std::string& text) {
    page_.put("{}<li><span class=\"tag {}\">{}</span><span>{}</span>\n",
              some_ ? "" : "<ul class=att>", look, tag, text);
    some_ = true;
  }

 private:
  Page& page_;
  bool some_ = false;
};

std::string target_text(const WalkTarget& target) {
  return html_part(target.target) +
         (target.area.empty() ? std::string() : " in " + html_part(target.area));
}

/// Those of a kind, or with such an outcome.
void add_troubled(Attention& attention, const std::vector<WalkTarget>& targets,
                  std::string_view kind, std::string_view tag) {
  for (const auto& target : targets) {
    const auto trouble = std::find_if(target.troubles.begin(), target.troubles.end(),
                                      [kind](const auto& one) { return one.kind == kind; });
    const bool told = trouble != target.troubles.end();
    if (told || target.outcome == kind) {
      const auto& text = told ? trouble->text : target.reason;
      attention.add("bad", tag, target_text(target) + (text.empty() ? "" : ": ") + html_part(text));
    }
  }
}

void add_files(Attention& attention, const PlantReport& report) {
  for (const auto& file : report.files) {
    if (file.status == FileStatus::failed) {
      attention.add("bad", "file failed", html_part(file.path) + ": " + html_part(file.error));
    }
  }
}

std::size_t count_differences(const PlantReport& report) {
  std::size_t count = 0;
  for (const auto& asset : report.assets) {
    count += differences_of(asset).size();
  }
  return count;
}

void add_shared(Attention& attention, const PlantReport& report) {
  constexpr std::size_t kMost = 12;
  const auto shared = shared_addresses(report);
  for (std::size_t i = 0; i < shared.size() && i < kMost; ++i) {
    std::string names;
    for (const auto* asset : shared[i].assets) {
      names += (names.empty() ? "" : ", ") + html_part(title_of(*asset));
    }
    attention.add("warn", "same address",
                  html_part(shared[i].address) + " is that of " + names +
                      (shared[i].place.empty() ? "" : " in " + html_part(shared[i].place)));
  }
  if (shared.size() > kMost) {
    attention.add("warn", "same address",
                  fmt::format("{} more addresses are shared: <a href=#networks>networks</a>",
                              shared.size() - kMost));
  }
}

void put_attention(Page& page, const PlantReport& report) {
  Attention attention(page);
  const auto targets = outcomes_of(report);
  if (report.source == PlantReport::Source::bundle && !report.trusted) {
    attention.add("warn", "signature", "The bundle is " + html_part(report.trust) + ".");
  }
  add_troubled(attention, targets, "safety", "safety");
  add_troubled(attention, targets, "distressed", "distressed");
  add_files(attention, report);
  if (const auto differences = count_differences(report); differences > 0) {
    attention.add("warn", "differences",
                  counted(differences, "contradiction", "contradictions") +
                      " between a project file and its device: <a href=#differences>see below</a>");
  }
  add_shared(attention, report);
  for (const auto& rejected : report.rejected) {
    attention.add("warn", "left out", "A record of the bundle: " + html_part(rejected));
  }
}

void put_differences(Page& page, const PlantReport& report) {
  if (count_differences(report) == 0) {
    return;
  }
  page.put("<h3 id=differences>Where project file and device differ</h3>\n");
  HtmlTable table(
      page, "Differences",
      {{"Device"}, {"Area"}, {"Place"}, {"What"}, {"In the project"}, {"On the device"}});
  for (const auto& asset : report.assets) {
    for (const auto& difference : differences_of(asset)) {
      table.row({title_of(asset), area_text(asset.site, asset.area),
                 difference.place.empty() ? "itself" : difference.place,
                 difference_name(difference), difference.configured, difference.observed});
    }
  }
}

}  // namespace

std::string_view difference_name(const Difference& difference) {
  switch (difference.kind) {
    case Difference::Kind::missing: return "not seen in the rack";
    case Difference::Kind::unplanned: return "not in the project";
    case Difference::Kind::vendor: return "vendor";
    case Difference::Kind::model: return "model";
    case Difference::Kind::order_id: return "order number";
    case Difference::Kind::serial_number: return "serial number";
    case Difference::Kind::firmware_version: break;
  }
  return "firmware";
}

void put_summary(Page& page, const PlantReport& report) {
  page.put("<section class=s id=summary><h2>Summary</h2>\n");
  put_counts(page, report);
  put_attention(page, report);
  put_differences(page, report);
  page.put("</section>\n");
}

}  // namespace ot::agent::plant_report
