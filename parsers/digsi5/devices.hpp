#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "parsers/parser.hpp"

namespace ot::parsers::digsi5 {

/// The devices of a project. One that several members describe, by name and
/// product code, becomes one; where they contradict each other, the first
/// stands and a warning says so. Less sure sources add to the sure ones.
class Devices {
 public:
  void add(Asset device, std::string_view member, Warnings& warnings);

  /// For a source that is less sure than the others: the device waits until all
  /// of those are known.
  void add_last(Asset device, std::string_view member);

  /// Assets and add-ons so far.
  std::uint64_t records() const { return records_; }

  std::vector<Asset> take(Warnings& warnings);

 private:
  struct Known {
    Asset asset;
    std::string member;  ///< that described it first
  };

  using Index = std::unordered_map<std::string, std::vector<std::size_t>>;

  void place(Asset device, std::string_view member, Warnings& warnings);
  bool merged(Asset& device, std::string_view member, Warnings& warnings);
  std::vector<std::size_t> namesakes(const Asset& device) const;

  std::vector<Known> known_;
  std::vector<Known> last_;
  Index by_name_;
  Index by_digsi_name_;  ///< which may differ from the name of the IED
  std::uint64_t records_ = 0;
};

}  // namespace ot::parsers::digsi5
