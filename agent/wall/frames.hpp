#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ot::agent::wall {

// What parent and child say to each other over a pair of sockets. The parent sends requests, each
// with the descriptor of one file; the child answers with frames.

/// The descriptor that the child finds its socket at.
inline constexpr int kChannel = 3;

/// The first byte of a frame; the size of what follows is in the next four, as they lie in memory.
enum class FrameKind : char {
  hello = 'h',      ///< shut in, and ready: the Confinement
  data = 'd',       ///< a piece of the answer
  end = 'e',        ///< there is no more of it
  failure = 'f',    ///< it ends with an Error
  forbidden = 'x',  ///< a system call that may not be made, by its number; the child is gone then
};

struct FrameHead {
  FrameKind kind = FrameKind::end;
  std::uint32_t size = 0;

  static constexpr std::size_t kSize = 5;
  static constexpr std::uint32_t kMost = 64U << 10;

  std::array<char, kSize> bytes() const;
  /// Errors: malformed.
  static Result<FrameHead> from(std::string_view bytes);
};

/// What a child is asked to do with a file.
struct Request {
  std::string task;  ///< by its name
  std::string name;  ///< of the file, for messages and for parsers that look at it
  std::uint64_t size = 0;
  std::string arguments;  ///< packed, as the task has them
};

/// Errors: io.
Result<void> send_request(int channel, const Request& request, int file);

struct ReceivedRequest {
  Request request;
  int file = -1;
};
/// Blocks. Without a value once the parent is gone, or does not keep to the form.
Result<ReceivedRequest> receive_request(int channel);

/// Blocks until all is written. Errors: io.
Result<void> send_frame(int channel, FrameKind kind, std::string_view content);

}  // namespace ot::agent::wall
