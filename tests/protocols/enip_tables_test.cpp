#include "protocols/enip/status.hpp"
#include "protocols/enip/tables.hpp"
#include "protocols/enip/vendors.hpp"
#include "tests/catch.hpp"

namespace ot::protocols::enip {
namespace {

TEST_CASE("a vendor has the name that ODVA lists", "[enip]") {
  CHECK(vendor_name(1) == "Rockwell Automation/Allen-Bradley");
  CHECK(vendor_name(243) == "Schneider Automation, Inc.");
  CHECK(vendor_name(400) == "LINTEC Co., Ltd.");
  CHECK(vendor_name(401) == "Hitachi Cable Ltd.");
  CHECK(vendor_name(800) == "Denker");
  CHECK(vendor_name(801) == "Autonics Corporation");
  CHECK(vendor_name(1182) == "Endress+Hauser");
  CHECK(vendor_name(1240) == "Penko Engineering B.V.");
}

TEST_CASE("OMRON's name is the one that FINS gives", "[enip]") {
  CHECK(vendor_name(47) == "Omron");
}

TEST_CASE("a vendor id without a name is shown as its number", "[enip]") {
  CHECK(vendor_name(0) == "CIP vendor 0");
  CHECK(vendor_name(6) == "CIP vendor 6");
  CHECK(vendor_name(65535) == "CIP vendor 65535");
}

TEST_CASE("no name of a vendor is missing or reserved", "[enip]") {
  CHECK(kVendorsTo400.size() + kVendorsTo800.size() + kVendorsFrom801.size() == 1077);
  CHECK(kVendorsTo400.back().code <= 400);
  CHECK(kVendorsTo800.front().code > 400);
  CHECK(kVendorsTo800.back().code <= 800);
  CHECK(kVendorsFrom801.front().code > 800);
}

TEST_CASE("a device type has a name and often a category", "[enip]") {
  CHECK(device_type_name(0x0E) == "Programmable Logic Controller");
  CHECK(device_type_name(0x73) == "device type 73");
  CHECK(category_of(1, 0x0E) == Category::plc);
  CHECK(category_of(1, 0x0C) == Category::communication);
  CHECK(category_of(1, 0x07) == Category::io);
  CHECK(category_of(1, 0x18) == Category::hmi);
  CHECK(category_of(1, 0x2C) == Category::network_switch);
  CHECK(category_of(1, 0x02) == Category::unknown);
}

TEST_CASE("device type 73 is analog I/O of Rockwell alone", "[enip]") {
  CHECK(category_of(1, 0x73) == Category::io);
  CHECK(category_of(2, 0x73) == Category::unknown);
}

TEST_CASE("three device types are safety controllers", "[enip]") {
  unsigned count = 0;
  for (std::uint16_t type = 0; type < 0x100; ++type) {
    count += is_safety_controller(type) ? 1 : 0;
  }
  CHECK(count == 3);
  CHECK(is_safety_controller(0x2A));
  CHECK(is_safety_controller(0x2D));
  CHECK(is_safety_controller(0x2E));
}

TEST_CASE("a status is its number and its name", "[enip]") {
  const std::uint16_t timed_out = 0x0204;
  const std::uint16_t unknown = 0x1234;
  CHECK(status_text(0x05, nullptr) == "05 Path destination unknown");
  CHECK(status_text(0xD0, nullptr) == "D0");
  CHECK(status_text(0x01, &timed_out) ==
        "01 Connection failure, 0204 Unconnected request timed out");
  CHECK(status_text(0x01, &unknown) == "01 Connection failure, 1234");
  CHECK(status_text(0x1F, &timed_out) == "1F Vendor specific error, 0204");
  CHECK(encapsulation_status_text(0x02) == "0002 out of memory");
  CHECK(encapsulation_status_text(0x08) == "0008");
  CHECK(encapsulation_status_text(0x000186A5) == "186A5");
}

TEST_CASE("of a device's status only the faults are told", "[enip]") {
  CHECK(faults_text(0x0000).empty());
  CHECK(faults_text(0x0065).empty());
  CHECK(faults_text(0xF0F0).empty());
  CHECK(faults_text(0x3160) == "minor recoverable fault");
  CHECK(faults_text(0x0605) == "minor unrecoverable fault, major recoverable fault");
  CHECK(faults_text(0x0800) == "major unrecoverable fault");
}

TEST_CASE("a GuardLogix is known by its catalogue number", "[enip]") {
  struct Case {
    std::string_view product_name;
    std::string_view model;
  };
  constexpr Case kCases[] = {
      {"1756-L72S", "1756-L72S"},
      {"1756-L72S/B LOGIX5572S", "1756-L72S"},
      {"1756-L7SP/B LOGIX557SP", "1756-L7SP"},
      {"1756-L81ES/B", "1756-L81ES"},
      {"1768-L43S/A LOGIX5343S", "1768-L43S"},
      {"1769-L30ERMS/A LOGIX5370SAFETY", "1769-L30ERMS"},
      {"5069-L306ERS2/A", "5069-L306ERS2"},
      {"5069-L320ERMS2 Safety", "5069-L320ERMS2"},
      {"1756-L71/B LOGIX5571", ""},
      {"1756-L71 SAFE", ""},
      {"1756-L81E/B", ""},
      {"1769-L36ERM/A", ""},
      {"5069-L306ER/A", ""},
      {"1756-LSC8XIB8I/A", ""},
      {"1756-L", ""},
      {"1756-IB16S", ""},
      {"1789-L60S", ""},
      {"A 1756-L72S", ""},
      {"", ""},
  };
  for (const auto& it : kCases) {
    INFO(it.product_name);
    CHECK(safety_model(it.product_name) == it.model);
  }
}

}  // namespace
}  // namespace ot::protocols::enip
