#include "agent/targets.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include <netdb.h>
#include <netinet/in.h>

#include <fmt/format.h>

#include "base/number.hpp"
#include "base/runs.hpp"
#include "base/text.hpp"
#include "protocols/link/rules.hpp"

namespace ot::agent {
namespace {

/// 0.0.0.0/8, multicast and above: nothing there is one device.
bool is_no_device(Ipv4Range range) {
  constexpr Ipv4 kFirstUnicast{0x01000000};
  constexpr Ipv4 kFirstMulticast{0xE0000000};
  return range.first < kFirstUnicast || range.last >= kFirstMulticast;
}

tl::unexpected<Error> wrong(std::string_view text, std::string_view why) {
  return fail(Errc::wrong_use, fmt::format("target \"{}\" {}", escape_for_terminal(text), why));
}

std::optional<std::uint16_t> port_in(std::string_view text) {
  const auto port = whole_number<std::uint16_t>(text);
  return port == 0 ? std::nullopt : port;
}

bool may_be_name(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && text.find('/') == std::string_view::npos &&
         std::any_of(text.begin(), text.end(), is_letter);
}

/// In a network of more than two addresses the first is its own, the last its broadcast.
Ipv4Range hosts_of(Ipv4Range range, std::string_view text) {
  const bool network = text.find('/') != std::string_view::npos && range.size() > 2;
  return network ? Ipv4Range{{range.first.number + 1}, {range.last.number - 1}} : range;
}

}  // namespace

Result<Ipv4> look_up(std::string_view name) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int status = ::getaddrinfo(std::string(name).c_str(), nullptr, &hints, &found);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  if (status != 0 || found == nullptr) {
    return wrong(name, fmt::format("is no IPv4 address, range or known host name ({})",
                                   ::gai_strerror(status)));
  }
  sockaddr_in address{};
  std::copy_n(reinterpret_cast<const char*>(found->ai_addr), sizeof address,
              reinterpret_cast<char*>(&address));
  return Ipv4{ntohl(address.sin_addr.s_addr)};
}

Result<void> Targets::add(std::string_view text) {
  if (text.starts_with('/')) {
    devices_.push_back(protocols::link::device_path(text));
    return {};
  }
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return add_host(text);
  }
  const auto port = port_in(text.substr(colon + 1));
  const auto host = text.substr(0, colon);
  if (host.find_first_of("/:") != std::string_view::npos) {
    return wrong(text, "is neither an IPv4 address nor one with a port");
  }
  const auto address = parse_ipv4(host) ? Result<Ipv4>(*parse_ipv4(host)) : resolve_(host);
  if (!port || !address) {
    return port ? fail(address.error()) : wrong(text, "has no port of 1 to 65535");
  }
  names_port_ = true;
  return add_range({*address, *address}, *port);
}

Result<void> Targets::add_host(std::string_view text) {
  const auto range = parse_ipv4_range(text);
  if (range) {
    return add_range(hosts_of(*range, text), 0);
  }
  if (!may_be_name(text)) {
    return fail(Error(range.error()).during("target"));
  }
  const auto address = resolve_(text);
  return address ? add_range({*address, *address}, 0) : fail(address.error());
}

Result<void> Targets::add_range(Ipv4Range range, std::uint16_t port) {
  if (is_no_device(range)) {
    return wrong(range.first.text(), "is or leads to an address that no device has");
  }
  if (range.size() + places_.size() > kMost) {
    return fail(Error(Errc::wrong_use, fmt::format("more than {} addresses at a time", kMost))
                    .hint("split the work: a /16 is the most for one run"));
  }
  for (std::uint64_t i = 0; i < range.size(); ++i) {
    places_.push_back(
        {{range.first.number + static_cast<std::uint32_t>(i)}, port, range.size() > 1});
  }
  return {};
}

void Targets::settle() {
  std::sort(places_.begin(), places_.end());
  places_.erase(std::unique(places_.begin(), places_.end()), places_.end());
  std::sort(devices_.begin(), devices_.end());
  devices_.erase(std::unique(devices_.begin(), devices_.end()), devices_.end());
  hosts_ = devices_.size();
  for (std::size_t i = 0; i < places_.size(); ++i) {
    hosts_ += i == 0 || places_[i].address != places_[i - 1].address ? 1 : 0;
  }
}

void Targets::begin_with(std::string_view target) {
  if (const auto address = parse_ipv4(target)) {
    const auto first = std::lower_bound(places_.begin(), places_.end(), Place{*address});
    begin_ = static_cast<std::size_t>(first - places_.begin());
  } else {
    const auto device = std::find(devices_.begin(), devices_.end(), target);
    begin_ = places_.size() + static_cast<std::size_t>(device - devices_.begin());
  }
  begin_ = begin_ == items() ? 0 : begin_;
}

bool Targets::next(TargetHost& host) {
  if (passed_ == items()) {
    return false;
  }
  host = {};
  host.turn = taken_++;
  const std::size_t first = item_at(passed_);
  if (first >= places_.size()) {
    host.device = devices_[first - places_.size()];
    ++passed_;
    return true;
  }
  host.address = places_[first].address;
  for (std::size_t item = first;
       passed_ < items() && item < places_.size() && places_[item].address == host.address;
       ++item, ++passed_) {
    host.named |= !places_[item].in_range;
    if (host.ports.empty() || host.ports.back() != places_[item].port) {
      host.ports.push_back(places_[item].port);
    }
  }
  return true;
}

void TargetList::add(const TargetHost& target) {
  if (target.is_serial()) {
    devices.push_back(target.device);
  } else {
    addresses.push_back(target.address);
  }
}

void TargetList::sort() {
  std::sort(addresses.begin(), addresses.end());
  std::sort(devices.begin(), devices.end());
}

std::string ranges_text(const std::vector<Ipv4>& addresses, std::size_t most) {
  const auto address_text = [](std::uint32_t number) { return Ipv4{number}.text(); };
  std::vector<std::string> parts;
  std::uint64_t rest = addresses.size();
  for (const Run& run : runs_of(addresses, &Ipv4::number)) {
    if (parts.size() == most) {
      break;
    }
    parts.push_back(run.text(address_text));
    rest -= run.size();
  }
  const auto more = rest > 0 ? fmt::format(" and {} more", rest) : std::string();
  return fmt::format("{}{}", fmt::join(parts, ", "), more);
}

std::string list_text(const TargetList& list, std::size_t most) {
  auto text = ranges_text(list.addresses, most);
  for (const auto& device : list.devices) {
    text += (text.empty() ? "" : ", ") + device;
  }
  return text;
}

}  // namespace ot::agent
