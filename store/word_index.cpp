#include "store/word_index.hpp"

#include <array>
#include <optional>
#include <string>
#include <unordered_set>

#include <fmt/format.h>

#include "base/records.hpp"
#include "store/query/match.hpp"
#include "store/query/words.hpp"

namespace ot::store {
namespace {

/// The texts of one column: each value once.
class Words {
 public:
  void add(std::string_view value) {
    if (value.empty() || value == last_) {
      return;
    }
    last_ = value;
    std::string folded = query::fold(value);
    if (seen_.contains(folded)) {
      return;
    }
    text_ += text_.empty() ? std::string(query::kAnyValue) + ' ' : std::string();
    text_ += query::indexed(folded);
    seen_.insert(std::move(folded));
  }
  void add_order_number(std::string_view value) { add(query::without_blanks(value)); }

  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::string last_;  ///< neighbours repeat it
  std::unordered_set<std::string> seen_;
};

constexpr std::size_t kOfAsset = 11;
constexpr std::size_t kOfAddOns = 9;
constexpr std::size_t kOrderNumber = 8;

/// In the order of the columns of asset_words.
using Document = std::array<std::string, kOfAsset + kOfAddOns>;

struct AddOnWords {
  Words unit_address, slave_address, order_id, serial_number, category, vendor, model, product_name,
      firmware_version;

  void take(Query& query) {
    unit_address.add(query.view());
    const auto slave = query.optional_number();
    slave_address.add(slave ? slave_address_text(*slave) : std::string());
    order_id.add_order_number(query.view());
    serial_number.add(query.view());
    category.add(to_string(query.code<Category>()));
    vendor.add(query.view());
    model.add(query.view());
    product_name.add(query.view());
    firmware_version.add(query.view());
  }

