#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include "protocols/link/frame.hpp"

namespace ot::protocols::link {

/// Whom a silence tells of: the target, or one unit id, slot or bus unit, which
/// may just be empty.
/// `function`: one that the device may not know; its silence tells of nobody.
enum class Subject : std::uint8_t { target, part, function };

/// A question, and how its answer is known among what else may come in.
class Request {
 public:
  using Accepts = std::function<bool(std::string_view frame)>;

  /// `accepts`: whether a received frame is the answer. Other frames (late ones,
  /// of another transaction) are dropped, and the waiting goes on.
  Request(Frame frame, Accepts accepts, Subject subject = Subject::target)
      : frame_(std::move(frame)), accepts_(std::move(accepts)), subject_(subject) {}

  const Frame& frame() const { return frame_; }
  bool accepts(std::string_view received) const { return accepts_(received); }
  Subject subject() const { return subject_; }

 private:
  Frame frame_;
  Accepts accepts_;
  Subject subject_;
};

}  // namespace ot::protocols::link
