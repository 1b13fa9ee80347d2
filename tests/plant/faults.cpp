#include "tests/plant/faults.hpp"

namespace ot::plant {

Delivery Faults::deliver(Wire, std::string_view, Answer answer) {
  return {.frames = std::move(answer.frames),
          .delay = answer.delay,
          .end = answer.closes ? Delivery::End::close : Delivery::End::keep};
}
bool Faults::ends_connection(unsigned) const {
  return false;
}

}  // namespace ot::plant
