#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "parsers/parser.hpp"

namespace ot::parsers::digsi5 {

/// The devices of a project. One that several members describe, by name and
/// product code, becomes one; where they contradict each other, the first
/// stands and a warning says so.
class Devices {
 public:
  void add(Asset device, std::string_view member, Warnings& warnings);

  /// Assets and add-ons so far.
  std::uint64_t records() const { return records_; }

  std::vector<Asset> take();

 private:
  struct Known {
    Asset asset;
    std::string member;  ///< that described it first
  };

  bool merged(Asset& device, std::string_view member, Warnings& warnings);

  std::vector<Known> known_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_name_;
  std::uint64_t records_ = 0;
};

}  // namespace ot::parsers::digsi5
