#include "protocols/enip/slots.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "protocols/enip/slot_answer.hpp"

namespace ot::protocols::enip {
namespace {

bool is_same(const Identity& a, const Identity& b) {
  return a.serial_number != 0 && a.serial_number == b.serial_number && a.vendor == b.vendor;
}

/// All that two modules without a serial number can be told apart by.
bool is_alike(const Identity& a, const Identity& b) {
  return a.serial_number == 0 && b.serial_number == 0 && a.vendor == b.vendor &&
         a.device_type == b.device_type && a.product_code == b.product_code &&
         a.major_revision == b.major_revision && a.minor_revision == b.minor_revision &&
         a.product_name == b.product_name;
}

}  // namespace

asio::awaitable<void> SlotWalk::run() {
  const auto slots = found_.backplane ? found_.backplane->slots : kSlotsUnlessKnown;
  bool goes_on = true;
  for (slot_ = 0; slot_ < slots && goes_on; ++slot_) {
    if (found_.own_slot == slot_) {
      continue;
    }
    const auto reply = co_await ask(slot_);
    goes_on = reply ? take(*reply) : take_failure(reply.error());
  }
}

/// Asks once more, and only once in the walk, when the device was too busy.
Task<CipReply> SlotWalk::ask(std::uint8_t slot) {
  auto reply = co_await session_.ask(get_identity_of(slot), link::Subject::part);
  const bool asks_again =
      reply.has_value() && !was_busy_ && slot_answer(*reply) == SlotAnswer::busy;
  if (!asks_again) {
    co_return reply;
  }
  was_busy_ = true;
  co_return co_await session_.ask(get_identity_of(slot), link::Subject::part);
}

bool SlotWalk::take(const CipReply& reply) {
  const auto answer = slot_answer(reply);
  mute_in_a_row_ = answer == SlotAnswer::mute ? mute_in_a_row_ : 0;
  switch (answer) {
    case SlotAnswer::module: return take_module(reply);
    case SlotAnswer::empty: return true;
    case SlotAnswer::own: return take_own();
    case SlotAnswer::mute: return take_mute(reply.status_words());
    case SlotAnswer::busy: return stop(Errc::ended, reply.status_words() + " twice", true);
    case SlotAnswer::no_route:
      return stop(Errc::unsupported, reply.status_words(), found_.backplane.has_value());
    case SlotAnswer::odd: break;
  }
  return take_odd(fmt::format("service {:02X} status {}", reply.service, reply.status_words()));
}

/// The router knows its slot better than two answers that are alike.
bool SlotWalk::take_own() {
  if (!found_.own_slot || own_slot_is_inferred_) {
    found_.own_slot = slot_;
    own_slot_is_inferred_ = false;
  }
  return true;
}

bool SlotWalk::take_failure(const Error& error) {
  if (error.code() == Errc::silent) {
    return take_mute("no answer");
  }
  if (error.code() == Errc::malformed && session_.is_alive()) {
    return take_odd(error.message());
  }
  // A status of the encapsulation where there is no chassis is how some devices say so.
  return stop(error.code(), error.message(), error.code() != Errc::unsupported || is_chassis());
}

bool SlotWalk::take_module(const CipReply& reply) {
  ByteReader reader(reply.data);
  auto identity = read_identity(reader);
  if (!identity) {
    return take_odd(identity.error().message());
  }
  // The device itself answers as it did only when it takes the request for its own.
  const bool device = is_same(*found_.device, *identity) || is_alike(*found_.device, *identity);
  if (device || is_repeated(*identity)) {
    return take_repeated(device);
  }
  found_.modules.push_back({slot_, std::move(*identity)});
  return true;
}

/// In a chassis that its backplane vouches for, modules without a serial number may well
/// be alike; elsewhere it is one module, behind a gateway that knows no slots.
bool SlotWalk::is_repeated(const Identity& identity) const {
  const bool alike_is_same = !found_.backplane.has_value();
  return std::ranges::any_of(found_.modules, [&](const Module& m) {
    return is_same(m.identity, identity) || (alike_is_same && is_alike(m.identity, identity));
  });
}

/// The device's own slot answers as the device does; any other that does so, or that
/// answers as an earlier slot, shows that slots are not told apart.
bool SlotWalk::take_repeated(bool is_device) {
  if (is_device && !found_.own_slot) {
    found_.own_slot = slot_;
    own_slot_is_inferred_ = true;
    return true;
  }
  constexpr unsigned kEnough = 2;
  if (++repeats_ < kEnough) {
    return true;
  }
  if (own_slot_is_inferred_) {
    found_.own_slot.reset();
  }
  found_.notes.emplace_back("one module answers for several slots: slots are not told apart");
  return false;
}

/// The module, or the way to it, is dead; each costs the device a second.
bool SlotWalk::take_mute(const std::string& words) {
  constexpr unsigned kEnough = 2;
  found_.whole = false;
  if (++mute_in_a_row_ == kEnough) {
    return stop(Errc::silent, words + ", as before", is_chassis());
  }
  note(words);
  return true;
}

/// In a chassis of known size the next slot may do better.
bool SlotWalk::take_odd(const std::string& words) {
  mute_in_a_row_ = 0;
  found_.whole = false;
  if (!found_.backplane) {
    return stop(Errc::unsupported, words, false);
  }
  note(words);
  return true;
}

bool SlotWalk::stop(Errc code, const std::string& words, bool has_more) {
  if (has_more) {
    found_.incomplete =
        Error(code, fmt::format("slot {}: {}; it and those behind it are not read", slot_, words));
    return false;
  }
  note(words +
       (found_.modules.empty() ? ", so there is no chassis" : ", so the chassis ends here"));
  return false;
}

void SlotWalk::note(const std::string& words) {
  found_.notes.push_back(fmt::format("slot {}: {}", slot_, words));
}

}  // namespace ot::protocols::enip
