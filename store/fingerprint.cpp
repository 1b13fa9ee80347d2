#include "store/fingerprint.hpp"

#include <optional>
#include <string>

#include "store/facts.hpp"

namespace ot::store {
namespace {

/// FNV-1a, with an end mark after each text so that "ab","c" is not "a","bc".
class Hash {
 public:
  void add(std::string_view text) {
    for (const char c : text) {
      add_byte(static_cast<unsigned char>(c));
    }
    add_byte(0xff);
  }
  void add(const std::optional<std::uint32_t>& number) {
    add(number ? std::to_string(*number) : std::string());
  }
  /// The last step of splitmix64: sums of plain FNV values would cancel out.
  std::uint64_t finish() const {
    std::uint64_t mixed = (value_ ^ (value_ >> 30)) * 0xbf58476d1ce4e5b9ull;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebull;
    return mixed ^ (mixed >> 31);
  }

 private:
  void add_byte(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3ull; }

  std::uint64_t value_ = 0xcbf29ce484222325ull;
};

}  // namespace

Fingerprint::Fingerprint(std::string_view facts) {
  Hash hash;
  hash.add(facts);
  sum_ = hash.finish();
}

Fingerprint::Fingerprint(const Project& project) {
  Hash hash;
  for (const std::string* text :
       {&project.project_name, &project.vendor, &project.engineering_tool_name,
        &project.engineering_tool_version, &project.exported_text}) {
    hash.add(*text);
  }
  hash.add(static_cast<std::uint32_t>(project.tool_confidence));
  hash.add(project.exported_at ? std::to_string(project.exported_at->time_since_epoch().count())
                               : std::string());
  hash.add(details_text(project.details));
  hash.add(warnings_text(project.warnings));
  sum_ = hash.finish();
}

void Fingerprint::add(const Fingerprint& part) {
  // Hashed again: else an add-on that moves from one asset to another is not seen.
  Hash hash;
  hash.add(std::to_string(part.sum_));
  sum_ += hash.finish();
}

void Fingerprint::add(const AddOn& add_on) {
  Hash hash;
  for (const std::string* text :
       {&add_on.name, &add_on.type_id, &add_on.bus, &add_on.unit_address, &add_on.order_id,
        &add_on.serial_number, &add_on.firmware_version, &add_on.io_addresses,
        &add_on.hardware.vendor, &add_on.hardware.model, &add_on.hardware.product_name}) {
    hash.add(*text);
  }
  for (const auto& number : {add_on.slave_address, add_on.rack, add_on.slot, add_on.subslot}) {
    hash.add(number);
  }
  hash.add(static_cast<std::uint32_t>(add_on.hardware.category));
  hash.add(static_cast<std::uint32_t>(add_on.origin));
  hash.add(static_cast<std::uint32_t>(add_on.confidence));
  sum_ += hash.finish();
}

Fingerprint fingerprint_of(const Asset& record, std::string_view facts) {
  Fingerprint fingerprint(facts);
  for (const AddOn& add_on : record.add_ons) {
    fingerprint.add(add_on);
  }
  return fingerprint;
}

Fingerprint fingerprint_of(const Project& project) {
  Fingerprint fingerprint(project);
  for (const Asset& record : project.assets) {
    fingerprint.add(fingerprint_of(record, facts_text(record)));
  }
  return fingerprint;
}

}  // namespace ot::store
