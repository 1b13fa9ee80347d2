#include "protocols/modbus/unit.hpp"

#include <fmt/format.h>

namespace ot::protocols::modbus {
namespace {

constexpr std::size_t kMostObjects = 64;

/// A server has too much to do, or a gateway no way: a sign of distress when it comes again.
constexpr std::uint32_t kSigns = 2;

bool says_absent(Exception exception) {
  return exception == Exception::gateway_path_unavailable ||
         exception == Exception::gateway_target_failed_to_respond;
}

void take_objects(Unit& found, IdentificationPage& page) {
  found.conformity_level = page.conformity_level;
  for (auto& [id, text] : page.objects) {
    if (found.objects.size() < kMostObjects) {
      found.objects.try_emplace(id, std::move(text));
    }
  }
}

/// What an exception to a function of ours says of the unit.
void take_exception(Unit& found, std::string_view function, Exception exception) {
  found.state = says_absent(exception) ? Unit::State::absent : Unit::State::present;
  found.refused = exception;
  found.note = fmt::format("{}: {}", function, describe(exception));
}

Result<IdentificationPage> page_in(const std::optional<std::string>& pdu) {
  if (!pdu || exception_in(*pdu)) {
    return fail(Errc::malformed, "the list of objects ends early");
  }
  return parse_identification(*pdu);
}

void note_malformed(Unit& found, const Error& error) {
  found.state = Unit::State::present;
  found.note = error.text();
}

}  // namespace

Task<UnitReader::Answer> UnitReader::exchange(std::uint8_t unit, std::string pdu,
                                              link::Subject subject) {
  auto request = envelope_.request(unit, std::move(pdu), subject);
  if (!request) {
    co_return fail(std::move(request).error());
  }
  auto task = is_open_ ? dialogue_.ask(std::move(*request)) : dialogue_.open(std::move(*request));
  is_open_ = true;
  auto frame = co_await std::move(task);
  if (!frame && frame.error().code() == Errc::silent) {
    co_return Answer();
  }
  if (!frame) {
    co_return fail(std::move(frame).error());
  }
  std::string answer(envelope_.pdu_of(*frame));
  auto counted = count_signs(answer);
  if (!counted) {
    co_return fail(std::move(counted).error());
  }
  co_return Answer(std::move(answer));
}

Result<void> UnitReader::count_signs(std::string_view pdu) {
  const auto exception = exception_in(pdu);
  busy_ += exception == Exception::server_device_busy ? 1 : 0;
  no_path_ += exception == Exception::gateway_path_unavailable ? 1 : 0;
  if (busy_ >= kSigns || no_path_ >= kSigns) {
    return fail(
        dialogue_.distress(fmt::format("Modbus exception {:02X} twice: {}",
                                       static_cast<unsigned>(*exception), describe(*exception))));
  }
  return {};
}

/// A server that is busy is asked once more, after the gap.
Task<UnitReader::Answer> UnitReader::exchange_patiently(std::uint8_t unit, std::string pdu,
                                                        link::Subject subject) {
  std::string again = pdu;
  auto answer = co_await exchange(unit, std::move(pdu), subject);
  const bool busy = answer && *answer && exception_in(**answer) == Exception::server_device_busy;
  if (busy) {
    answer = co_await exchange(unit, std::move(again), subject);
  }
  co_return answer;
}

/// The rest of a list of objects that did not fit into one answer.
Task<void> UnitReader::read_pages(std::uint8_t unit, ReadCode code, Unit& found,
                                  IdentificationPage page) {
  std::uint8_t first = 0;
  for (std::uint32_t pages = 1; page.next && pages < kMostPages; ++pages) {
    // A server that does not know the object begins again at the first one.
    if (*page.next <= first) {
      found.note = fmt::format("the list of objects does not go on at {:02X}", *page.next);
      break;
    }
    first = *page.next;
    auto pdu = read_device_identification(code, first);
    auto answer = co_await exchange_patiently(unit, std::move(pdu), link::Subject::part);
    if (!answer) {
      co_return fail(std::move(answer).error());
    }
    auto next = page_in(*answer);
    if (!next) {
      found.note = next.error().text();
      break;
    }
    page = std::move(*next);
    take_objects(found, page);
  }
  co_return Result<void>{};
}

/// Function 2B/0E; the unit's state stays silent when there was no answer.
Task<Unit> UnitReader::identify(std::uint8_t unit, ReadCode code) {
  Unit found;
  auto pdu = read_device_identification(code, 0);
  // Without an answer it may just not know the function.
  auto answer = co_await exchange_patiently(unit, std::move(pdu), link::Subject::function);
  if (!answer) {
    co_return fail(std::move(answer).error());
  }
  if (!*answer) {
    co_return found;
  }
  if (const auto exception = exception_in(**answer)) {
    take_exception(found, "Read Device Identification", *exception);
    co_return found;
  }
  auto page = parse_identification(**answer);
  if (!page) {
    note_malformed(found, page.error());
    co_return found;
  }
  take_objects(found, *page);
  found.state = found.objects.empty() ? Unit::State::present : Unit::State::identified;
  auto rest = co_await read_pages(unit, code, found, std::move(*page));
  if (!rest) {
    found.broke = std::move(rest).error();
  }
  co_return found;
}

Task<void> UnitReader::read_server_id(std::uint8_t unit, link::Subject subject, Unit& found) {
  auto pdu = report_server_id();
  auto answer = co_await exchange_patiently(unit, std::move(pdu), subject);
  if (!answer) {
    co_return fail(std::move(answer).error());
  }
  if (!*answer) {
    co_return Result<void>{};
  }
  if (const auto exception = exception_in(**answer)) {
    take_exception(found, "Report Server ID", *exception);
    co_return Result<void>{};
  }
  auto id = parse_server_id(**answer);
  if (!id) {
    note_malformed(found, id.error());
    co_return Result<void>{};
  }
  found.server_id = std::move(*id);
  found.state = Unit::State::identified;
  co_return Result<void>{};
}

/// A server gives as much as it has when it is asked for more; one that takes
/// the code for an illegal value is asked for the basic objects.
Task<Unit> UnitReader::read(std::uint8_t unit, link::Subject subject) {
  auto found = co_await identify(unit, ReadCode::regular);
  if (!found) {
    co_return found;
  }
  const bool refused_code = found->refused == Exception::illegal_data_value;
  if (refused_code) {
    found = co_await identify(unit, ReadCode::basic);
    if (!found) {
      co_return found;
    }
  }
  const bool says_nothing =
      found->state == Unit::State::silent || found->state == Unit::State::present;
  if (says_nothing) {
    auto asked = co_await read_server_id(unit, subject, *found);
    if (!asked && found->state == Unit::State::silent) {
      co_return fail(std::move(asked).error());
    }
    if (!asked) {
      found->broke = std::move(asked).error();
    }
  }
  co_return found;
}

}  // namespace ot::protocols::modbus
