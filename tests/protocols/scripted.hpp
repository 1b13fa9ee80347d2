#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/link/dialogue.hpp"
#include "protocols/probe.hpp"

namespace ot::tests {

/// "46494e53 0000000c" as bytes; blanks are ignored.
std::string from_hex(std::string_view hex);

/// A target in memory: a list of what must be asked, and what comes back.
class Script final : public protocols::link::Dialogue {
 public:
  using Wire = protocols::link::Wire;

  /// The next request must be these bytes on this wire.
  Script& expect(Wire wire, std::string_view hex);
  /// What comes back for it: frames in their order (the first that the request
  /// accepts is the answer), or an error of this kind instead.
  Script& reply(std::string_view hex);
  Script& fail_with(Errc code);

  Script& own(Ipv4 address);
  Script& target(Ipv4 address);

  /// What was asked otherwise than expected; empty when all went by the script
  /// to its end, the connection closed.
  std::string complaint() const;
  const std::string& distressed() const { return distress_; }

  Result<Ipv4> own_address() override { return own_; }
  Ipv4 target_address() const override { return target_; }
  Task<std::string> open(protocols::link::Request first) override;
  Task<std::string> ask(protocols::link::Request request) override;
  Task<void> tell(protocols::link::Frame frame) override;
  asio::awaitable<void> close() override;
  Error distress(std::string why) override;

 private:
  struct Step {
    Wire wire;
    std::string request;
    std::vector<std::string> replies;
    std::optional<Errc> error;
  };

  std::optional<Step> next(const protocols::link::Frame& frame);
  Result<std::string> play(const protocols::link::Request& request);

  std::deque<Step> steps_;
  Ipv4 own_{0x0A000063};  // 10.0.0.99
  Ipv4 target_;
  bool is_open_ = false;
  std::string distress_;
  std::string complaint_;
};

/// Runs a probe against the script and gives what it found.
Result<protocols::Observation> run_probe(const protocols::Probe& probe, Script& script,
                                         protocols::ProbeOptions options = {});

}  // namespace ot::tests
