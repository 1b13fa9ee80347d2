#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ipv4.hpp"
#include "base/result.hpp"

namespace ot::agent {

/// An address or a serial device to ask.
struct TargetHost {
  Ipv4 address;
  std::vector<std::uint16_t> ports;  ///< 0: each protocol's own
  std::string device;
  bool named = false;    ///< by itself, not as one of a range
  std::size_t turn = 0;  ///< how many were asked before it, by Targets::next()

  bool is_serial() const { return !device.empty(); }
  std::string text() const { return is_serial() ? device : address.text(); }
};

/// The system's own look-up of a host's name (hosts file, DNS).
Result<Ipv4> look_up(std::string_view name);

/// Whom to ask: every address once, however often and in whatever form it was named.
class Targets {
 public:
  /// So many addresses at a time, as a /16 has.
  static constexpr std::uint64_t kMost = 65'536;

  using Resolve = Result<Ipv4> (*)(std::string_view name);
  explicit Targets(Resolve resolve = look_up) : resolve_(resolve) {}

  /// "10.0.0.5", "10.0.0.5:9600", "10.0.0.5-20", "10.0.0.0/24" (without the
  /// network's own and its broadcast address), a host name, "/dev/ttyUSB0".
  /// Errors: wrong_use, also when it makes too many.
  Result<void> add(std::string_view text);

  /// Sorts what was added; call it before the rest.
  void settle();

  /// The first in turn is this one (as its text()), or the address behind it; those before it
  /// come last. Nothing changes if there is no such target.
  void begin_with(std::string_view target);

  std::size_t size() const { return hosts_; }
  bool names_port() const { return names_port_; }
  bool has_serial() const { return !devices_.empty(); }

  /// The next target in turn: at first the order of the addresses, serial lines behind them; false
  /// at the end.
  bool next(TargetHost& host);

 private:
  struct Place {
    Ipv4 address;
    std::uint16_t port = 0;
    bool in_range = false;  ///< not named by itself

    auto operator<=>(const Place&) const = default;  // NOLINT: no literal 0 in it
  };

  Result<void> add_range(Ipv4Range range, std::uint16_t port);
  Result<void> add_host(std::string_view text);
  std::size_t items() const { return places_.size() + devices_.size(); }
  std::size_t item_at(std::size_t passed) const { return (begin_ + passed) % items(); }

  Resolve resolve_;
  std::vector<Place> places_;
  std::vector<std::string> devices_;
  std::size_t hosts_ = 0;
  std::size_t begin_ = 0;   ///< among the places and, behind them, the devices
  std::size_t passed_ = 0;  ///< so many of those from there on
  std::size_t taken_ = 0;
  bool names_port_ = false;
};

/// Targets that ended alike.
struct TargetList {
  std::vector<Ipv4> addresses;
  std::vector<std::string> devices;

  void add(const TargetHost& target);
  void sort();
  std::size_t size() const { return addresses.size() + devices.size(); }
};

/// "10.0.0.1-10.0.0.9, 10.0.0.12": sorted addresses, neighbours drawn together.
std::string ranges_text(const std::vector<Ipv4>& addresses, std::size_t most);

/// The same, and the devices behind it.
std::string list_text(const TargetList& list, std::size_t most);

}  // namespace ot::agent
