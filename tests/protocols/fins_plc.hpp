#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/protocols/scripted.hpp"

namespace ot::tests {

/// The text in a field of 20 bytes, filled up with blanks or with what is given.
std::string field20(std::string_view text, char fill = ' ');

/// 05 01 of a CPU with parameter 00: 92 bytes.
std::string cpu_data(std::string_view model, std::string_view version);

/// 05 02: the count octet as it is given, and a unit each.
using Units = std::vector<std::pair<int, std::string>>;
std::string unit_page(int count_octet, const Units& units);

/// A PLC of hand-made bytes behind a Script: says what must be asked next, with
/// the service ids counted on, and what comes back.
class FinsPlc {
 public:
  /// FINS/TCP: the client node is 251 and the server node 200, as a real CP1L allots.
  FinsPlc& allots_nodes();
  /// Another answer to the handshake, or none; what is asked then goes over UDP.
  FinsPlc& answers_handshake(std::string_view hex);
  FinsPlc& fails_handshake(Errc code);

  /// What is expected next: 05 01 00, 05 02, or 05 01 of a bus unit.
  FinsPlc& is_asked_for_cpu();
  FinsPlc& is_asked_for_units(int from);
  FinsPlc& is_asked_for_bus_unit(int unit);

  /// The answer to that.
  FinsPlc& answers(std::string_view data, int end_code = 0);
  FinsPlc& sends(std::string_view bytes);
  FinsPlc& fails(Errc code);

  /// The same, both at once.
  FinsPlc& cpu(std::string_view model, std::string_view version);
  FinsPlc& units(int from, int count_octet, const Units& units);
  FinsPlc& bus_unit(int unit, std::string_view model, std::string_view version);

  /// A frame as it comes back: FINS alone, or behind the FINS/TCP header.
  std::string response(std::string_view data, int end_code) const;
  std::string wrapped(std::string_view fins_frame) const;

  Script& script() { return script_; }
  Result<protocols::Observation> run();

 private:
  FinsPlc& expect(int unit, std::string command);

  Script script_;
  bool tcp_ = false;
  int sid_ = 0;
  int unit_ = 0;
  std::string command_;
};

}  // namespace ot::tests
