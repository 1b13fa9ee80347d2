#include "tests/agent/bundle/capture.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <tuple>

#include "base/bytes.hpp"
#include "base/ipv4.hpp"

namespace ot::tests {
namespace {

namespace link = protocols::link;
using Event = link::LedgerEntry::Event;
using link::Wire;

constexpr std::uint32_t kPcap = 0xA1B2C3D4;
constexpr std::uint32_t kPcapNext = 0x0A0D0D0A;
constexpr std::uint16_t kEthernet = 1;
constexpr std::uint16_t kBareIp = 228;

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

template <class Value>
Value need(const Result<Value>& value) {
  if (!value) {
    throw std::runtime_error("the capture is cut off: " + value.error().message());
  }
  return *value;
}

/// The IP packet in a frame; empty when it is none.
std::string_view ip_in(std::string_view frame, std::uint32_t link_type) {
  constexpr std::size_t kEthernetHeader = 14;
  if (link_type == kBareIp) {
    return frame;
  }
  const bool is_ip =
      frame.size() > kEthernetHeader && frame.substr(12, 2) == std::string_view("\x08\0", 2);
  return link_type == kEthernet && is_ip ? frame.substr(kEthernetHeader) : std::string_view();
}

std::string address_in(std::string_view bytes) {
  return Ipv4{need(ByteReader(bytes).u32_be())}.text();
}

std::optional<Packet> packet_in(std::string_view ip) {
  constexpr std::uint8_t kTcp = 6;
  constexpr std::uint8_t kUdp = 17;
  constexpr std::size_t kLeast = 28;
  if (ip.size() < kLeast || (ip[0] & 0xF0) != 0x40) {
    return std::nullopt;
  }
  const auto total = need(ByteReader(ip.substr(2)).u16_be());
  ip = total == 0 ? ip : ip.substr(0, total);
  const auto protocol = static_cast<std::uint8_t>(ip[9]);
  const auto header = static_cast<std::size_t>(ip[0] & 0x0F) * 4;
  Packet packet;
  packet.is_tcp = protocol == kTcp;
  packet.source = address_in(ip.substr(12));
  packet.destination = address_in(ip.substr(16));
  const auto segment = ip.substr(header);
  ByteReader reader(segment);
  packet.source_port = need(reader.u16_be());
  packet.destination_port = need(reader.u16_be());
  packet.sequence = need(reader.u32_be());
  constexpr std::size_t kUdpHeader = 8;
  const auto data =
      packet.is_tcp ? static_cast<std::size_t>(static_cast<std::uint8_t>(segment.at(12)) >> 4) * 4
                    : kUdpHeader;
  packet.payload = segment.substr(std::min(data, segment.size()));
  return protocol == kTcp || protocol == kUdp ? std::optional(packet) : std::nullopt;
}

struct Record {
  std::uint64_t microseconds = 0;
  std::string_view frame;
};

std::vector<Record> pcap_records(std::string_view data, std::uint32_t& link_type) {
  ByteReader reader(data);
  need(reader.bytes(20));
  link_type = need(reader.u32_le());
  std::vector<Record> records;
  while (!reader.at_end()) {
    const std::uint64_t seconds = need(reader.u32_le());
    const auto fraction = need(reader.u32_le());
    const auto size = need(reader.u32_le());
    need(reader.u32_le());
    records.push_back({seconds * 1'000'000 + fraction, need(reader.bytes(size))});
  }
  return records;
}

/// Enhanced packet blocks alone: those that are written today.
std::vector<Record> pcapng_records(std::string_view data, std::uint32_t& link_type) {
  constexpr std::uint32_t kInterface = 1;
  constexpr std::uint32_t kPacket = 6;
  ByteReader reader(data);
  std::vector<Record> records;
  while (!reader.at_end()) {
    const auto type = need(reader.u32_le());
    const auto size = need(reader.u32_le());
    constexpr std::uint32_t kAround = 12;
    ByteReader block(need(reader.bytes(size - std::min(size, kAround))));
    need(reader.u32_le());
    if (type == kInterface) {
      link_type = need(block.u16_le());
    } else if (type == kPacket) {
      need(block.u32_le());  // of which interface
      const std::uint64_t high = need(block.u32_le());
      const std::uint64_t low = need(block.u32_le());
      const auto captured = need(block.u32_le());
      need(block.u32_le());
      records.push_back({high << 32 | low, need(block.bytes(captured))});
    }
  }
  return records;
}

enum class Protocol : std::uint8_t { fins, enip, modbus, s7, none };

Protocol protocol_of(std::uint16_t port) {
  switch (port) {
    case 9600: return Protocol::fins;
    case 44818: return Protocol::enip;
    case 502: return Protocol::modbus;
    case 102: return Protocol::s7;
    default: return Protocol::none;
  }
}

/// A ledger has no wire for what no probe speaks: such a stream is told by its frames.
Wire wire_of(Protocol protocol, bool is_tcp) {
  switch (protocol) {
    case Protocol::fins: return is_tcp ? Wire::fins_tcp : Wire::fins_udp;
    case Protocol::enip: return is_tcp ? Wire::enip_tcp : Wire::enip_udp;
    default: return Wire::modbus_tcp;
  }
}

/// How long the frame at the head is; nothing while that is not known. UMAS makes Modbus frames
/// that are longer than Modbus allows.
std::optional<std::size_t> frame_size(Protocol protocol, std::string_view stream) {
  constexpr std::size_t kTpkt = 4;
  constexpr std::size_t kMbapLengthEnd = 6;
  if (protocol == Protocol::s7) {
    return stream.size() < kTpkt
               ? std::nullopt
               : std::optional<std::size_t>(need(ByteReader(stream.substr(2)).u16_be()));
  }
  if (protocol == Protocol::modbus) {
    return stream.size() < kMbapLengthEnd
               ? std::nullopt
               : std::optional(kMbapLengthEnd + need(ByteReader(stream.substr(4)).u16_be()));
  }
  return stream.empty() ? std::nullopt : need(link::frame_size(wire_of(protocol, true), stream));
}

/// One direction of a TCP connection.
struct Stream {
  std::optional<std::uint32_t> next;  ///< sequence number
  std::string bytes;

