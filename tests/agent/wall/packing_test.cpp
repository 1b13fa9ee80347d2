#include "agent/wall/packing.hpp"

#include "agent/wall/error_fields.hpp"
#include "agent/wall/frames.hpp"
#include "agent/wall/record_fields.hpp"
#include "tests/catch.hpp"

namespace ot::agent::wall {
namespace {

/// With something in every field.
Project everything() {
  const Hardware hardware{"Siemens", "CPU 412", "S7-400", Category::plc};
  const AddOn add_on{.name = "DI32",
                     .type_id = "type",
                     .bus = "DPSUBSYSTEM 1",
                     .unit_address = "4",
                     .order_id = "6ES7421-1BL01-0AA0",
                     .serial_number = "S C-1",
                     .firmware_version = "V1.0",
                     .io_addresses = "I 0..3",
                     .hardware = hardware,
                     .slave_address = 10,
                     .rack = 0,
                     .slot = 4,
                     .subslot = 1,
                     .origin = Origin::observed,
                     .confidence = Confidence::heuristic};
  const Interface port{
      "X1", "10.0.0.1", "255.0.0.0", "10.0.0.254", "00:0e:8c:12:34:56", "PN(1)", "plc-1", 2, 3,
      4,    5};
  const Detail detail{"configurationVersion", "1.2", Confidence::declared};
  const Asset asset{.name = "CPU",
                    .station = "AS01",
                    .type_id = "t",
                    .project_asset_id = "id",
                    .bus = "IOSUBSYSTEM 100",
                    .order_id = "6ES7412",
                    .serial_number = "S 1",
                    .firmware_version = "V6",
                    .hardware = hardware,
                    .device_number = 1,
                    .rack = 0,
                    .slot = 3,
                    .interfaces = {port, {}},
                    .racks = {{0, "6ES7400", "UR2"}},
                    .details = {detail},
                    .add_ons = {add_on, {}},
                    .origin = Origin::configured,
                    .confidence = Confidence::schema};
  return {.project_name = "Pl\xc3\xa4nt",
          .vendor = "Siemens",
          .engineering_tool_name = "STEP7",
          .engineering_tool_version = "V5.6",
          .tool_confidence = Confidence::declared,
          .exported_at = Time(std::chrono::milliseconds(4'102'444'800'123)),
          .exported_text = "2100-01-01",
          .details = {detail},
          .assets = {asset, {}},
          .warnings = {{"odd", Position::line(7)}, {"odder", Position::offset(1ULL << 40)}}};
}

}  // namespace

TEST_CASE("a project comes out as it went in", "[wall][packing]") {
  const auto project = everything();
  const auto bytes = packed(project);
  auto unpack = unpacking(bytes);
  Project out;
  unpack(out);
  REQUIRE_FALSE(unpack.failed());
  CHECK(out == project);
}

TEST_CASE("a project that is cut anywhere is an error", "[wall][packing]") {
  const auto bytes = packed(everything());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    auto unpack = unpacking(std::string_view(bytes).substr(0, size));
    Project out;
    unpack(out);
    CHECK(unpack.failed());
  }
}

TEST_CASE("what no value can be is an error", "[wall][packing]") {
  std::string text;
  const auto broken_bytes = packed(Raw{"\xff\xfe"});
  auto broken = unpacking(broken_bytes);
  broken(text);
  CHECK(broken.failed());
  CHECK(text.empty());

  const auto endless_bytes = packed(std::uint32_t{0xFFFFFFFF});
  auto endless = unpacking(endless_bytes);
  endless(text);
  CHECK(endless.failed());

  const auto unknown_bytes = packed(std::uint8_t{200});
  auto unknown = unpacking(unknown_bytes);
  Confidence confidence{};
  unknown(confidence);
  CHECK(unknown.failed());
}

TEST_CASE("what would take more memory than it may is an error", "[wall][packing]") {
  const auto bytes = packed(std::vector<Asset>(100));
  std::vector<Asset> assets;
  auto enough = unpacking(bytes, 128 * sizeof(Asset));  // a vector doubles
  enough(assets);
  CHECK_FALSE(enough.failed());
  std::vector<Asset> fewer;
  auto scarce = unpacking(bytes, 128 * sizeof(Asset) - 1);
  scarce(fewer);
  CHECK(scarce.outcome().error().code() == Errc::too_large);
  CHECK(fewer.size() == 64);

  const auto text_bytes = packed(std::string(1000, 'x'));
  std::string text;
  auto short_of_one = unpacking(text_bytes, 999);
  short_of_one(text);
  CHECK(short_of_one.failed());
}

TEST_CASE("an error keeps its code, words, hint and place", "[wall][packing]") {
  const auto error = Error(Errc::too_large, "too deep").at(Position::line(12)).hint("look at it");
  const auto out = unpacked_error(packed_error(error));
  CHECK(out.code() == Errc::too_large);
  CHECK(out.text("a.scd") == error.text("a.scd"));
  CHECK(unpacked_error("rubbish").code() == Errc::malformed);
}

TEST_CASE("a frame of an unknown kind or of great size is none", "[wall][packing]") {
  const FrameHead head{FrameKind::data, FrameHead::kMost};
  const auto bytes = head.bytes();
  const std::string text(bytes.begin(), bytes.end());
  CHECK(FrameHead::from(text).value().size == FrameHead::kMost);
  CHECK_FALSE(FrameHead::from("?" + text.substr(1)));
  CHECK_FALSE(FrameHead::from(text.substr(1)));
  const FrameHead large{FrameKind::data, FrameHead::kMost + 1};
  const auto wide = large.bytes();
  CHECK_FALSE(FrameHead::from({wide.data(), wide.size()}));
}

}  // namespace ot::agent::wall
