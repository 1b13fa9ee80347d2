#include "agent/wall/frames.hpp"

#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <unistd.h>

#include "agent/wall/packing.hpp"

namespace ot::agent::wall {
namespace {

constexpr std::uint32_t kLongestRequest = 64U << 10;

bool is_kind(char byte) {
  return std::string_view("hdefx").find(byte) != std::string_view::npos;
}

/// MSG_NOSIGNAL: a parent or a child that is gone is an error, no reason to end. MSG_DONTWAIT: so
/// is a child that does not take what it is sent.
Result<void> write_all(int channel, std::string_view bytes, int flags = 0) {
  while (!bytes.empty()) {
    const auto sent = ::send(channel, bytes.data(), bytes.size(), MSG_NOSIGNAL | flags);
    if (sent < 0 && errno != EINTR) {
      return fail(system_error(errno, "write to the other process"));
    }
    bytes.remove_prefix(sent < 0 ? 0 : static_cast<std::size_t>(sent));
  }
  return {};
}

Result<void> read_all(int channel, char* into, std::size_t size) {
  while (size > 0) {
    const auto got = ::recv(channel, into, size, 0);
    if (got == 0) {
      return fail(Errc::closed, "the other process is gone");
    }
    if (got < 0 && errno != EINTR) {
      return fail(system_error(errno, "read from the other process"));
    }
    const auto count = got < 0 ? 0 : static_cast<std::size_t>(got);
    into += count;
    size -= count;
  }
  return {};
}

/// Room for the one descriptor that comes with a message.
union Control {
  cmsghdr header;
  std::array<char, CMSG_SPACE(sizeof(int))> bytes;
};

/// The size of a request, and the descriptor that comes with its first byte.
Result<std::uint32_t> receive_size(int channel, int& file) {
  std::uint32_t size = 0;
  iovec part{&size, sizeof size};
  Control control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = &control;
  message.msg_controllen = sizeof control;
  ssize_t got = 0;
  do {
    got = ::recvmsg(channel, &message, MSG_WAITALL | MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got != sizeof size) {
    return fail(Errc::closed, "the other process is gone");
  }
  const auto* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS || size > kLongestRequest) {
    return fail(Errc::malformed, "a request without a file");
  }
  std::memcpy(&file, CMSG_DATA(header), sizeof file);
  return size;
}

}  // namespace

std::array<char, FrameHead::kSize> FrameHead::bytes() const {
  std::array<char, kSize> out{static_cast<char>(kind)};
  std::memcpy(out.data() + 1, &size, sizeof size);
  return out;
}

Result<FrameHead> FrameHead::from(std::string_view bytes) {
  FrameHead head;
  if (bytes.size() != kSize || !is_kind(bytes[0])) {
    return fail(Errc::malformed, "what the reading child sent is damaged");
  }
  head.kind = static_cast<FrameKind>(bytes[0]);
  std::memcpy(&head.size, bytes.data() + 1, sizeof head.size);
  if (head.size > kMost) {
    return fail(Errc::malformed, "what the reading child sent is damaged");
  }
  return head;
}

Result<void> send_request(int channel, const Request& request, int file) {
  const auto content =
      packed(request.task, Raw{request.name}, request.size, Raw{request.arguments});
  auto size = static_cast<std::uint32_t>(content.size());
  if (size > kLongestRequest) {
    return fail(Errc::too_large, "a request of too great length");
  }
  iovec part{&size, sizeof size};
  Control control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = &control;
  message.msg_controllen = sizeof control;
  auto* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof file);
  std::memcpy(CMSG_DATA(header), &file, sizeof file);
  ssize_t sent = 0;
  do {
    sent = ::sendmsg(channel, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  if (sent != sizeof size) {
    return fail(system_error(errno, "hand a file to the reading child"));
  }
  return write_all(channel, content, MSG_DONTWAIT);
}

Result<ReceivedRequest> receive_request(int channel) {
  ReceivedRequest received;
  const auto size = receive_size(channel, received.file);
  if (!size) {
    return fail(size.error());
  }
  std::string content(*size, '\0');
  if (auto got = read_all(channel, content.data(), content.size()); !got) {
    return fail(std::move(got).error());
  }
  auto unpack = unpacking(content);
  auto& request = received.request;
  Raw name;
  Raw arguments;
  unpack(request.task, name, request.size, arguments);
  request.name = std::move(name.bytes);
  request.arguments = std::move(arguments.bytes);
  if (auto done = unpack.outcome(); !done) {
    return fail(std::move(done).error());
  }
  return received;
}

Result<void> send_frame(int channel, FrameKind kind, std::string_view content) {
  const auto head = FrameHead{kind, static_cast<std::uint32_t>(content.size())}.bytes();
  if (auto sent = write_all(channel, {head.data(), head.size()}); !sent) {
    return sent;
  }
  return write_all(channel, content);
}

}  // namespace ot::agent::wall