  /// What was sent again is there already.
  void take(const Packet& packet) {
    const bool is_known = next && static_cast<std::int32_t>(packet.sequence - *next) < 0;
    if (!packet.payload.empty() && !is_known) {
      bytes += packet.payload;
      next = packet.sequence + static_cast<std::uint32_t>(packet.payload.size());
    }
  }
};

class LedgerMaker {
 public:
  void add(const Packet& packet);
  std::vector<link::LedgerEntry> take() { return std::move(entries_); }

 private:
  void note(const Packet& packet, std::string frame);

  using Flow = std::tuple<std::string, std::uint16_t, std::string, std::uint16_t>;
  std::map<Flow, Stream> streams_;
  std::map<Flow, bool> connected_;
  std::vector<link::LedgerEntry> entries_;
};

void LedgerMaker::note(const Packet& packet, std::string frame) {
  const auto asked = protocol_of(packet.destination_port);
  const auto protocol = asked == Protocol::none ? protocol_of(packet.source_port) : asked;
  // A response of FINS that goes the way of the commands is made up for a dissector.
  const auto wire = wire_of(protocol, packet.is_tcp);
  constexpr char kResponse = 0x40;
  const bool is_response = wire == Wire::fins_udp && (frame.at(0) & kResponse) != 0;
  const bool is_request = asked != Protocol::none && !is_response;
  link::LedgerEntry entry;
  entry.at = packet.at;
  entry.wire = wire;
  entry.target = asked != Protocol::none
                     ? packet.destination + ":" + std::to_string(packet.destination_port)
                     : packet.source + ":" + std::to_string(packet.source_port);
  const Flow flow(packet.source, packet.source_port, packet.destination, packet.destination_port);
  if (is_request && !std::exchange(connected_[flow], true)) {
    entry.event = Event::connect;
    entries_.push_back(entry);
    entry.event = Event::connected;
    entries_.push_back(entry);
  }
  entry.event = is_request ? Event::sent : Event::received;
  entry.stray = is_response && asked != Protocol::none;
  entry.bytes = std::move(frame);
  entries_.push_back(std::move(entry));
}

void LedgerMaker::add(const Packet& packet) {
  const auto asked = protocol_of(packet.destination_port);
  const auto protocol = asked == Protocol::none ? protocol_of(packet.source_port) : asked;
  if (protocol == Protocol::none || packet.payload.empty()) {
    return;
  }
  if (!packet.is_tcp) {
    note(packet, packet.payload);
    return;
  }
  auto& stream =
      streams_[{packet.source, packet.source_port, packet.destination, packet.destination_port}];
  stream.take(packet);
  for (auto size = frame_size(protocol, stream.bytes); size && *size <= stream.bytes.size();
       size = frame_size(protocol, stream.bytes)) {
    note(packet, stream.bytes.substr(0, *size));
    stream.bytes.erase(0, *size);
  }
}

}  // namespace

std::map<std::uint32_t, Packet> packets_in(const std::filesystem::path& path) {
  const auto data = content_of(path);
  const auto magic = need(ByteReader(data).u32_le());
  std::uint32_t link_type = 0;
  if (magic != kPcap && magic != kPcapNext) {
    throw std::runtime_error(path.string() + " is no capture");
  }
  const auto records =
      magic == kPcap ? pcap_records(data, link_type) : pcapng_records(data, link_type);
  std::map<std::uint32_t, Packet> packets;
  for (std::uint32_t number = 1; number <= records.size(); ++number) {
    const auto& record = records[number - 1];
    auto packet = packet_in(ip_in(record.frame, link_type));
    if (packet) {
      packet->at = Time(std::chrono::milliseconds(record.microseconds / 1000));
      packets.emplace(number, std::move(*packet));
    }
  }
  return packets;
}

std::vector<link::LedgerEntry> ledger_of(const std::map<std::uint32_t, Packet>& packets) {
  LedgerMaker maker;
  for (const auto& [number, packet] : packets) {
    maker.add(packet);
  }
  return maker.take();
}

std::vector<link::LedgerEntry> exchange_entries(const std::string& target, Wire wire, Time at,
                                                std::string request, std::string answer) {
  link::LedgerEntry entry;
  entry.at = at;
  entry.target = target;
  entry.wire = wire;
  entry.event = Event::sent;
  entry.bytes = std::move(request);
  std::vector<link::LedgerEntry> entries = {entry};
  entry.bytes = std::move(answer);
  entry.event = entry.bytes.empty() ? Event::unanswered : Event::received;
  entry.error = entry.bytes.empty() ? std::optional(Errc::silent) : std::nullopt;
  entries.push_back(std::move(entry));
  return entries;
}

}  // namespace ot::tests
