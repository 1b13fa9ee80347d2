#include "agent/plant_report/html.hpp"

#include "agent/plant_report/html_page.hpp"
#include "tests/catch.hpp"

using namespace ot;
using namespace ot::agent;
using namespace ot::agent::plant_report;

namespace {

std::string written(const PlantReport& report) {
  std::string text;
  write_html(report, [&text](std::string_view piece) { text += piece; });
  return text;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

PlantReport with_device(const std::string& name) {
  PlantReport report;
  report.assets.resize(1);
  report.assets[0].asset_id = 1;
  report.assets[0].shown.record.name = name;
  return report;
}

PlantReport walk() {
  PlantReport report;
  report.source = PlantReport::Source::bundle;
  report.trust = "not signed";
  return report;
}

}  // namespace

TEST_CASE("an empty report is whole", "[report]") {
  const auto text = written({});
  CHECK(text.starts_with("<!doctype html>"));
  CHECK(text.ends_with("</html>\n"));
  CHECK(holds(text, "default-src 'none'"));
  CHECK(holds(text, "holds no ledger"));
}

TEST_CASE("markup, control and direction characters stay text", "[report]") {
  CHECK(html("<a href='x' title=\"&\">") == "&lt;a href=&#39;x&#39; title=&quot;&amp;&quot;&gt;");
  CHECK(html("a\u202eb\nc") == "a\\u{202e}b\\nc");
  CHECK(html_part("<") == "<bdi>&lt;</bdi>");

  auto report = with_device("\"><script>alert(1)</script>");
  report.site = "</title><script>";
  report.assets[0].area = "<img src=x onerror=y>";
  report.note = "\u202e";
  const auto text = written(report);
  CHECK_FALSE(holds(text, "<script"));
  CHECK_FALSE(holds(text, "<img"));
  CHECK_FALSE(holds(text, "\u202e"));
}

TEST_CASE("a report loads nothing from elsewhere", "[report]") {
  const auto text = written(with_device("PLC"));
  for (const auto* part : {"http:", "https:", "src=", "@import", "url(//", "<script", "<iframe"}) {
    CHECK_FALSE(holds(text, part));
  }
}

TEST_CASE("a bundle that nobody signed is said to be so", "[report]") {
  CHECK(holds(written(walk()), "The bundle is <bdi>not signed</bdi>."));
}

TEST_CASE("only identification was sent, unless the ledger says otherwise", "[report]") {
  auto report = walk();
  report.sent.resize(1);
  report.sent[0].requests = 1;
  report.sent[0].functions = {{"EtherNet/IP ListIdentity", 1}};
  CHECK(holds(written(report), "Only identification was read."));
  report.sent[0].functions = {{"", 1}};
  const auto text = written(report);
  CHECK_FALSE(holds(text, "Only identification was read."));
  CHECK(holds(text, "1 request of another kind than identification is in the ledger."));
}

TEST_CASE("what could not be read is drawn together by outcome", "[report]") {
  auto report = walk();
  for (const auto* address : {"10.0.0.3", "10.0.0.1", "10.0.0.2"}) {
    bundle::WalkTarget target;
    target.area = "Hall 1";
    target.target = address;
    target.outcome = "silent";
    report.targets.push_back(target);
  }
  report.targets[0].troubles = {{"safety", "enip", "1756-L73S"}};
  const auto text = written(report);
  CHECK(holds(text, "10.0.0.1-10.0.0.3"));
  CHECK(holds(text, "<bdi>10.0.0.3</bdi> in <bdi>Hall 1</bdi>: <bdi>1756-L73S</bdi>"));
}

TEST_CASE("an address that two devices of an area share needs attention", "[report]") {
  auto report = with_device("A");
  report.assets[0].shown.record.interfaces.resize(1);
  report.assets[0].shown.record.interfaces[0].address = "10.0.0.1";
  report.assets.push_back(report.assets[0]);
  report.assets[1].asset_id = 2;
  CHECK(holds(written(report), "same address"));
  report.assets[1].area = "Hall 2";
  CHECK_FALSE(holds(written(report), "same address"));
}

TEST_CASE("columns without any text are left out", "[report]") {
  std::string text;
  const Sink sink = [&text](std::string_view piece) { text += piece; };
  {
    Page page(sink);
    HtmlTable table(page, "T", {{"Full"}, {"Empty"}});
    table.row({"a", ""});
  }
  CHECK(holds(text, "Full"));
  CHECK_FALSE(holds(text, "Empty"));
}
