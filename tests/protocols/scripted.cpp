#include "tests/protocols/scripted.hpp"

#include <charconv>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "base/hash.hpp"

namespace ot::tests {

using protocols::link::Frame;
using protocols::link::Request;
using protocols::link::Wire;

std::string from_hex(std::string_view text) {
  std::string digits(text);
  std::erase_if(digits, [](char c) { return c == ' ' || c == '\n'; });
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    unsigned value = 0;
    std::from_chars(digits.data() + i, digits.data() + i + 2, value, 16);
    bytes += static_cast<char>(value);
  }
  return bytes;
}

Script& Script::expect(Wire wire, std::string_view hex) {
  steps_.push_back({wire, from_hex(hex), {}, {}});
  return *this;
}
Script& Script::reply(std::string_view hex) {
  steps_.back().replies.push_back(from_hex(hex));
  return *this;
}
Script& Script::fail_with(Errc code) {
  steps_.back().error = code;
  return *this;
}
Script& Script::own(Ipv4 address) {
  own_ = address;
  return *this;
}

Script& Script::target(Ipv4 address) {
  target_ = address;
  return *this;
}

std::string Script::complaint() const {
  if (!complaint_.empty()) {
    return complaint_;
  }
  if (!steps_.empty()) {
    return fmt::format("never asked: {}", hex(steps_.front().request));
  }
  return is_open_ ? "the connection was not closed" : "";
}

std::optional<Script::Step> Script::next(const Frame& frame) {
  if (steps_.empty() || steps_.front().request != frame.bytes() ||
      steps_.front().wire != frame.wire()) {
    const std::string wanted = steps_.empty() ? "nothing" : hex(steps_.front().request);
    complaint_ = complaint_.empty()
                     ? fmt::format("asked {} over {} where {} was expected", hex(frame.bytes()),
                                   to_string(frame.wire()), wanted)
                     : complaint_;
    return std::nullopt;
  }
  Step step = std::move(steps_.front());
  steps_.pop_front();
  return step;
}

Result<std::string> Script::play(const Request& request) {
  const auto step = next(request.frame());
  if (!step) {
    return fail(Errc::ended, "off the script");
  }
  if (step->error) {
    is_open_ = is_open_ && *step->error == Errc::silent;
    return fail(*step->error, "as the script says");
  }
  for (const auto& frame : step->replies) {
    if (request.accepts(frame)) {
      return frame;
    }
  }
  return fail(Errc::silent, "no frame of the script was an answer");
}

Task<std::string> Script::open(Request first) {
  is_open_ = true;
  auto answer = play(first);
  is_open_ = answer.has_value() || answer.error().code() == Errc::silent;
  co_return answer;
}

Task<std::string> Script::ask(Request request) {
  if (!is_open_ && complaint_.empty()) {
    complaint_ = "asked without a connection: " + hex(request.frame().bytes());
  }
  co_return play(request);
}

Task<void> Script::tell(Frame frame) {
  const auto step = next(frame);
  co_return step ? Result<void>{} : fail(Errc::ended, "off the script");
}

asio::awaitable<void> Script::close() {
  is_open_ = false;
  co_return;
}

Error Script::distress(std::string why) {
  distress_ = why;
  return {Errc::ended, std::move(why)};
}

Result<protocols::Observation> run_probe(const protocols::Probe& probe, Script& script,
                                         protocols::ProbeOptions options) {
  asio::io_context io;
  Result<protocols::Observation> found = fail(Errc::ended, "the probe did not come back");
  auto task = probe.run(script, std::move(options));
  asio::co_spawn(io, std::move(task),
                 [&found](std::exception_ptr failure, Result<protocols::Observation> result) {
                   if (!failure) {
                     found = std::move(result);
                   }
                 });
  io.run();
  return found;
}

}  // namespace ot::tests
