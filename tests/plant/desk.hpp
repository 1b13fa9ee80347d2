#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/plant/place.hpp"
#include "tests/plant/scene_reader.hpp"
#include "tests/protocols/scripted.hpp"

namespace ot::plant {

/// A scene without sockets: its first place, asked in hex.
class Desk {
 public:
  explicit Desk(std::string_view toml)
      : scene_(read_scene(toml).value()), places_(places_of(scene_, log_)) {}

  Place& place(std::size_t number = 0) { return *places_.at(number); }

  /// One more connection.
  std::unique_ptr<Conversation> connected(std::size_t number = 0) {
    return place(number).service->connected();
  }
  std::unique_ptr<Conversation> datagrams() { return place().service->datagrams(); }

  /// The frames of the answer, as they would go out.
  Delivery deliver(Conversation& talk, Wire wire, std::string_view request) {
    const std::string bytes = tests::from_hex(request);
    return place().faults.deliver(wire, bytes, talk.answer(bytes));
  }

 private:
  Scene scene_;
  Log log_;
  std::vector<std::unique_ptr<Place>> places_;
};

/// What a conversation answers: its frames in hex behind each other; empty for silence.
inline std::string ask(Conversation& talk, std::string_view request) {
  std::string all;
  for (const std::string& frame : talk.answer(tests::from_hex(request)).frames) {
    all += to_hex(frame);
  }
  return all;
}

inline bool is_forbidden(Conversation& talk, std::string_view request) {
  return talk.answer(tests::from_hex(request)).forbidden;
}

}  // namespace ot::plant
