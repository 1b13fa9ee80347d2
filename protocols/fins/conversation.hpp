#pragma once

#include <cstdint>
#include <string>

#include "protocols/fins/codec.hpp"
#include "protocols/link/dialogue.hpp"

namespace ot::protocols::fins {

/// The way to one PLC, over TCP or over UDP, and the three questions put to it.
///
/// TCP comes first: with an automatically allotted node address it leaves nothing
/// behind in the PLC, while a unit that gets a FINS/UDP command may write our
/// address into its node table (W465, 5-2-2).
class Conversation {
 public:
  explicit Conversation(link::Dialogue& dialogue) : dialogue_(dialogue) {}

  /// Connects and asks the CPU for its model and version.
  Task<Reply> begin();

  /// Asks the CPU which units there are, from this unit address on.
  Task<Reply> units_from(std::uint8_t address);

  /// Asks a CPU bus unit for its model and version.
  Task<Reply> bus_unit(std::uint8_t address);

  /// Why UDP had to be taken: empty over TCP.
  const std::string& detour() const { return detour_; }

 private:
  enum class Way : std::uint8_t { tcp, udp };

  Task<Way> connect();
  Task<Reply> begin_over_udp();
  Task<Reply> ask(Question question, link::Subject subject);

  Result<link::Request> request(const Question& question, link::Subject subject) const;
  Question question(Command command, std::uint8_t unit);
  Result<Reply> judge(const std::string& received);

  link::Dialogue& dialogue_;
  Way way_ = Way::tcp;
  std::uint8_t node_ = kThisNode;
  std::uint8_t own_node_ = 0;
  std::uint8_t last_service_id_ = 0;
  bool shares_node_ = false;  ///< the PLC has our own node address
  int busy_ = 0;              ///< how often it said so
  std::string detour_;
};

}  // namespace ot::protocols::fins
