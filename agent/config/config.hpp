#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/targets.hpp"
#include "agent/wall/options.hpp"
#include "protocols/link/endpoint.hpp"
#include "protocols/link/rules.hpp"
#include "protocols/probe.hpp"

namespace ot::agent {

/// A time of day on some days of the week, in local time: "mon-fri 22:00-06:00".
/// One that ends before it begins runs into the next day.
struct Window {
  std::uint8_t days = 0x7F;  ///< bit 0 is Monday; the day on which it begins
  std::chrono::minutes from{0};
  std::chrono::minutes to{24 * 60};

  bool operator==(const Window&) const = default;
};

/// A folder with project files.
struct WatchedFolder {
  enum class Mode : std::uint8_t {
    automatic,  ///< inotify, or polling on a network share and where watches run out
    notify,
    poll,
  };

  std::string path;  ///< absolute
  Mode mode = Mode::automatic;
  std::string site;
  std::string area;
  std::string plant_location;
  std::chrono::seconds rescan{0};  ///< the next full look; 0: the default of its mode
  std::string within;              ///< the places of the folders within it, for who watches them

  bool operator==(const WatchedFolder&) const = default;
};

/// Controllers that are asked on one schedule.
struct TargetGroup {
  std::string name;                                ///< unique
  std::vector<std::string> targets;                ///< as a command line has them; checked
  std::vector<const protocols::Probe*> protocols;  ///< in the order in which they are asked
  std::vector<std::uint8_t> units;                 ///< Modbus
  std::string serial;                              ///< "19200,8E1", for serial lines
  std::chrono::seconds every{24 * 3600};
  std::chrono::seconds jitter{0};  ///< each turn is late by a random part of it
  std::vector<Window> windows;     ///< empty: at any time
  std::string site;
  std::string area;

  bool operator==(const TargetGroup&) const = default;
};

struct JwtConfig {
  enum class Algorithm : std::uint8_t { hs256, rs256, es256 };

  Algorithm algorithm = Algorithm::rs256;
  std::string key_file;  ///< PEM of the public key; the secret itself for HS256
  std::string issuer;    ///< `iss` must be it; empty: any
  std::string audience;  ///< `aud` must hold it; empty: any

  bool operator==(const JwtConfig&) const = default;
};

struct ApiConfig {
  bool enabled = true;
  std::string address = "127.0.0.1";  ///< another than a loopback address needs TLS
  std::uint16_t port = 8640;          ///< 0: any that is free
  std::string certificate;            ///< PEM, the chain; empty: no TLS
  std::string key;                    ///< PEM
  std::string token_file;             ///< empty: beside the store
  std::optional<JwtConfig> jwt;
  bool open_metrics = false;       ///< /metrics without a token
  std::uint32_t connections = 64;  ///< at once

  bool uses_tls() const { return !certificate.empty(); }
  bool operator==(const ApiConfig&) const = default;
};

/// One that may send records here.
struct HubSensor {
  std::string id;
  std::string token_file;  ///< its bearer token: 32 characters at least

  bool operator==(const HubSensor&) const = default;
};

/// What this rackscout takes from others.
struct HubConfig {
  bool accept = false;
  std::vector<HubSensor> sensors;
  bool jwt_sensors = false;  ///< a JWT of the API's key is the sensor's that its `sub` names

  bool operator==(const HubConfig&) const = default;
};

/// An application of the platform's that assets belong to.
struct BusinessApp {
  std::string id;  ///< at most 40 characters
  std::string name;
  std::string criticality;  ///< "1 - Most Critical"
  std::string status;
  std::string environment;
  std::string used_for;
  std::string operational_status;
  std::string owned_by;
  std::string managed_by;
  std::string supported_by;
  std::string support_group;
  std::string site;  ///< of the assets that belong to it; empty: all do

  bool operator==(const BusinessApp&) const = default;
};

/// Where records are sent.
struct SinkConfig {
  enum class Kind : std::uint8_t {
    hub,   ///< another rackscout
    csam,  ///< the platform's import of third-party assets
    file,  ///< NDJSON in a folder
  };

  std::string name;  ///< unique; the state of what was sent is kept by it
  Kind kind = Kind::hub;
  std::string url;          ///< "https://hub.example:8640"; without TLS to loopback alone
  std::string filter;       ///< of assets; empty: all
  std::string file_filter;  ///< of project files; empty: all
  std::uint32_t batch = 0;  ///< records a request; 0: the default of its kind
  std::chrono::seconds timeout{60};

  std::string token_file;  ///< a bearer token
  std::string user;        ///< with its password: POST /auth gives a token
  std::string password_file;
  std::string certificate;        ///< PEM, our own, with its chain
  std::string key;                ///< PEM
  std::string ca;                 ///< PEM; empty: those that the system trusts
  std::vector<std::string> pins;  ///< SHA-256 of a public key (SPKI), base64
  std::string proxy;              ///< "http://proxy.example:3128"
  std::string proxy_user;
  std::string proxy_password_file;

  std::string folder;                        ///< of a file sink
  std::uint64_t folder_size = 256ULL << 20;  ///< bytes of chunks that nobody took yet

  std::string connector_uuid;  ///< csam
  std::string source = "WEBHOOK";
  std::vector<BusinessApp> business_apps;

  bool operator==(const SinkConfig&) const = default;
};

/// Around the children that read untrusted files.
struct ParsersConfig {
  wall::Strength wall = wall::Strength::full;  ///< $RACKSCOUT_WALL may reduce it
  std::uint64_t memory = 1ULL << 30;           ///< bytes of address space of a child

  wall::Options options() const;

  bool operator==(const ParsersConfig&) const = default;
};

struct StoreConfig {
  std::string path;                              ///< empty: the default store
  std::chrono::hours journal_age{24 * 365 * 2};  ///< older entries go; 0: none does
  std::uint64_t journal_size = 64ULL << 20;      ///< bytes of entries, the oldest go; 0: any
  /// Removals that no sink took for longer are dropped: it then gets everything anew.
  std::chrono::hours removals_age{24 * 90};

  bool operator==(const StoreConfig&) const = default;
};

/// All of rackscout.toml. What a file doesn't say is as here.
struct Config {
  std::string sensor_name;  ///< empty: the host's name
  std::string site;
  std::string area;
  std::string plant_location;
  std::chrono::milliseconds settle{2000};  ///< a file rests so long before it is read
  std::string log_level = "info";          ///< debug, info, warning, error
  std::vector<WatchedFolder> folders;
  std::vector<TargetGroup> groups;
  std::vector<std::string> exclude;  ///< addresses, ranges, CIDR, serial devices
  std::vector<std::string> exclude_files;
  std::vector<Window> windows;  ///< of all probes; a group's own count beside them
  std::string stop_file;
  std::string ledger;  ///< NDJSON; empty: none
  std::chrono::milliseconds gap{100};
  std::uint32_t at_once = 16;
  ApiConfig api;
  HubConfig hub;
  std::vector<SinkConfig> sinks;
  ParsersConfig parsers;
  StoreConfig store;

  bool operator==(const Config&) const = default;
};

/// Whether a probe may start at that local time: inside any window, or there is none.
bool is_open(const std::vector<Window>& windows, std::chrono::local_seconds at);

}  // namespace ot::agent
