#include "protocols/enip/findings.hpp"
#include "protocols/enip/session.hpp"
#include "protocols/enip/slots.hpp"
#include "protocols/enip/tables.hpp"
#include "protocols/probe.hpp"

namespace ot::protocols::enip {
namespace {

using link::Subject;
using link::Wire;

constexpr std::uint8_t kResourceUnavailable = 0x02;

/// A refusal ends nothing where ListIdentity has told the same, unless it is for want of
/// resources.
Task<void> ask_device(Session& session, Findings& found) {
  const auto reply = co_await session.ask(get_identity(), Subject::target);
  if (!reply) {
    co_return fail(reply.error());
  }
  if (!reply->succeeded()) {
    auto words = "status " + reply->status_words();
    if (!found.device || reply->status == kResourceUnavailable) {
      co_return fail(Errc::unsupported, std::move(words));
    }
    found.notes.push_back("Identity: " + words + "; ListIdentity's is taken");
    co_return Result<void>();
  }
  ByteReader reader(reply->data);
  auto identity = read_identity(reader);
  if (!identity) {
    co_return fail(std::move(identity).error());
  }
  found.device = std::move(*identity);
  co_return Result<void>();
}

/// What an answer says of the chassis; nothing, too, from a device that has none.
std::optional<Backplane> backplane_in(const CipReply& reply, Findings& found) {
  if (!reply.succeeded()) {
    return std::nullopt;
  }
  const auto backplane = parse_backplane(reply.data);
  if (!backplane) {
    found.notes.push_back("backplane: " + backplane.error().message());
    return std::nullopt;
  }
  return *backplane;
}

/// The class is of the range that each vendor fills otherwise.
Task<void> ask_backplane(Session& session, Findings& found) {
  if (found.device->vendor != kRockwell) {
    co_return Result<void>();
  }
  const auto reply = co_await session.ask(get_backplane(), Subject::target);
  if (!reply) {
    co_return fail(reply.error());
  }
  if (reply->status == kResourceUnavailable) {
    co_return fail(Errc::ended, "status " + reply->status_words());
  }
  found.backplane = backplane_in(*reply, found);
  if (found.backplane) {
    found.own_slot = found.backplane->own_slot;
  }
  co_return Result<void>();
}

/// One datagram tells what the device is; a chassis can't be read that way.
asio::awaitable<void> identify_over_udp(Session& session, Findings& found, Error refused) {
  auto listed = co_await session.ask_identity(Wire::enip_udp);
  if (listed) {
    found.device = std::move(*listed);
    found.whole = false;
    found.incomplete = std::move(refused).during("only ListIdentity over UDP; TCP");
    co_return;
  }
  auto step = "TCP: " + refused.message() + "; UDP";
  found.incomplete = std::move(listed).error().during(step);
}

bool is_safety(const Findings& found) {
  return found.device && !safety_text(*found.device).empty();
}

/// Everything behind RegisterSession.
asio::awaitable<void> ask_in_session(Session& session, Findings& found) {
  auto asked = co_await ask_device(session, found);
  if (!asked) {
    found.incomplete = std::move(asked).error().during("Identity");
    co_return;
  }
  found.whole = true;
  // The links of an OMRON backplane are no slots: FINS tells what is plugged in.
  if (is_safety(found) || found.device->vendor == kOmron) {
    co_return;
  }
  auto backplane = co_await ask_backplane(session, found);
  if (!backplane) {
    found.incomplete = std::move(backplane).error().during("backplane");
    co_return;
  }
  SlotWalk walk(session, found);
  co_await walk.run();
}

asio::awaitable<void> converse(Session& session, Findings& found) {
  auto listed = co_await session.ask_identity(Wire::enip_tcp);
  if (listed) {
    found.device = std::move(*listed);
    found.whole = false;  // until it answers in a session as well
  } else if (listed.error().code() == Errc::refused) {
    co_await identify_over_udp(session, found, std::move(listed).error());
    co_return;
  } else if (session.is_alive()) {
    found.notes.push_back("ListIdentity: " + listed.error().message());
  } else {
    found.incomplete = std::move(listed).error().during("ListIdentity");
    co_return;
  }
  if (is_safety(found)) {
    co_return;
  }
  auto begun = co_await session.begin();
  if (!begun) {
    found.incomplete = std::move(begun).error().during("RegisterSession");
    co_return;
  }
  co_await ask_in_session(session, found);
}

Task<Observation> run(link::Dialogue& dialogue, ProbeOptions /*options*/) {
  Session session(dialogue);
  Findings found;
  co_await converse(session, found);
  co_await session.end();
  if (!found.device) {
    co_return fail(std::move(*found.incomplete));
  }
  co_return observation_of(std::move(found));
}

std::vector<PlannedRequest> plan(const ProbeOptions& /*options*/) {
  constexpr std::uint32_t kAskedAgainWhenBusy = 1;
  return {
      {"tcp", "0063 ListIdentity"},
      {"udp", "0063 ListIdentity, where TCP is refused; then nothing else"},
      {"tcp", "0065 RegisterSession"},
      {"tcp", "CIP 01 Get_Attributes_All of the Identity"},
      {"tcp", "CIP 01 Get_Attributes_All of the backplane (class 66), of Rockwell devices"},
      {"tcp", "CIP 01 Get_Attributes_All of the Identity in a slot each, by 52 Unconnected_Send",
       kMostSlots + kAskedAgainWhenBusy},
      {"tcp", "0066 UnRegisterSession"},
  };
}

}  // namespace

extern const Probe module;
const Probe module{.name = "enip",
                   .title = "EtherNet/IP (TCP and UDP)",
                   .port = 44818,
                   .speaks_serial = false,
                   .run = run,
                   .plan = plan};

}  // namespace ot::protocols::enip
