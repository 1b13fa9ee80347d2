#include <cstdint>
#include <cstdlib>

#include "protocols/fins/codec.hpp"
#include "protocols/fins/controller_data.hpp"
#include "protocols/fins/survey.hpp"
#include "protocols/fins/units.hpp"
#include "protocols/link/frame.hpp"

namespace {

using namespace ot::protocols::fins;
using ot::protocols::link::allowed;
using ot::protocols::link::Wire;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

bool only_reads(std::string_view fins_frame) {
  const auto command = fins_frame.substr(10, 2);
  return command == "\x05\x01" || command == "\x05\x02" || command == "\x06\x01" ||
         command == "\x07\x01";
}

/// What may be sent reads the identification, or is the one frame that opens FINS/TCP.
void check_allow_list(std::string_view bytes) {
  require(!allowed(Wire::fins_udp, bytes) || only_reads(bytes));
  if (allowed(Wire::fins_tcp, bytes)) {
    require(bytes == node_address_request() || only_reads(bytes.substr(16)));
  }
}

/// A question as our own code may put it, chosen by the first bytes.
Question question_of(std::string_view bytes) {
  const auto at = [bytes](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  Question question;
  if (bytes.size() < 4) {
    return question;
  }
  const bool is_bus_unit = at(0) % 2 != 0;
  const bool is_list = at(0) % 4 == 2;
  question.command = is_list ? Command::connection_data_read : Command::controller_data_read;
  question.unit = is_bus_unit ? static_cast<std::uint8_t>(kFirstBusUnit + at(0) % 16) : kCpu;
  question.node = at(1) % 255;
  question.own_node = at(2);
  question.service_id = at(3);
  question.parameters = is_bus_unit ? "" : bytes.substr(0, is_list ? 2 : 1);
  return question;
}

void check_building(const Question& question) {
  const auto frame = command_frame(question);
  require(allowed(Wire::fins_udp, frame).has_value());
  require(allowed(Wire::fins_tcp, in_tcp(frame)).has_value());
  require(!is_answer(question, frame) && !is_tcp_answer(question, in_tcp(frame)));
}

/// Answers of a whole conversation: the survey keeps its bounds whatever they are.
void check_survey(std::string_view bytes) {
  Survey survey;
  for (std::size_t at = 0; at < bytes.size(); at += 64) {
    const auto reply = parse_reply(bytes.substr(at, 600));
    if (!reply) {
      break;
    }
    at == 0 ? survey.take_cpu(*reply) : static_cast<void>(survey.take_units(*reply));
    require(survey.bus_units().size() <= 16);
    survey.take_bus_unit(kFirstBusUnit, *reply);
  }
  const auto seen = survey.finish({});
  require(!seen || seen->asset.add_ons.size() <= 255);
}

void check_parsing(std::string_view bytes, const Question& question) {
  is_answer(question, bytes);
  is_tcp_answer(question, bytes);
  is_node_address_answer(bytes);
  if (const auto frame = parse_tcp(bytes)) {
    static_cast<void>(parse_nodes(frame->body));
    check_survey(frame->body);
  }
  if (const auto reply = parse_reply(bytes)) {
    describe_failure(*reply);
  }
  if (const auto unit = parse_bus_unit_data(bytes)) {
    require(unit->model.size() <= 20 && unit->version.size() <= 20);
    hardware_of(unit->model);
    is_safety_controller(unit->model);
  }
  static_cast<void>(parse_cpu_data(bytes));
  if (const auto page = parse_unit_page(bytes)) {
    require(page->units.size() * 21 < bytes.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto question = question_of(bytes);
  check_allow_list(bytes);
  check_building(question);
  check_parsing(bytes, question);
  check_survey(bytes);
  return 0;
}
