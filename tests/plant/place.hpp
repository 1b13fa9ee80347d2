#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/plant/faults.hpp"
#include "tests/plant/log.hpp"
#include "tests/plant/scene.hpp"
#include "tests/plant/service.hpp"

namespace ot::plant {

/// One protocol of one host, and where it is found.
struct Place {
  std::string host;
  std::string_view protocol;
  Ipv4 address;
  std::uint16_t port = 0;
  std::optional<Wire> tcp;
  std::optional<Wire> udp;
  bool serial = false;
  std::string link;              ///< a symbolic link to make to a serial line's device
  std::uint16_t reply_port = 0;  ///< UDP answers go there instead of to the asking port
  std::unique_ptr<Service> service;
  Faults faults;
  Log* log = nullptr;

  Origin origin(std::string_view transport) const { return {host, protocol, transport}; }
};

/// All places of the scene, which must outlive them.
std::vector<std::unique_ptr<Place>> places_of(const Scene& scene, Log& log);

}  // namespace ot::plant
