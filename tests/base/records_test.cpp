#include "base/records.hpp"

#include <set>
#include <string_view>

#include "tests/catch.hpp"

namespace ot {
namespace {

TEST_CASE("every confidence has a name, and the name leads back to it", "[records]") {
  const auto confidence = GENERATE(Confidence::confirmed, Confidence::schema, Confidence::declared,
                                   Confidence::heuristic);
  CHECK_FALSE(to_string(confidence).empty());
  CHECK(confidence_from(to_string(confidence)) == confidence);
}

TEST_CASE("confidences carry their own names, not each other's", "[records]") {
  CHECK(to_string(Confidence::confirmed) == "confirmed");
  CHECK(to_string(Confidence::schema) == "schema");
  CHECK(to_string(Confidence::declared) == "declared");
  CHECK(to_string(Confidence::heuristic) == "heuristic");
  CHECK_FALSE(confidence_from("Confirmed").has_value());
  CHECK_FALSE(confidence_from("").has_value());
}

TEST_CASE("origins carry their own names", "[records]") {
  CHECK(to_string(Origin::configured) == "configured");
  CHECK(to_string(Origin::observed) == "observed");
}

TEST_CASE("every category but the unknown has a name of its own that leads back to it",
          "[records]") {
  std::set<std::string_view> names;
  for (auto value = Category::plc; value <= Category::hmi;
       value = static_cast<Category>(static_cast<int>(value) + 1)) {
    CHECK(category_from(to_string(value)) == value);
    CHECK(names.insert(to_string(value)).second);
  }
  CHECK(names.size() == 11);
  CHECK(names.count("") == 0);
}

TEST_CASE("categories are worded as the platform words them", "[records]") {
  CHECK(to_string(Category::unknown).empty());
  CHECK(to_string(Category::plc) == "Programmable Logic Controller (PLC)");
  CHECK(to_string(Category::communication) == "Communication Module");
  CHECK(to_string(Category::protection_relay) == "Protection Relay");
  CHECK(to_string(Category::hmi) == "HMI");
  CHECK(category_from("Toaster") == Category::unknown);
}

TEST_CASE("an enumerator that doesn't exist has no name", "[records]") {
  CHECK(to_string(static_cast<Category>(12)).empty());
  CHECK(to_string(static_cast<Confidence>(255)).empty());
}

TEST_CASE("file states begin with a capital letter", "[records]") {
  CHECK(to_string(FileStatus::importing) == "Importing");
  CHECK(to_string(FileStatus::imported) == "Imported");
  CHECK(to_string(FileStatus::deleted) == "Deleted");
  CHECK(to_string(FileStatus::failed) == "Failed");
}

TEST_CASE("a slave address is written with eight hexadecimal digits", "[records]") {
  CHECK(slave_address_text(10) == "0x0000000a");
  CHECK(slave_address_text(0) == "0x00000000");
  CHECK(slave_address_text(0xFFFFFFFF) == "0xffffffff");
}

}  // namespace
}  // namespace ot
