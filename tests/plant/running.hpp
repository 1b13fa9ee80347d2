#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "tests/temporary.hpp"

namespace ot::tests {

/// A request that a plant's log holds.
struct PlantRequest {
  std::string host;
  std::string protocol;
  std::string transport;
  std::string hex;
  bool forbidden = false;
};

/// plantsim on a scene, at free ports; ends with the object. It is ready once constructed.
class RunningPlant {
 public:
  /// `as_written`: for a port that an earlier plant had, which is free again.
  enum class Ports : std::uint8_t { free, as_written };

  /// Throws std::runtime_error with plantsim's own words when it does not start.
  explicit RunningPlant(std::string_view scene, Ports ports = Ports::free);
  RunningPlant(const RunningPlant&) = delete;
  RunningPlant& operator=(const RunningPlant&) = delete;
  ~RunningPlant();

  /// `transport` is "tcp" or "udp". Throws when the scene has no such endpoint.
  std::uint16_t port(std::string_view host, std::string_view protocol,
                     std::string_view transport) const;
  /// The address, or the device of a serial line ("modbus", "serial").
  std::string address(std::string_view host, std::string_view protocol,
                      std::string_view transport) const;

  /// All requests so far: each is in it before its answer goes out.
  std::vector<PlantRequest> requests() const;
  /// All lines of the log, connections' events too.
  std::vector<std::string> log() const;

  /// Ends it by SIGTERM; its exit status: 3 after a forbidden request.
  int end();

 private:
  struct Endpoint {
    std::string host;
    std::string protocol;
    std::string transport;
    std::string address;
    std::uint16_t port = 0;
  };

  void read_until_ready(int output);
  const Endpoint& endpoint(std::string_view host, std::string_view protocol,
                           std::string_view transport) const;

  TemporaryFolder folder_;
  std::vector<Endpoint> endpoints_;
  pid_t process_ = -1;
};

}  // namespace ot::tests
