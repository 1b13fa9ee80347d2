#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/plant/scene.hpp"

namespace ot::plant {

/// W342, 3-1: a FINS frame's header.
struct FinsHeader {
  static constexpr std::size_t kSize = 10;

  std::uint8_t icf = 0x80;
  std::uint8_t gct = 0x02;
  std::uint8_t dna = 0;
  std::uint8_t da1 = 0;
  std::uint8_t da2 = 0;
  std::uint8_t sna = 0;
  std::uint8_t sa1 = 0;
  std::uint8_t sa2 = 0;
  std::uint8_t sid = 0;

  bool is_response() const { return (icf & 0x40u) != 0; }
  bool wants_no_response() const { return (icf & 0x01u) != 0; }
};

/// An OMRON rack behind its network unit: what it answers to a FINS frame.
class FinsRack {
 public:
  FinsRack(const FinsDevice& device, Ipv4 address);

  std::uint8_t node() const { return node_; }

  /// The reply, to the node `client` where that was allotted and not 0; empty
  /// where no reply is due.
  std::string reply_to(std::string_view frame, std::uint8_t client) const;

 private:
  struct Reply {
    std::uint16_t end_code = 0;
    std::string data;
  };

  Reply command(std::uint8_t unit, std::uint16_t code, std::string_view parameters) const;
  Reply cpu_command(std::uint16_t code, std::string_view parameters) const;
  Reply unit_command(const FinsUnit& unit, std::uint16_t code, std::string_view parameters) const;
  Reply cpu_unit_data_read(std::string_view parameters) const;
  Reply connection_data_read(std::string_view parameters) const;
  const FinsUnit* unit_at(std::uint8_t address) const;
  std::string cpu_model_to_area() const;
  std::string bus_unit_configuration() const;

  const FinsDevice& device_;
  std::uint8_t node_;
};

/// Whether only commands that read the identification are in the frame.
bool fins_is_harmless(std::string_view frame);

}  // namespace ot::plant
