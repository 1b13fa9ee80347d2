#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "store/query/filter.hpp"
#include "store/query/syntax.hpp"
#include "store/query/vocabulary.hpp"
#include "store/store.hpp"

namespace {

using ot::store::Page;
using ot::store::Store;
using ot::store::query::Filter;
using ot::store::query::Vocabulary;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

const ot::Time kNow = *ot::parse_iso8601("2024-03-31T12:30:00.500Z");

ot::store::Observation device() {
  ot::Asset record;
  record.name = "Kiln 1";
  record.order_id = "6ES7412-3HJ14-0AB0";
  record.hardware = {
      .vendor = "Omron", .model = "CJ2M-CPU33", .product_name = "", .category = ot::Category::plc};
  record.interfaces.resize(1);
  record.interfaces[0].address = "10.0.0.1";
  record.add_ons.resize(2);
  record.add_ons[0].unit_address = "18";
  record.add_ons[1].slot = 4;
  return {.protocol = "fins",
          .target = "10.0.0.1:9600",
          .place = {},
          .at = kNow,
          .record = record,
          .chassis_serial = ""};
}

/// A store of one asset, whose files are gone from the disk already.
Store make_store() {
  std::string folder = (std::filesystem::temp_directory_path() / "fuzz-query-XXXXXX").string();
  require(::mkdtemp(folder.data()) != nullptr);
  auto store = Store::open(folder + "/s.db", ot::store::Mode::read_write);
  require(store.has_value() && store->observe(device()).has_value() && store->commit().has_value());
  std::filesystem::remove_all(folder);
  return std::move(*store);
}

Store& store() {
  static Store kept = make_store();
  return kept;
}

/// What was read means the same when it is printed and read again.
void check_printed(const Filter& filter, const Vocabulary& vocabulary) {
  const std::string text = filter.text();
  const auto again = ot::store::query::parse(text, vocabulary, kNow);
  // Printed it may be longer, or deeper by a level, than a filter may be.
  require(again ? *again == filter
                : text.size() > ot::store::query::kMostBytes ||
                      again.error().message().find("nested") != std::string::npos);
}

void check_run(const Filter& filter, bool files) {
  Page page;
  page.filter = filter;
  const auto count = files ? store().count_files(page) : store().count_assets(page);
  require(count.has_value() && *count >= 0 && *count <= 1);
}

void check(std::string_view text, const Vocabulary& vocabulary, bool files) {
  const auto filter = ot::store::query::parse(text, vocabulary, kNow);
  if (!filter) {
    const auto& error = filter.error();
    require(!error.message().empty() && error.position().value <= text.size());
    require(ot::is_utf8(error.message()) && error.message().size() < 1024);
    return;
  }
  check_printed(*filter, vocabulary);
  check_run(*filter, files);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(text, ot::store::query::file_vocabulary(), true);
  check(text, ot::store::query::asset_vocabulary(), false);
  return 0;
}
