#include "agent/bundle/scene.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "agent/bundle/exchange.hpp"
#include "base/hash.hpp"
#include "base/number.hpp"

namespace ot::agent::bundle {
namespace {

namespace link = protocols::link;
using Event = link::LedgerEntry::Event;
using link::Wire;

/// The letters that a TOML text may hold as they are; all others are written as \uNNNN.
std::string toml_text(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const bool is_plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
    quoted +=
        is_plain ? std::string(1, c) : fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
  }
  return quoted + "\"";
}

struct Names {
  std::string_view protocol;
  std::string_view transport;
};

Names names_of(Wire wire) {
  switch (wire) {
    case Wire::fins_tcp: return {"fins", "tcp"};
    case Wire::fins_udp: return {"fins", "udp"};
    case Wire::enip_tcp: return {"enip", "tcp"};
    case Wire::enip_udp: return {"enip", "udp"};
    case Wire::modbus_tcp: return {"modbus", "tcp"};
    case Wire::modbus_rtu: break;
  }
  return {"modbus", "serial"};
}

struct Place {
  Ipv4 address;
  std::uint16_t port = 0;
};

/// Nothing for a serial line.
std::optional<Place> place_in(const std::string& target) {
  const auto colon = target.rfind(':');
  if (colon == std::string::npos) {
    return std::nullopt;
  }
  const auto address = parse_ipv4(target.substr(0, colon));
  const auto port = whole_number<std::uint16_t>(target.substr(colon + 1));
  return address && port ? std::optional(Place{*address, *port}) : std::nullopt;
}

bool is_loopback(Ipv4 address) {
  constexpr std::uint32_t kLoopback = 127;
  return address.number >> 24 == kLoopback;
}

/// A loopback address for another one, whose last number stays: FINS makes a node of it.
Ipv4 loopback_for(Ipv4 address, const std::set<std::uint32_t>& taken) {
  constexpr std::uint32_t kNetwork = 127U << 24;
  constexpr std::uint32_t kNext = 1U << 16;
  constexpr std::uint32_t kMask = 0x00FFFFFF;
  if (is_loopback(address)) {
    return address;
  }
  auto number = address.number & kMask;
  for (int tries = 0; tries < 256 && taken.contains(kNetwork | number); ++tries) {
    number = (number + kNext) & kMask;
  }
  return {kNetwork | number};
}

constexpr std::string_view kHead =
    "# Made from what devices answered on a walk: requests and answers, byte for byte.\n";

/// "plant.toml" and "Hall 1": "plant-Hall-1.toml".
std::string path_for(const std::string& path, const std::string& area) {
  std::string word;
  for (const char c : area) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                          (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
    word += is_plain ? c : '-';
  }
  const std::filesystem::path whole(path);
  auto name = whole.stem().string() + (word.empty() ? "" : "-") + word;
  return (whole.parent_path() / (name + whole.extension().string())).string();
}

}  // namespace

bool SceneMaker::Port::is_open(Wire wire) const {
  return is_datagram(wire) ? heard : took_connection;
}

void SceneMaker::add(const link::LedgerEntry& entry) {
  auto& port = ports_[{entry.target, entry.wire}];
  Exchange* last = port.exchanges.empty() ? nullptr : &port.exchanges.back();
  switch (entry.event) {
    case Event::connect:
    case Event::refused: break;
    case Event::connected: port.took_connection = true; break;
    case Event::sent: port.exchanges.push_back({entry.bytes, {}, false, false}); break;
    case Event::received:
      port.heard = true;
      if (last != nullptr) {
        last->answers.push_back(entry.bytes);
        last->ended = true;
      }
      break;
    case Event::unanswered:
      port.heard |= entry.error == Errc::silent;
      if (last != nullptr) {
        last->ended = true;
        last->closes |= entry.error == Errc::closed;
      }
      break;
    case Event::closed:
      if (last != nullptr) {
        last->closes |= entry.error == Errc::closed;
      }
      break;
  }
}

std::map<Ipv4, std::vector<SceneMaker::Key>> SceneMaker::hosts() const {
  std::map<Ipv4, std::vector<Key>> hosts;
  for (const auto& [key, port] : ports_) {
    const auto place = place_in(key.first);
    if (place && port.is_open(key.second)) {
      hosts[place->address].push_back(key);
    }
  }
  return hosts;
}

std::size_t SceneMaker::size() const {
  const auto is_line = [](const auto& item) {
    return item.first.second == Wire::modbus_rtu && item.second.took_connection;
  };
  const auto lines = std::count_if(ports_.begin(), ports_.end(), is_line);
  return hosts().size() + static_cast<std::size_t>(lines);
}

std::string SceneMaker::exchange_text(const Exchange& exchange, std::string_view table) {
  std::string answers;
  for (const auto& answer : exchange.answers) {
    answers += fmt::format("{}\"{}\"", answers.empty() ? "" : ", ", hex(answer));
  }
  return fmt::format("\n[[{}.exchange]]\nrequest = \"{}\"\nanswer = [{}]\n{}", table,
                     hex(exchange.request), answers, exchange.closes ? "closes = true\n" : "");
}

std::string SceneMaker::port_text(const Key& key, const Port& port) {
  const auto names = names_of(key.second);
  const auto place = place_in(key.first);
  const std::string_view table = place ? "host.recorded" : "rtu";
  std::string text;
  if (place) {
    text = fmt::format("\n[[host.recorded]]\nprotocol = \"{}\"\ntransport = \"{}\"\nport = {}\n",
                       names.protocol, names.transport, place->port);
  } else {
    text = fmt::format("\n[[rtu]]\nname = {}\n", toml_text(key.first));
  }
  for (const auto& exchange : port.exchanges) {
    // A request that a stop cut off says nothing of the device.
    text += exchange.ended ? exchange_text(exchange, table) : std::string();
  }
  return text;
}

std::string SceneMaker::text() const {
  std::string text(kHead);
  std::set<std::uint32_t> taken;
  const auto found = hosts();
  for (const auto& [address, keys] : found) {
    if (is_loopback(address)) {
      taken.insert(address.number);
    }
  }
  for (const auto& [address, keys] : found) {
    const auto here = loopback_for(address, taken);
    taken.insert(here.number);
    text +=
        fmt::format("\n[[host]]\nname = \"{}\"\naddress = \"{}\"\n", address.text(), here.text());
    for (const auto& key : keys) {
      text += port_text(key, ports_.at(key));
    }
  }
  for (const auto& [key, port] : ports_) {
    const bool is_line = key.second == Wire::modbus_rtu && port.took_connection;
    text += is_line ? port_text(key, port) : std::string();
  }
  return text;
}

Result<std::vector<SceneFile>> scenes_of(const Bundle& bundle, const std::string& path) {
  const auto text = bundle.text(kExchanges);
  if (!text) {
    return fail(text.error());
  }
  std::map<std::string, SceneMaker> makers;
  Chain chain(bundle.manifest().walk);
  auto read = each_exchange(*text, chain, [&makers](const agent::bundle::Exchange& exchange) {
    makers[exchange.area].add(exchange.entry);
  });
  if (!read) {
    return fail(std::move(read).error().during(std::string(kExchanges)));
  }
  std::vector<SceneFile> files;
  std::set<std::string> paths;
  for (const auto& [area, maker] : makers) {
    auto own = makers.size() == 1 ? path : path_for(path, area);
    for (int copy = 2; !paths.insert(own).second; ++copy) {
      own = path_for(path, fmt::format("{}-{}", area, copy));
    }
    files.push_back({std::move(own), maker.text(), maker.size()});
  }
  return files;
}

}  // namespace ot::agent::bundle
