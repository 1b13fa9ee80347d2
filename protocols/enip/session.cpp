#include "protocols/enip/session.hpp"

#include "protocols/enip/encapsulation.hpp"
#include "protocols/enip/status.hpp"

namespace ot::protocols::enip {
namespace {

using link::Frame;
using link::Request;
using link::Subject;
using link::Wire;

Result<Request> request(Wire wire, const std::string& bytes, Subject subject = Subject::target) {
  auto frame = Frame::build(wire, bytes);
  if (!frame) {
    return fail(std::move(frame).error());
  }
  auto accepts = [bytes](std::string_view received) { return is_answer(bytes, received); };
  return Request(std::move(*frame), std::move(accepts), subject);
}

Encapsulation header_of(std::string_view frame) {
  return parse_encapsulation(frame).value_or(Encapsulation());
}

}  // namespace

/// The frame, when its header says that all went well.
Result<std::string> Session::checked(std::string frame) {
  const auto reply = parse_encapsulation(frame);
  if (!reply) {
    return fail(reply.error());
  }
  if (reply->status == 0) {
    return frame;
  }
  auto why = "EtherNet/IP status " + encapsulation_status_text(reply->status);
  constexpr std::uint32_t kOutOfMemory = 0x0002;
  if (reply->status == kOutOfMemory) {
    is_alive_ = false;
    return fail(dialogue_.distress(std::move(why)));
  }
  return fail(Errc::unsupported, std::move(why));
}

Task<std::string> Session::exchange(Over over, Request request) {
  auto task = over == Over::new_connection ? dialogue_.open(std::move(request))
                                           : dialogue_.ask(std::move(request));
  auto frame = co_await std::move(task);
  is_alive_ = frame.has_value() || frame.error().code() == Errc::silent;
  if (!frame) {
    co_return fail(std::move(frame).error());
  }
  co_return checked(std::move(*frame));
}

Task<Identity> Session::ask_identity(Wire wire) {
  const auto asked =
      request(wire, wire == Wire::enip_udp ? list_identity_over_udp() : list_identity());
  if (!asked) {
    co_return fail(asked.error());
  }
  const auto frame = co_await exchange(Over::new_connection, *asked);
  if (!frame) {
    co_return fail(frame.error());
  }
  co_return parse_list_identity(header_of(*frame).body);
}

Task<void> Session::begin() {
  const auto asked = request(Wire::enip_tcp, register_session());
  if (!asked) {
    co_return fail(asked.error());
  }
  const auto frame = co_await exchange(Over::open_connection, *asked);
  if (!frame) {
    co_return fail(frame.error());
  }
  handle_ = header_of(*frame).session;
  if (handle_ == 0) {
    co_return fail(Errc::unsupported, "the device registered session 0, which is none");
  }
  co_return Result<void>();
}

Task<CipReply> Session::ask(std::string message, Subject subject) {
  ++context_;
  const auto asked = request(Wire::enip_tcp, send_rr_data(handle_, context_, message), subject);
  if (!asked) {
    co_return fail(asked.error());
  }
  const auto frame = co_await exchange(Over::open_connection, *asked);
  if (!frame) {
    co_return fail(frame.error());
  }
  const auto cip = parse_rr_data(header_of(*frame).body);
  if (!cip) {
    co_return fail(cip.error());
  }
  co_return parse_cip_reply(*cip);
}

asio::awaitable<void> Session::end() {
  auto goodbye = Frame::build(Wire::enip_tcp, unregister_session(handle_));
  if (is_alive_ && handle_ != 0 && goodbye) {
    // Unheard, it costs nothing: the connection ends anyway.
    (void)co_await dialogue_.tell(std::move(*goodbye));
  }
  handle_ = 0;
  is_alive_ = false;
  co_await dialogue_.close();
}

}  // namespace ot::protocols::enip
