#pragma once

#include <optional>
#include <string>

#include "protocols/link/dialogue.hpp"
#include "protocols/modbus/codec.hpp"

namespace ot::protocols::modbus {

/// Answers with a list of objects that are read of a unit: seven public objects
/// and up to 128 private ones, a few in each.
constexpr std::uint32_t kMostPages = 16;

/// What is known of one unit id.
struct Unit {
  enum class State : std::uint8_t {
    silent,      ///< it gave no answer at all
    absent,      ///< a gateway says that nobody is there
    present,     ///< it answers, but does not say what it is
    identified,  ///< it named itself
  };

  State state = State::silent;
  std::uint8_t conformity_level = 0;
  Objects objects;
  std::optional<ServerId> server_id;
  std::optional<Exception> refused;  ///< the last exception to a function of ours
  std::string note;                  ///< what was odd, in words
  std::optional<Error> broke;        ///< why the conversation ended while it was read

  bool answers() const { return state == State::present || state == State::identified; }

  /// Whether both may be the same device: they say the same of themselves.
  bool says_the_same(const Unit& other) const {
    return state == other.state && objects == other.objects &&
           (server_id ? server_id->data : "") == (other.server_id ? other.server_id->data : "");
  }
};

/// Asks unit ids one after the other over one connection.
class UnitReader {
 public:
  UnitReader(link::Dialogue& dialogue, link::Wire wire) : dialogue_(dialogue), envelope_(wire) {}

  /// Errors: all that end the conversation before the unit said anything; a
  /// silent unit is none.
  Task<Unit> read(std::uint8_t unit, link::Subject subject);

 private:
  /// The PDU of the answer, or nothing when there was none.
  using Answer = std::optional<std::string>;

  Task<Answer> exchange(std::uint8_t unit, std::string pdu, link::Subject subject);
  Task<Answer> exchange_patiently(std::uint8_t unit, std::string pdu, link::Subject subject);
  Task<Unit> identify(std::uint8_t unit, ReadCode code);
  Task<void> read_pages(std::uint8_t unit, ReadCode code, Unit& found, IdentificationPage page);
  Task<void> read_server_id(std::uint8_t unit, link::Subject subject, Unit& found);
  Result<void> count_signs(std::string_view pdu);

  link::Dialogue& dialogue_;
  Envelope envelope_;
  bool is_open_ = false;
  std::uint32_t busy_ = 0;     ///< exceptions 06
  std::uint32_t no_path_ = 0;  ///< exceptions 0A
};

}  // namespace ot::protocols::modbus
