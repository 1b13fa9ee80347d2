#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace ot {

enum class Errc {
  io,           ///< the operating system said no
  not_found,    ///< a file, asset or row that is not there
  malformed,    ///< content that breaks its own format
  unsupported,  ///< well-formed, but a kind that is not read
  too_large,    ///< a limit on size, depth, count or time was reached
  encrypted,    ///< content that only its owner can read
  changed,      ///< a file that changed while it was read
  corrupt,      ///< our own store is damaged
  wrong_use,    ///< the caller asked for something that does not exist
  cancelled,    ///< the user stopped it
  refused,      ///< a device took no connection
  unreachable,  ///< no connection came about in time
  silent,       ///< a device gave no answer in time
  closed,       ///< a device ended the connection
  forbidden,    ///< a frame or a target that must not be sent or touched
  ended,        ///< a device is asked nothing more in this run
};

/// Where in a file something was found: a line (from 1) of a text, an offset of a binary.
struct Position {
  enum class Unit : std::uint8_t { none, line, offset };

  Unit unit = Unit::none;
  std::uint64_t value = 0;

  static Position line(std::uint64_t number) { return {Unit::line, number}; }
  static Position offset(std::uint64_t bytes) { return {Unit::offset, bytes}; }

  bool operator==(const Position&) const = default;
};

/// "plant.scd:214", "panel.dz5: offset 0x1f4", or just the name.
std::string located(std::string_view name, Position at);

/// What went wrong, in words an operator can act on. It has a constructor on
/// purpose: GCC 12 destroys aggregate temporaries of a co_await expression twice.
class [[nodiscard]] Error {
 public:
  Error(Errc code, std::string message) : code_(code), message_(std::move(message)) {}

  Errc code() const { return code_; }
  const std::string& message() const { return message_; }
  const std::string& hint() const { return hint_; }
  Position position() const { return position_; }

  Error during(std::string_view step) && {
    message_ = std::string(step) + ": " + message_;
    return std::move(*this);
  }
  Error at(Position position) && {
    position_ = position;
    return std::move(*this);
  }
  /// What the reader can do about it, as a sentence of its own.
  Error hint(std::string text) && {
    hint_ = std::move(text);
    return std::move(*this);
  }

  /// One line: place, message, hint.
  std::string text(std::string_view name = {}) const;

 private:
  Errc code_;
  std::string message_;
  std::string hint_;
  Position position_;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Errc code, std::string message) {
  return tl::unexpected<Error>(Error(code, std::move(message)));
}
inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

/// The error of the last system call, in its own words.
Error system_error(int number, std::string_view action);

}  // namespace ot
