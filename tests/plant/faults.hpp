#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/plant/scene.hpp"
#include "tests/plant/service.hpp"

namespace ot::plant {

/// What goes out for one request, and how.
struct Delivery {
  enum class End : std::uint8_t { keep, close, reset };

  std::vector<std::string> frames;
  std::chrono::milliseconds delay{0};
  bool bytewise = false;
  bool endless = false;  ///< the last frame again and again
  End end = End::keep;
};

/// The faults of one host at one of its protocols, and how far they have come.
class Faults {
 public:
  Faults() = default;
  explicit Faults(std::vector<Fault> faults) : faults_(std::move(faults)) {}

  /// What becomes of an answer.
  Delivery deliver(Wire wire, std::string_view request, Answer answer);

  /// Whether a connection ends that has been served so many requests.
  bool ends_connection(unsigned served) const;

 private:
  bool is_on(const Fault& fault) const;

  std::vector<Fault> faults_;
  unsigned requests_ = 0;
};

}  // namespace ot::plant
