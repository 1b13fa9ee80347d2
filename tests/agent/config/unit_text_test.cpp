// What a unit of systemd's lets the service do, as its files say it.
#include "agent/config/unit_text.hpp"
#include "agent/config/rights.hpp"
#include "tests/agent/config/surroundings.hpp"
#include "tests/catch.hpp"

namespace ot::agent::test {
namespace {

using Words = std::vector<std::string>;

/// The unit of the package, installed below a folder, with drop-ins.
class Gateway {
 public:
  Gateway() {
    const auto package = fs::path(RACKSCOUT_TESTS_DIR).parent_path() / "cross" / "service";
    fs::create_directories(plant_.path("lib/systemd/system"));
    fs::copy_file(package / "rackscout.service",
                  plant_.path("lib/systemd/system/rackscout.service"));
  }

  void drop_in(const std::string& text) const {
    const std::string folder = "etc/systemd/system/rackscout.service.d";
    fs::create_directories(plant_.path(folder));
    plant_.file(folder + "/test.conf", 0644, "[Service]\n" + text);
  }

  std::vector<Finding> findings(const std::string& text, const char* user = kServiceUser) const {
    const auto read = read_config(text, "rackscout.toml");
    const Account account{.name = user, .uid = 990, .gid = 990, .groups = {}};
    RightsCheck at(read.draft.value(), read.places, account, "rackscout.toml");
    check_unit(at, plant_.path(""));
    return at.findings().take();
  }
  Words keys(const std::string& text, const char* user = kServiceUser) const {
    Words keys;
    for (const auto& finding : findings(text, user)) {
      CHECK_FALSE(finding.is_mistake());
      CHECK_FALSE(finding.hint.empty());
      keys.push_back(finding.key);
    }
    return keys;
  }

 private:
  Plant plant_;
};

const std::string kWriting =
    "[safety]\nledger = \"/data/frames.ndjson\"\n[store]\npath = \"/data/rackscout.db\"\n";

}  // namespace

TEST_CASE("lists of a unit grow, and an empty value forgets them", "[config][unit]") {
  UnitText unit;
  unit.add("[Service]\nReadWritePaths=-/a \"/b\"\n ReadWritePaths = /c \\\n  /d\n");
  CHECK(unit.words("ReadWritePaths") == Words{"-/a", "/b", "/c", "/d"});
  unit.add("# a drop-in\n[Service]\n;ReadWritePaths=/no\nReadWritePaths=\nReadWritePaths=/e\n");
  CHECK(unit.words("ReadWritePaths") == Words{"/e"});
}

TEST_CASE("only what a unit says of its service counts", "[config][unit]") {
  UnitText unit;
  unit.add("PrivateDevices=yes\n[Unit]\nPrivateDevices=yes\n[Install]\nPrivateDevices=yes\n");
  CHECK(unit.empty());
  CHECK_FALSE(unit.is_on("PrivateDevices"));
  unit.add("[Service]\nPrivateDevices=no\nPrivateDevices=true\nPrivateDevices\n");
  CHECK(unit.is_on("PrivateDevices"));
  CHECK(unit.last("ProtectSystem").empty());
}

TEST_CASE("where the unit lets the service write nothing is told, until a drop-in does",
          "[config][unit]") {
  const Gateway gateway;
  CHECK(gateway.keys(kWriting) == Words{"safety.ledger", "store.path"});
  CHECK(holds(gateway.findings(kWriting)[0].hint, "ReadWritePaths=/data"));
  CHECK(gateway.keys("[store]\npath = \"/var/lib/rackscout/other.db\"\n").empty());
  CHECK(gateway.keys(kWriting, "somebody").empty());
  gateway.drop_in("ReadWritePaths=-/data\n");
  CHECK(gateway.keys(kWriting).empty());
}

TEST_CASE("a serial line needs a unit that shows devices", "[config][unit]") {
  const Gateway gateway;
  const auto* const lines =
      "[[probe]]\nname = \"a\"\ntargets = [\"10.0.0.1\", \"/dev/ttyUSB0\", \"/dev/ttyUSB1\"]\n";
  CHECK(gateway.keys(lines) == Words{"probe[0].targets[1]"});
  gateway.drop_in("PrivateDevices=no\n");
  CHECK(gateway.keys(lines).empty());
}

TEST_CASE("a home can be read, unless the unit hides homes", "[config][unit]") {
  const Gateway gateway;
  const auto* const folder = "[[folder]]\npath = \"/home/engineer/projects\"\n";
  CHECK(gateway.keys(folder).empty());
  gateway.drop_in("ProtectHome=yes\n");
  CHECK(gateway.keys(folder) == Words{"folder[0].path"});
  gateway.drop_in("ProtectHome=tmpfs\nBindReadOnlyPaths=/home/engineer/projects\n");
  CHECK(gateway.keys(folder).empty());
}

TEST_CASE("a port below 1024 needs a right", "[config][unit]") {
  const Gateway gateway;
  const auto* const port = "[api]\nport = 443\n";
  CHECK(gateway.keys(port) == Words{"api.port"});
  CHECK(gateway.keys(port, "somebody") == Words{"api.port"});
  CHECK(gateway.keys("[api]\nport = 1024\n").empty());
  CHECK(gateway.keys("[api]\nport = 443\nenabled = false\n").empty());
  gateway.drop_in("AmbientCapabilities=CAP_NET_BIND_SERVICE\n");
  CHECK(gateway.keys(port).empty());
  CHECK(gateway.keys(port, "somebody") == Words{"api.port"});
}

}  // namespace ot::agent::test
