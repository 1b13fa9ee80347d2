#include "protocols/fins/units.hpp"

#include "tests/catch.hpp"

namespace ot::tests {
namespace {

using protocols::fins::hardware_of;
using protocols::fins::is_safety_controller;

std::string named(std::string_view model) {
  const auto hardware = hardware_of(model);
  return hardware.product_name + " | " + std::string(to_string(hardware.category));
}

}  // namespace

TEST_CASE("CPUs are named after their series", "[fins]") {
  CHECK(named("CJ2M-CPU33") == "CJ2M CPU Unit | Programmable Logic Controller (PLC)");
  CHECK(hardware_of("CJ2H-CPU68-EIP").product_name == "CJ2H CPU Unit");
  CHECK(hardware_of("CS1G_CPU44H").product_name == "CS1G CPU Unit");
  CHECK(hardware_of("CP1L-EL20DR-D").product_name == "CP1L CPU Unit");
  CHECK(hardware_of("NJ501-1300").product_name == "NJ501 CPU Unit");
  CHECK(hardware_of("NX1P2-9024DT").product_name == "NX1P2 CPU Unit");
}

TEST_CASE("units are named and put into a category", "[fins]") {
  CHECK(named("CJ1W-ETN21") == "CJ1 Series Ethernet Unit | Communication Module");
  CHECK(named("CJ1W-DA021") == "CJ1 Series Analog I/O Unit | I/O Module");
  CHECK(named("CJ2M-EIP21") == "EtherNet/IP Unit | Communication Module");
  CHECK(named("CS1W-EIP21S") == "CS1 Series EtherNet/IP Unit | Communication Module");
  CHECK(named("CJ1W-AD081-V1") == "CJ1 Series Analog I/O Unit | I/O Module");
  CHECK(named("CJ1W-SCU41-V1") == "CJ1 Series Serial Communications Unit | Communication Module");
  CHECK(named("CJ1W-TC001") == "CJ1 Series Temperature Control Unit | Function Module");
  CHECK(named("CJ1W-NCF71") == "CJ1 Series Position Control Unit | Function Module");
  CHECK(named("CJ1W-PDC15") == "CJ1 Series Process Analog I/O Unit | I/O Module");
  CHECK(named("CJ1W-PD025") == "CJ1 Series Power Supply Unit | Power Supply");
  CHECK(named("C200HW-NC413") == "C200H Series Position Control Unit | Function Module");
  CHECK(named("NX-ECC203") == "NX Series EtherCAT Coupler Unit | Interface Module");
}

TEST_CASE("a model that is not known is only repeated", "[fins]") {
  for (const std::string model : {"", "CJ1W-", "CJ1W-XYZ99", "CJ2M-EIP219", "CJ1W-ETN2", "DA021",
                                  "CJ2M-CPU", "cj2m-cpu33", "CS1W-TC001", "\xff\xfe"}) {
    INFO(model);
    CHECK(hardware_of(model) == Hardware{"Omron", model, "", Category::unknown});
  }
}

TEST_CASE("safety controllers are known by their model", "[fins]") {
  CHECK(is_safety_controller("NX-SL3300"));
  CHECK(is_safety_controller("NX-SL5700"));
  CHECK(is_safety_controller("G9SP-N20S"));
  CHECK(is_safety_controller("NE1A-SCPU01-V1"));
  CHECK_FALSE(is_safety_controller("NX-SID800"));
  CHECK_FALSE(is_safety_controller("CJ2M-CPU33"));
}

}  // namespace ot::tests
