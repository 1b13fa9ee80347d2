// What `rackscout list --filter` prints, and how it says that a filter is wrong.
#include <filesystem>

#include <nlohmann/json.hpp>

#include "tests/catch.hpp"
#include "tests/e2e/program.hpp"
#include "tests/temporary.hpp"

namespace ot::tests {
namespace {

/// The sample plant in a store of its own.
class Sample {
 public:
  Sample() {
    const auto files = std::filesystem::path(RACKSCOUT_TESTS_DIR) / "sample";
    rackscout({"ingest", "--store", path(), files.string()});
  }

  Run list(const std::string& what, const std::string& filter) const {
    return rackscout({"list", what, "--store", path(), "--format", "json", "--filter", filter});
  }

 private:
  std::string path() const { return (folder_.path() / "plant.db").string(); }

  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("list --filter prints what the filter lets through", "[e2e]") {
  const Sample sample;
  const auto failed = nlohmann::json::parse(sample.list("files", "status: Failed").out);
  CHECK(failed.size() == 1);
  const auto others = nlohmann::json::parse(sample.list("files", "not status: Failed").out);
  CHECK(others.size() == 5);
  const auto run = sample.list("assets", "addOn: (orderId: 6ES7321* and slot: [4 .. 11])");
  CHECK(run.exit_code == 0);
  const auto assets = nlohmann::json::parse(run.out)["assets"];
  REQUIRE(assets.size() == 1);
  CHECK(assets[0]["hardware"]["model"] == "SIMATIC S7-400");
  CHECK(sample.list("assets", "name: `no such`").err == "No assets match the filter.\n");
}

TEST_CASE("a wrong filter is shown with a caret below the place, and ends with 2", "[e2e]") {
  const Sample sample;
  const auto run = sample.list("files", "name: \"ä\" and vendr: Siemens");
  CHECK(run.exit_code == 2);
  CHECK(run.out.empty());
  CHECK(run.err ==
        "rackscout: --filter: unknown token \"vendr\"; did you mean \"vendor\"?\n"
        "  name: \"ä\" and vendr: Siemens\n"
        "                ^\n");
  CHECK(sample.list("assets", "").exit_code == 2);
  CHECK(sample.list("assets", "assetCount > 5").err.find("unknown token") != std::string::npos);
}

}  // namespace ot::tests
