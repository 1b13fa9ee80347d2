#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocols/link/ledger.hpp"

namespace ot::tests {

/// A TCP segment or UDP datagram over IPv4.
struct Packet {
  Time at;
  bool is_tcp = false;
  std::string source;  ///< "10.0.0.5"
  std::string destination;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint32_t sequence = 0;
  std::string payload;
};

/// The packets of a capture (pcap or pcapng, little endian; Ethernet or bare IP) by their numbers
/// from 1. What is none of the two is left out. Throws std::runtime_error for what it can't read.
std::map<std::uint32_t, Packet> packets_in(const std::filesystem::path& path);

/// The entries of a ledger that would have been written by who asked: a request each with the
/// frames that came behind it. Servers are known by their ports.
std::vector<protocols::link::LedgerEntry> ledger_of(const std::map<std::uint32_t, Packet>& packets);

/// A request and its answer (empty: none) as entries of a ledger.
std::vector<protocols::link::LedgerEntry> exchange_entries(const std::string& target,
                                                           protocols::link::Wire wire, Time at,
                                                           std::string request, std::string answer);

}  // namespace ot::tests
