#include "agent/probe_run.hpp"

#include <set>

#include <fmt/format.h>

#include "agent/probe_options.hpp"
#include "agent/probe_report.hpp"
#include "agent/progress.hpp"
#include "tests/catch.hpp"
#include "tests/plant/running.hpp"
#include "tests/store/plant.hpp"

using namespace ot;
using namespace ot::agent;

namespace {

constexpr std::string_view kScene = R"(
[[host]]
name = "gateway"
address = "127.52.0.1"
[host.modbus]
port = 0
objects = {0 = "Schneider Electric", 1 = "EGX150"}
[[host]]
name = "meter"
address = "127.52.0.2"
[host.modbus]
port = 0
objects = {0 = "Schneider Electric", 1 = "PM5560"}
)";

/// The stop comes when it has been asked for so many times.
ProbeSummary stopped_after(const tests::RunningPlant& plant, int questions) {
  ProbeOptionTexts texts;
  texts.protocols = {"modbus"};
  texts.units = {"1-9"};
  texts.exclude = {"127.52.0.3"};
  texts.gap = 20;
  texts.targets = {"127.52.0.3:502"};
  for (const auto* host : {"gateway", "meter"}) {
    texts.targets.push_back(fmt::format("{}:{}", plant.address(host, "modbus", "tcp"),
                                        plant.port(host, "modbus", "tcp")));
  }
  auto job = job_of(texts);
  REQUIRE(job);
  job->rules.first_connects = 1;  // one target after the other
  job->stop = [questions]() mutable { return std::string(--questions < 0 ? "Ctrl-C" : ""); };
  const store::test::Folder folder;
  auto store = store::test::open(folder.path("s.db"));
  Progress progress("probe");
  auto summary = run_probes(store, std::move(*job), progress);
  REQUIRE(summary);
  return std::move(*summary);
}

}  // namespace

TEST_CASE("who was cut short by a stop and who was not asked is told apart", "[probe]") {
  const tests::RunningPlant plant(kScene);
  const auto summary = stopped_after(plant, 5);
  CHECK(summary.stopped_by == "Ctrl-C");
  CHECK(exit_code_of(summary) == 130);
  CHECK(list_text(summary.cut_short, 9) == "127.52.0.1");
  CHECK(list_text(summary.not_asked, 9) == "127.52.0.2");
  CHECK(summary.next == "127.52.0.2");
  CHECK(list_text(summary.excluded, 9) == "127.52.0.3");
  CHECK(summary.asked() == 1);
  CHECK(summary.answered == 1);
  REQUIRE(summary.found.size() == 1);
  CHECK(summary.found.front().incomplete);
  CHECK(summary.troubles.empty());
}

TEST_CASE("the next run begins with whom no request came to, else with who was cut short",
          "[probe]") {
  const tests::RunningPlant plant(kScene);
  std::set<std::string> begins;
  for (int questions = 0; questions < 12; ++questions) {
    const auto summary = stopped_after(plant, questions);
    const bool all_asked = summary.not_asked.size() == 0;
    begins.insert((all_asked ? "cut short: " : "") + summary.next);
  }
  CHECK(begins == std::set<std::string>{"127.52.0.1", "127.52.0.2", "cut short: 127.52.0.2"});
}

TEST_CASE("a stop before the first question leaves all but the excluded not asked", "[probe]") {
  const tests::RunningPlant plant(kScene);
  const auto summary = stopped_after(plant, 0);
  CHECK(list_text(summary.not_asked, 9) == "127.52.0.1-127.52.0.2");
  CHECK(list_text(summary.excluded, 9) == "127.52.0.3");
  CHECK(summary.cut_short.size() == 0);
  CHECK(summary.requests == 0);
  CHECK(plant.requests().empty());
}
