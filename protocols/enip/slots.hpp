#pragma once

#include "protocols/enip/findings.hpp"
#include "protocols/enip/session.hpp"

namespace ot::protocols::enip {

/// Without the backplane's own word: the largest chassis of the 1756 series.
constexpr std::uint8_t kSlotsUnlessKnown = 17;

/// Asks the modules of the device's chassis who they are, one slot after another, and
/// stops as soon as the answers show that there is no chassis or nothing to be had.
class SlotWalk {
 public:
  SlotWalk(Session& session, Findings& found) : session_(session), found_(found) {}

  asio::awaitable<void> run();

 private:
  Task<CipReply> ask(std::uint8_t slot);

  // Each takes an answer in, and gives whether the next slot is to be asked.
  bool take(const CipReply& reply);
  bool take_failure(const Error& error);
  bool take_own();
  bool take_module(const CipReply& reply);
  bool is_repeated(const Identity& identity) const;
  bool take_repeated(bool is_device);
  bool take_mute(const std::string& words);
  bool take_odd(const std::string& words);

  /// The end of the walk: incomplete where there is more to be had, else a note.
  bool stop(Errc code, const std::string& words, bool has_more);

  void note(const std::string& words);
  bool is_chassis() const { return found_.backplane || !found_.modules.empty(); }

  Session& session_;
  Findings& found_;
  std::uint8_t slot_ = 0;
  unsigned mute_in_a_row_ = 0;
  unsigned repeats_ = 0;
  bool was_busy_ = false;
  bool own_slot_is_inferred_ = false;
};

}  // namespace ot::protocols::enip
