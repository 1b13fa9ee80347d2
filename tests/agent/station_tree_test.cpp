#include "agent/station_tree.hpp"

#include "agent/source_difference.hpp"
#include "tests/catch.hpp"

using namespace ot;
using namespace ot::agent;

namespace {

AddOn in_rack(std::uint32_t rack, std::uint32_t slot, std::string order, std::string name) {
  AddOn module;
  module.rack = rack;
  module.slot = slot;
  module.unit_address = std::to_string(slot);
  module.order_id = std::move(order);
  module.name = std::move(name);
  return module;
}

store::StoredAsset cpu(store::AssetId id, std::uint32_t slot) {
  store::StoredAsset asset;
  asset.asset_id = id;
  auto& record = asset.shown.record;
  record.name = "CPU " + std::to_string(slot);
  record.station = "AS01";
  record.order_id = "6ES7 CPU";
  record.rack = 0;
  record.slot = slot;
  record.racks = {{0, "6ES7 RACK", "UR"}};
  return asset;
}

void add(store::StoredAsset& asset, const AddOn& module) {
  asset.shown.add_ons.push_back({1, {}, module});
}

std::string tree_of(const std::vector<store::StoredAsset>& assets) {
  return render_tree(station_tree(assets), Branches::ascii);
}

}  // namespace

TEST_CASE("a station shows its racks, slots and sub-slots in order", "[show]") {
  auto asset = cpu(7, 2);
  add(asset, in_rack(0, 10, "6ES7 DI", "DI"));
  auto sub = in_rack(0, 2, "6ES7 IF", "IF");
  sub.subslot = 1;
  add(asset, sub);
  add(asset, in_rack(0, 1, "6ES7 PS", "PS"));
  CHECK(tree_of({asset}) ==
        "AS01\n"
        "`- rack 0  UR  6ES7 RACK\n"
        "   |- slot 1   PS     6ES7 PS\n"
        "   |- slot 2   CPU 2  6ES7 CPU  asset 7\n"
        "   |  `- sub-slot 1  IF  6ES7 IF\n"
        "   `- slot 10  DI     6ES7 DI\n");
}

TEST_CASE("a station without a name is called by its CPU, else by its file", "[show]") {
  auto asset = cpu(7, 2);
  asset.shown.path = "/plant/old backup.cfg";
  asset.shown.record.station.clear();
  CHECK(tree_of({asset}).starts_with("CPU 2\n"));
  asset.shown.record.name.clear();
  CHECK(tree_of({asset}).starts_with("old backup\n"));
}

TEST_CASE("PROFIBUS slaves are shown by bus and decimal address", "[show]") {
  auto asset = cpu(7, 2);
  AddOn head;
  head.bus = "DPSUBSYSTEM 1";
  head.slave_address = 20;
  head.name = "ET 200M";
  add(asset, head);
  head.slave_address = 3;
  add(asset, head);
  head.slot = 4;
  head.name = "DI16";
  add(asset, head);
  CHECK(tree_of({asset}).find("`- PROFIBUS DPSUBSYSTEM 1\n"
                              "   |- address 3   ET 200M\n"
                              "   |  `- slot 4  DI16\n"
                              "   `- address 20  ET 200M\n") != std::string::npos);
}

TEST_CASE("a PROFINET device stands on its bus with its slots and addresses", "[show]") {
  store::StoredAsset device;
  device.asset_id = 9;
  auto& record = device.shown.record;
  record.name = "et200sp";
  record.station = "AS01";
  record.bus = "IOSUBSYSTEM 100";
  record.device_number = 2;
  record.interfaces.resize(1);
  record.interfaces[0].name = "PN-IO";
  record.interfaces[0].address = "192.168.0.5";
  AddOn module;
  module.bus = record.bus;
  module.slot = 1;
  module.name = "DI8";
  add(device, module);
  CHECK(tree_of({cpu(7, 2), device})
            .find("`- PROFINET IOSUBSYSTEM 100\n"
                  "   `- device 2  et200sp  asset 9\n"
                  "      |- PN-IO  192.168.0.5\n"
                  "      `- slot 1  DI8\n") != std::string::npos);
}

TEST_CASE("two CPUs that list each other appear once each", "[show]") {
  auto one = cpu(1, 2);
  auto two = cpu(2, 3);
  add(one, in_rack(0, 3, "6ES7 CPU", "CPU 3"));
  add(two, in_rack(0, 2, "6ES7 CPU", "CPU 2"));
  const auto text = tree_of({one, two});
  CHECK(std::count(text.begin(), text.end(), '\n') == 4);
}

TEST_CASE("two different modules in one place are both shown", "[show]") {
  auto asset = cpu(7, 2);
  add(asset, in_rack(0, 4, "6ES7 A", "A"));
  add(asset, in_rack(0, 4, "6ES7 B", "B"));
  const auto text = tree_of({asset});
  CHECK(text.find("6ES7 A") != std::string::npos);
  CHECK(text.find("slot 4 (2)  B") != std::string::npos);
}

TEST_CASE("a device without rack or bus is the root, with its plug-ins by port", "[show]") {
  store::StoredAsset relay;
  relay.asset_id = 4;
  auto& record = relay.shown.record;
  record.name = "Q01_7UT85";
  record.station = "Q01_7UT85";
  record.hardware.model = "7UT85";
  AddOn plug_in;
  plug_in.unit_address = "F";
  plug_in.name = "ETH-BA-2EL";
  add(relay, plug_in);
  CHECK(tree_of({relay}) ==
        "Q01_7UT85  7UT85  asset 4\n"
        "`- port F  ETH-BA-2EL\n");
}

TEST_CASE("devices without rack or bus stand side by side", "[show]") {
  store::StoredAsset one;
  one.asset_id = 1;
  one.shown.record.name = "A";
  one.shown.record.station = "S";
  auto two = one;
  two.asset_id = 2;
  two.shown.record.name = "B";
  CHECK(tree_of({one, two}) == "S\n|- device  A  asset 1\n`- device  B  asset 2\n");
}

TEST_CASE("a source says what it tells otherwise than the newest one", "[show]") {
  auto newest = cpu(7, 2);
  auto older = newest;
  newest.shown.record.firmware_version = "V4.5";
  older.shown.record.firmware_version = "V4.0";
  add(newest, in_rack(0, 5, "6GK7 NEW", "CP"));
  add(older, in_rack(0, 5, "6GK7 OLD", "CP"));
  add(older, in_rack(0, 6, "6ES7 GONE", "DI"));
  CHECK(differences(newest.shown, newest.shown).empty());
  CHECK(differences(newest.shown, older.shown) ==
        std::vector<std::string>{
            "firmware: \"V4.0\", in the newest \"V4.5\"",
            "rack 0, slot 5: \"6GK7 OLD CP\", in the newest \"6GK7 NEW CP\"",
            "rack 0, slot 6: \"6ES7 GONE DI\", in the newest nothing",
        });
}