  void put(Document& document) const {
    std::size_t column = kOfAsset;
    for (const Words* words : {&unit_address, &slave_address, &order_id, &serial_number, &category,
                               &vendor, &model, &product_name, &firmware_version}) {
      document[column++] = words->text();
    }
  }
};

/// What the index must hold of the asset; nothing if the list doesn't show it.
Result<std::optional<Document>> document_of(Database& database, AssetId asset) {
  Document document;
  FileId source = 0;
  {
    Query query(database,
                "SELECT shown_file, name, station, address, mac, vendor, model, product_name,"
                " category, order_id, serial_number, firmware_version FROM assets"
                " WHERE asset_id = ? AND shown_file IS NOT NULL",
                asset);
    if (!query.next()) {
      STORE_TRY(query.end());
      return std::nullopt;
    }
    source = query.integer();
    for (std::size_t column = 0; column < kOfAsset; ++column) {
      Words words;
      column == kOrderNumber ? words.add_order_number(query.view()) : words.add(query.view());
      document[column] = words.text();
    }
    STORE_TRY(query.end());
  }
  Query query(database,
              "SELECT unit_address, slave_address, order_id, serial_number, category, vendor,"
              " model, product_name, firmware_version FROM add_ons"
              " WHERE file_id = ? AND asset_id = ?",
              source, asset);
  AddOnWords words;
  while (query.next()) {
    words.take(query);
  }
  STORE_TRY(query.end());
  words.put(document);
  return document;
}

Result<void> index_one(Database& database, AssetId asset) {
  const auto document = document_of(database, asset);
  if (!document) {
    return fail(document.error());
  }
  if (!*document) {
    return run(database, "DELETE FROM asset_words WHERE rowid = ?", asset);
  }
  Query query(database,
              "REPLACE INTO asset_words(rowid, name, station, address, mac, vendor, model,"
              " product_name, category, order_id, serial_number, firmware_version,"
              " add_on_unit_address, add_on_slave_address, add_on_order_id, add_on_serial_number,"
              " add_on_category, add_on_vendor, add_on_model, add_on_product_name,"
              " add_on_firmware_version)"
              " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  query.borrow(asset);
  for (const std::string& column : **document) {
    query.borrow(column);
  }
  query.next();
  return query.end();
}

Result<std::vector<AssetId>> ids(Query& query) {
  std::vector<AssetId> all;
  while (query.next()) {
    all.push_back(query.integer());
  }
  STORE_TRY(query.end());
  return all;
}

Result<void> index_each(Database& database, const std::vector<AssetId>& assets) {
  for (const AssetId asset : assets) {
    STORE_TRY(index_one(database, asset));
  }
  return {};
}

Result<bool> is_current(Database& database) {
  const auto version = integer_from(database, "SELECT value FROM meta WHERE name = 'words'");
  return version ? Result<bool>(*version == query::word_version()) : fail(version.error());
}

Result<void> index_all(Database& database) {
  STORE_TRY(run(database, "DELETE FROM asset_words"));
  STORE_TRY(run(database, "DELETE FROM words_due"));
  Query query(database,
              "SELECT asset_id FROM assets WHERE shown_file IS NOT NULL ORDER BY asset_id");
  const auto assets = ids(query);
  if (!assets) {
    return fail(assets.error());
  }
  STORE_TRY(index_each(database, *assets));
  return run(database, "INSERT OR REPLACE INTO meta VALUES('words', ?)", query::word_version());
}

Result<bool> has_words(Database& database, AssetId asset) {
  const auto document = document_of(database, asset);
  if (!document) {
    return fail(document.error());
  }
  Query query(database,
              "SELECT name, station, address, mac, vendor, model, product_name, category,"
              " order_id, serial_number, firmware_version, add_on_unit_address,"
              " add_on_slave_address, add_on_order_id, add_on_serial_number, add_on_category,"
              " add_on_vendor, add_on_model, add_on_product_name, add_on_firmware_version"
              " FROM asset_words WHERE rowid = ?",
              asset);
  const bool found = query.next();
  bool same = found == document->has_value();
  for (std::size_t column = 0; found && same && column < (**document).size(); ++column) {
    same = query.view() == (**document)[column];
  }
  STORE_TRY(query.end());
  return same;
}

}  // namespace

Result<void> index_due(Database& database) {
  Query query(database, "SELECT asset_id FROM words_due ORDER BY asset_id");
  const auto due = ids(query);
  if (!due || due->empty()) {
    return due ? Result<void>{} : fail(due.error());
  }
  STORE_TRY(index_each(database, *due));
  return run(database, "DELETE FROM words_due");
}

Result<void> index_all_if_due(Database& database) {
  const auto current = is_current(database);
  if (!current || *current) {
    return current ? Result<void>{} : fail(current.error());
  }
  STORE_TRY(run(database, "BEGIN IMMEDIATE"));
  auto done = index_all(database);
  if (done) {
    done = run(database, "COMMIT");
  }
  if (!done) {
    // What went wrong first is what the caller must hear.
    static_cast<void>(run(database, "ROLLBACK"));
    return fail(std::move(done).error().during("index the assets"));
  }
  return {};
}

Result<void> require_words(Database& database) {
  const auto current = is_current(database);
  if (!current || *current) {
    return current ? Result<void>{} : fail(current.error());
  }
  return fail(Error(Errc::unsupported,
                    fmt::format("store \"{}\": its index of words was made by another rackscout or "
                                "system, and reading can't renew it",
                                database.path()))
                  .hint("ingest into it once, as its owner"));
}

Result<std::vector<AssetId>> check_words(Database& database) {
  Query query(database,
              "SELECT asset_id FROM assets WHERE shown_file IS NOT NULL"
              " UNION SELECT rowid FROM asset_words ORDER BY 1");
  const auto assets = ids(query);
  if (!assets) {
    return fail(assets.error());
  }
  std::vector<AssetId> wrong;
  for (const AssetId asset : *assets) {
    const auto right = has_words(database, asset);
    if (!right) {
      return fail(right.error());
    }
    if (!*right) {
      wrong.push_back(asset);
    }
  }
  if (!database.is_read_only()) {
    STORE_TRY(run(database, "INSERT INTO asset_words(asset_words) VALUES('integrity-check')"));
  }
  return wrong;
}

}  // namespace ot::store
