#include "protocols/fins/survey.hpp"

namespace ot::protocols::fins {
namespace {

/// 05 02 gives 25 units a page, and there are 225 addresses at most: a PLC that
/// takes more pages than this gives one unit at a time, or does not end.
constexpr int kMostPages = 32;

Task<void> list_units(Conversation& plc, Survey& survey) {
  for (int page = 0; page < kMostPages; ++page) {
    auto reply = co_await plc.units_from(survey.next_unit());
    if (!reply) {
      co_return fail(std::move(reply).error());
    }
    if (survey.take_units(*reply) == Survey::Next::done) {
      co_return Result<void>();
    }
  }
  survey.end_units_early("it takes too many pages");
  co_return Result<void>();
}

Task<void> ask_bus_units(Conversation& plc, Survey& survey) {
  for (const auto address : survey.bus_units()) {
    auto reply = co_await plc.bus_unit(address);
    if (reply) {
      survey.take_bus_unit(address, *reply);
    } else if (reply.error().code() == Errc::silent) {
      survey.note_silent_bus_unit(address);
    } else {
      co_return fail(std::move(reply).error());
    }
  }
  co_return Result<void>();
}

/// Gives the reason when it ends before all was asked.
Task<void> ask_all(Conversation& plc, Survey& survey) {
  auto cpu = co_await plc.begin();
  if (!plc.detour().empty()) {
    survey.note(plc.detour() + "; asked over UDP");
  }
  if (!cpu) {
    co_return fail(std::move(cpu).error());
  }
  survey.take_cpu(*cpu);
  if (survey.is_safety_controller()) {
    co_return Result<void>();
  }
  auto listed = co_await list_units(plc, survey);
  if (!listed || survey.is_safety_controller()) {
    co_return listed;
  }
  auto asked = co_await ask_bus_units(plc, survey);
  co_return asked;
}

Task<Observation> run(link::Dialogue& dialogue, ProbeOptions) {
  Conversation plc(dialogue);
  Survey survey;
  auto asked = co_await ask_all(plc, survey);
  co_await dialogue.close();
  std::optional<Error> why;
  if (!asked) {
    why = std::move(asked).error();
  }
  co_return survey.finish(std::move(why));
}

std::vector<PlannedRequest> plan(const ProbeOptions&) {
  constexpr std::string_view kCpuData = "05 01 CPU UNIT DATA READ from the CPU";
  constexpr std::string_view kUnits = "05 02 CONNECTION DATA READ, a page of 25 units each";
  constexpr std::string_view kBusUnit = "05 01 CONTROLLER DATA READ from a CPU bus unit each";
  constexpr std::uint32_t kBusUnits = kLastBusUnit - kFirstBusUnit + 1;
  return {{"tcp", "FINS/TCP node address, allotted automatically", 1},
          {"tcp", kCpuData, 1},
          {"tcp", kUnits, kMostPages},
          {"tcp", kBusUnit, kBusUnits},
          {"udp", kCpuData, 1},
          {"udp", kUnits, kMostPages},
          {"udp", kBusUnit, kBusUnits}};
}

}  // namespace

extern const Probe module;
const Probe module{.name = "fins",
                   .title = "OMRON FINS (TCP and UDP)",
                   .port = 9600,
                   .speaks_serial = false,
                   .run = run,
                   .plan = plan};

}  // namespace ot::protocols::fins
