#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "protocols/link/wire.hpp"

namespace ot::protocols::link {

/// What the frame asks, in a few words ("FINS 0502 CONNECTION DATA READ from unit
/// address 16"), or `forbidden` when its function, down to the innermost service,
/// is not on the list of what may be sent: everything that is not known to only
/// read the identification of a device.
Result<std::string> allowed(Wire wire, std::string_view frame);

/// A frame that may be sent. There is no other way to make one than build().
class Frame {
 public:
  static Result<Frame> build(Wire wire, std::string bytes);

  Wire wire() const { return wire_; }
  const std::string& bytes() const { return bytes_; }
  const std::string& meaning() const { return meaning_; }

 private:
  Frame(Wire wire, std::string bytes, std::string meaning)
      : wire_(wire), bytes_(std::move(bytes)), meaning_(std::move(meaning)) {}

  Wire wire_;
  std::string bytes_;
  std::string meaning_;
};

/// Whether it opens a session. That is said once: a FINS unit drops the connection on a second
/// node address frame, and a second session is one too many.
bool opens_session(const Frame& frame);

}  // namespace ot::protocols::link
