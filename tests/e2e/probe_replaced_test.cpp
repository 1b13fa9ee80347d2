// A controller that another one took the place of, asked by two protocols at their own ports.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/catch.hpp"
#include "tests/e2e/program.hpp"
#include "tests/plant/running.hpp"
#include "tests/temporary.hpp"

namespace ot::tests {
namespace {

using Json = nlohmann::json;

/// An NX102, whose own port speaks EtherNet/IP: it names the CPU, as FINS does.
std::string scene(std::string_view serial) {
  return fmt::format(R"(
[[host]]
name = "packer"
address = "127.50.7.11"
[host.fins]
cpu = "NX102-1200"
version = "01.43"
nj = true
[host.enip.identity]
vendor = 47
type = 12
code = 1680
major = 1
minor = 43
serial = {}
name = "NX102-1200"
)",
                     serial);
}

Json assets(const Run& run) {
  INFO(run.err);
  const auto list = Json::parse(run.out, nullptr, false);
  REQUIRE(list.is_object());
  return list["assets"];
}

Json probe(const std::string& store, std::string_view serial) {
  RunningPlant plant(scene(serial), RunningPlant::Ports::as_written);
  return assets(rackscout(
      {"probe", "--store", store, "--format", "json", "--protocol", "fins,enip", "127.50.7.11"}));
}

}  // namespace

TEST_CASE("a controller with another serial number is another asset", "[probe]") {
  const TemporaryFolder folder;
  const auto store = (folder.path() / "plant.db").string();
  const auto first = probe(store, "0x0A10C0DE");
  REQUIRE(first.size() == 1);
  CHECK(probe(store, "0x0A10C0DE")[0]["assetUuid"] == first[0]["assetUuid"]);
  const auto second = probe(store, "0x0A10C0DF");
  REQUIRE(second.size() == 1);
  CHECK(second[0]["assetUuid"] != first[0]["assetUuid"]);
  const auto listed =
      assets(rackscout({"list", "assets", "--store", store, "--format", "json", "--extended"}));
  REQUIRE(listed.size() == 1);
  CHECK(listed[0]["serialNumber"] == "0x0a10c0df");
}

}  // namespace ot::tests
