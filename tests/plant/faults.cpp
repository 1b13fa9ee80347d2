#include "tests/plant/faults.hpp"

#include <algorithm>

#include "tests/plant/spoiler.hpp"

namespace ot::plant {
namespace {

/// The same for each run of a scene.
std::string garbage(std::uint32_t seed) {
  constexpr std::size_t kSize = 64;
  std::uint32_t state = seed * 2654435761u + 1;
  std::string bytes;
  while (bytes.size() < kSize) {
    state ^= state << 13u;
    state ^= state >> 17u;
    state ^= state << 5u;
    bytes += static_cast<char>(state & 0xFFu);
  }
  return bytes;
}

/// In front of each frame one for somebody else.
std::vector<std::string> with_foreign_ones(const Spoiler& spoiler,
                                           const std::vector<std::string>& frames) {
  std::vector<std::string> all;
  for (const std::string& frame : frames) {
    if (auto foreign = spoiler.foreign(frame)) {
      all.push_back(std::move(*foreign));
    }
    all.push_back(frame);
  }
  return all;
}

/// What the fault makes of the content.
void spoil(const Fault& fault, const Spoiler& spoiler, unsigned seed, Delivery& delivery) {
  for (std::string& frame : delivery.frames) {
    if (frame.empty()) {
      continue;  // cut off to nothing
    }
    switch (fault.kind) {
      case FaultKind::garbage: frame = garbage(seed); break;
      case FaultKind::endless: frame = spoiler.foreign(frame).value_or(frame); break;
      case FaultKind::huge_length: frame = spoiler.huge_length(std::move(frame)); break;
      case FaultKind::lying_count: frame = spoiler.lying_count(std::move(frame)); break;
      case FaultKind::cut: frame.resize(std::min<std::size_t>(frame.size(), fault.bytes)); break;
      case FaultKind::bad_crc: frame.back() = static_cast<char>(frame.back() ^ 0xFF); break;
      default: return;
    }
  }
}

/// What it makes of the way out.
void hinder(const Fault& fault, Wire wire, Delivery& delivery) {
  const bool is_udp = wire == Wire::fins_udp || wire == Wire::enip_udp;
  switch (fault.kind) {
    case FaultKind::silence: delivery.frames.clear(); break;
    case FaultKind::drop:
      if (is_udp) {
        delivery.frames.clear();
      }
      break;
    case FaultKind::slow: delivery.delay += std::chrono::milliseconds(fault.ms); break;
    case FaultKind::bytewise: delivery.bytewise = true; break;
    case FaultKind::endless: delivery.endless = true; break;
    case FaultKind::cut:
      delivery.frames.resize(std::min<std::size_t>(delivery.frames.size(), 1));
      delivery.end = Delivery::End::close;
      break;
    case FaultKind::reset:
      delivery.frames.clear();
      delivery.end = Delivery::End::reset;
      break;
    default: break;
  }
}

Delivery delivery_of(Answer answer) {
  return {.frames = std::move(answer.frames),
          .delay = answer.delay,
          .end = answer.closes ? Delivery::End::close : Delivery::End::keep};
}

}  // namespace

bool Faults::is_on(const Fault& fault) const {
  const bool is_begun = requests_ > fault.after;
  return is_begun && (!fault.times || requests_ <= fault.after + *fault.times);
}

Delivery Faults::deliver(Wire wire, std::string_view request, Answer answer) {
  ++requests_;
  const Spoiler& spoiler = spoiler_of(wire);
  Delivery delivery = delivery_of(std::move(answer));
  for (const Fault& fault : faults_) {
    if (!is_on(fault)) {
      continue;
    }
    if (auto refused = fault.kind == FaultKind::busy ? spoiler.busy(request) : std::nullopt) {
      delivery = delivery_of(std::move(*refused));
    }
    if (fault.kind == FaultKind::wrong_id) {
      delivery.frames = with_foreign_ones(spoiler, delivery.frames);
    }
    spoil(fault, spoiler, requests_, delivery);
    hinder(fault, wire, delivery);
  }
  return delivery;
}

bool Faults::ends_connection(unsigned served) const {
  return std::any_of(faults_.begin(), faults_.end(), [served](const Fault& fault) {
    return fault.kind == FaultKind::closes && served >= fault.after;
  });
}

}  // namespace ot::plant
