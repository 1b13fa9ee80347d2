#include "protocols/fins/conversation.hpp"

#include <fmt/format.h>

namespace ot::protocols::fins {
namespace {

using link::Frame;
using link::Request;
using link::Subject;
using link::Wire;

constexpr std::uint8_t kUnitsAPage = 25;  // the most that 05 02 gives (W342, page 192)

/// Without an answer to the first request, or with the answer that there is no
/// room, datagrams may still get through: they take no connection.
bool may_take_datagrams(const Error& error) {
  return error.code() == Errc::refused || error.code() == Errc::unreachable ||
         error.code() == Errc::silent;
}

/// Why no datagram may go out, or nothing. "Node address = host number" is the rule of
/// the units' own conversion. Another number would redirect what the PLC sends to the
/// node that has it, and the PLC's own would make it take us for itself.
std::string objection_to_udp(Ipv4 own, Ipv4 target) {
  const auto node = own.last_octet();
  if (node < kFirstNode || node > kLastNode) {
    return fmt::format("not asked: our address {} gives no FINS node (1 to 254)", own.text());
  }
  if (target.number != 0 && target.last_octet() == node) {
    return fmt::format("not asked: our address {} gives the FINS node of {} itself, {}", own.text(),
                       target.text(), node);
  }
  return {};
}

Result<Request> handshake() {
  auto frame = Frame::build(Wire::fins_tcp, node_address_request());
  if (!frame) {
    return fail(std::move(frame).error());
  }
  return Request(std::move(*frame), is_node_address_answer);
}

}  // namespace

Task<Reply> Conversation::begin() {
  auto way = co_await connect();
  if (!way) {
    co_return fail(std::move(way).error());
  }
  way_ = *way;
  if (way_ == Way::udp) {
    // Where nothing is learnt, the reader wants to know of both.
    co_await dialogue_.close();
    auto reply = co_await begin_over_udp();
    if (!reply) {
      co_return fail(std::move(reply).error().during(detour_ + "; FINS/UDP"));
    }
    co_return reply;
  }
  auto asked = question(Command::controller_data_read, kCpu);
  asked.parameters.assign(1, '\0');  // 00: model to memory areas
  auto reply = co_await ask(std::move(asked), Subject::target);
  co_return reply;
}

Task<Conversation::Way> Conversation::connect() {
  auto first = handshake();
  if (!first) {
    co_return fail(std::move(first).error());
  }
  auto answer = co_await dialogue_.open(std::move(*first));
  if (!answer && may_take_datagrams(answer.error())) {
    detour_ = "FINS/TCP: " + answer.error().message();
    co_return Way::udp;
  }
  if (!answer) {
    co_return fail(std::move(answer).error());
  }
  const auto frame = parse_tcp(*answer);
  if (!frame) {
    co_return fail(frame.error());
  }
  if (is_full(frame->error)) {
    detour_ = describe_tcp_error(frame->error);
    co_return Way::udp;
  }
  if (frame->error != 0 || frame->command == TcpCommand::error_notification) {
    auto why = "the PLC takes no connection of ours: " + describe_tcp_error(frame->error);
    if (is_rejection(frame->error)) {
      co_return fail(dialogue_.distress(std::move(why)));
    }
    co_return fail(Errc::refused, std::move(why));
  }
  const auto nodes = parse_nodes(frame->body);
  if (!nodes) {
    co_return fail(nodes.error());
  }
  node_ = nodes->server;
  own_node_ = nodes->client;
  co_return Way::tcp;
}

Task<Reply> Conversation::begin_over_udp() {
  const auto own = dialogue_.own_address();
  if (!own) {
    co_return fail(own.error());
  }
  own_node_ = own->last_octet();
  if (auto why = objection_to_udp(*own, dialogue_.target_address()); !why.empty()) {
    co_return fail(Errc::unsupported, std::move(why));
  }
  auto asked = question(Command::controller_data_read, kCpu);
  asked.parameters.assign(1, '\0');
  auto first = request(asked, Subject::target);
  if (!first) {
    co_return fail(std::move(first).error());
  }
  auto answer = co_await dialogue_.open(std::move(*first));
  if (!answer) {
    co_return fail(std::move(answer).error());
  }
  auto reply = judge(*answer);
  shares_node_ = reply && reply->node == own_node_;
  co_return reply;
}

Task<Reply> Conversation::units_from(std::uint8_t address) {
  auto asked = question(Command::connection_data_read, kCpu);
  asked.parameters += static_cast<char>(address);
  asked.parameters += static_cast<char>(kUnitsAPage);
  auto reply = co_await ask(std::move(asked), Subject::target);
  co_return reply;
}

Task<Reply> Conversation::bus_unit(std::uint8_t address) {
  // Without parameters: bus units refuse any (W420, CONTROLLER DATA READ).
  auto asked = question(Command::controller_data_read, address);
  auto reply = co_await ask(std::move(asked), Subject::part);
  co_return reply;
}

Task<Reply> Conversation::ask(Question question, Subject subject) {
  if (shares_node_) {
    co_return fail(
        Errc::forbidden,
        fmt::format("asked no further: the PLC has our own node address, {}", own_node_));
  }
  auto made = request(question, subject);
  if (!made) {
    co_return fail(std::move(made).error());
  }
  auto answer = co_await dialogue_.ask(std::move(*made));
  if (!answer) {
    co_return fail(std::move(answer).error());
  }
  co_return judge(*answer);
}

Result<Request> Conversation::request(const Question& question, Subject subject) const {
  const auto fins = command_frame(question);
  const bool over_tcp = way_ == Way::tcp;
  auto frame =
      over_tcp ? Frame::build(Wire::fins_tcp, in_tcp(fins)) : Frame::build(Wire::fins_udp, fins);
  if (!frame) {
    return fail(std::move(frame).error());
  }
  auto accepts = [question, over_tcp](std::string_view received) {
    return over_tcp ? is_tcp_answer(question, received) : is_answer(question, received);
  };
  return Request(std::move(*frame), std::move(accepts), subject);
}

Question Conversation::question(Command command, std::uint8_t unit) {
  Question asked;
  asked.command = command;
  asked.unit = unit;
  asked.node = node_;
  asked.own_node = own_node_;
  asked.service_id = ++last_service_id_;
  return asked;
}

Result<Reply> Conversation::judge(const std::string& received) {
  std::string_view fins = received;
  if (way_ == Way::tcp) {
    const auto frame = parse_tcp(received);
    if (!frame) {
      return fail(frame.error());
    }
    if (frame->command == TcpCommand::error_notification) {
      auto why = "the PLC ended the connection: " + describe_tcp_error(frame->error);
      return fail(is_full(frame->error) ? dialogue_.distress(std::move(why))
                                        : Error(Errc::closed, std::move(why)));
    }
    fins = frame->body;
  }
  auto reply = parse_reply(fins);
  constexpr int kTooOften = 2;
  if (reply && reply->end_code.is_busy() && ++busy_ == kTooOften) {
    return fail(dialogue_.distress("the PLC is busy: " + describe_failure(*reply)));
  }
  return reply;
}

}  // namespace ot::protocols::fins
