#include "agent/config/keys.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ot::agent {
namespace {

constexpr std::string_view kSending = "hub, csam";

// clang-format off
constexpr TableInfo kTables[] = {
    {"", false, "Where this gateway stands, and what holds for all that it does."},
    {"folder", true, "A folder whose project files are read, with all below it; any number of them."},
    {"probe", true, "Controllers that are asked what is in their racks; any number of them."},
    {"safety", false, "What holds for all probes."},
    {"api", false, "The list API."},
    {"api.jwt", false, "Signed tokens (JWT), accepted beside the random one."},
    {"hub", false, "What this gateway takes from others."},
    {"hub.sensor", true, "One that may send its records here; any number of them."},
    {"sink", true, "Where records are sent; any number of them."},
    {"business_app", true, "An application that assets belong to, for sinks of kind csam; any number of them."},
    {"parsers", false, "How files are read that may be made to do harm: in a child of the program, behind a wall."},
    {"store", false, "Where all is kept, and how much of it."},
};

constexpr KeyInfo kKeys[] = {
    {"", "site", R"("Linz")", "Of all that a folder or probe doesn't say it for."},
    {"", "area", R"("Hall 1")", "The same address in two areas is two assets."},
    {"", "plant_location", R"("Boiler house")", "The plantLocation of project files."},
    {"", "sensor_name", R"("gateway-1")", "What this gateway is called upward; empty: the host's name."},
    {"", "log_level", R"("info")", "debug, info, warning or error."},
    {"", "settle", R"("2s")", "A file rests so long before it is read; up to 10m."},

    {"folder", "path", R"("/srv/projects")", "From the root on."},
    {"folder", "mode", R"("automatic")", "automatic; notify: wait for the kernel's word; poll: look every rescan."},
    {"folder", "site", R"("Linz")", "Of these files; else as above."},
    {"folder", "area", R"("Hall 1")", "Of these files; else as above."},
    {"folder", "plant_location", R"("Boiler house")", "Of these files; else as above."},
    {"folder", "rescan", R"("6h")", "When all of it is looked at again, 1m to 30d; 0: the default of the mode."},

    {"probe", "name", R"("line 3")", "Its name in the log; no two alike."},
    {"probe", "targets", R"(["10.20.3.0/24", "10.20.4.7"])", "Addresses, ranges, CIDR, address:port, host names, serial devices."},
    {"probe", "protocols", R"(["fins", "enip", "modbus"])", "In the order in which they are asked; without it, all."},
    {"probe", "units", R"(["1-20", "33"])", "Modbus unit ids to ask behind a gateway or on a serial line."},
    {"probe", "serial", R"("19200,8E1")", "Of serial devices: baud rate, data bits, parity, stop bits."},
    {"probe", "every", R"("1d")", "From one turn to the next, 1m to 366d."},
    {"probe", "jitter", R"("10m")", "Each turn is late by a random part of it."},
    {"probe", "windows", R"(["mon-fri 22:00-06:00", "sat,sun 00:00-24:00"])", "When controllers may be asked, in local time; empty: at any time."},
    {"probe", "site", R"("Linz")", "Of these controllers; else as above."},
    {"probe", "area", R"("Hall 1")", "Of these controllers; else as above."},

    {"safety", "exclude", R"(["10.20.3.7", "10.20.5.0/28"])", "Addresses, ranges, CIDR and serial devices that are never touched."},
    {"safety", "exclude_files", R"(["/etc/rackscout/exclude"])", "The same from files, a line each."},
    {"safety", "windows", R"(["daily 01:00-03:00"])", "Maintenance windows: nothing is sent outside of them; empty: at any time."},
    {"safety", "stop_file", R"("/run/rackscout/stop")", "While this file exists nothing is sent."},
    {"safety", "ledger", R"("/var/lib/rackscout/frames.ndjson")", "Every frame goes there, a line each; empty: nowhere."},
    {"safety", "gap", R"("100ms")", "Between frames to one controller, 20ms to 60s."},
    {"safety", "at_once", "16", "How many controllers are asked at the same time, 1 to 64."},

    {"api", "enabled", "true", "false: nothing listens."},
    {"api", "address", R"("127.0.0.1")", "Another than a loopback address needs a certificate."},
    {"api", "port", "8640", "Below 1024 only with the drop-in low-port.conf of the unit; 0: any that is free."},
    {"api", "certificate", R"("/etc/rackscout/tls.pem")", "PEM, with its chain; empty: no TLS."},
    {"api", "key", R"("/etc/rackscout/tls.key")", "PEM; readable by the service alone; or credential:NAME, from systemd."},
    {"api", "token_file", R"("/etc/rackscout/token")", "The random token, made on the first start; empty: beside the store; or credential:NAME."},
    {"api", "open_metrics", "false", "true: /metrics needs no token."},
    {"api", "connections", "64", "At the same time, 1 to 1024."},

    {"api.jwt", "algorithm", R"("RS256")", "HS256, RS256 or ES256."},
    {"api.jwt", "key_file", R"("/etc/rackscout/jwt.pem")", "PEM of the public key; for HS256 the secret itself, 32 bytes at least; or credential:NAME."},
    {"api.jwt", "issuer", R"("https://login.example.com")", "What iss must be; empty: anything."},
    {"api.jwt", "audience", R"("rackscout")", "What aud must hold; empty: anything."},

    {"hub", "accept", "true", "true: records of the sensors below are taken, by the list API's port."},
    {"hub", "jwt_sensors", "true", "true: a token of [api.jwt] sends for the sensor that its sub names."},

    {"hub.sensor", "id", R"("hall-1")", "Of letters, digits, '.', '_' and '-'; no two alike."},
    {"hub.sensor", "token_file", R"("/etc/rackscout/hall-1.token")", "Its token alone, 32 letters at least; or credential:NAME."},

    {"sink", "name", R"("platform")", "Of letters, digits, '.', '_' and '-'; what was sent is remembered by it."},
    {"sink", "kind", R"("csam")", "hub: another rackscout; csam: the platform's import of assets; file: NDJSON in a folder."},
    {"sink", "filter", R"('site: "Linz"')", "Which assets go there; empty: all."},
    {"sink", "file_filter", R"('plantLocation: "Boiler house"')", "Which project files go there; empty: all."},
    {"sink", "batch", "200", "Records at a time, up to 1000, for csam 250; 0: what suits the kind."},
    {"sink", "url", R"("https://platform.example.com")", "Without TLS (http:) to this machine alone.", kSending},
    {"sink", "timeout", R"("60s")", "For one request, 5s to 10m.", kSending},
    {"sink", "token_file", R"("/etc/rackscout/platform.token")", "A bearer token; or credential:NAME, from systemd.", kSending},
    {"sink", "user", R"("rackscout")", "In place of token_file: who asks /auth for a token.", kSending},
    {"sink", "password_file", R"("/etc/rackscout/platform.password")", "The user's; or credential:NAME.", kSending},
    {"sink", "certificate", R"("/etc/rackscout/client.pem")", "PEM, this gateway's own, with its chain; empty: none is shown.", kSending},
    {"sink", "key", R"("/etc/rackscout/client.key")", "PEM of its key; or credential:NAME.", kSending},
    {"sink", "ca", R"("/etc/rackscout/ca.pem")", "PEM of who signs for the receiver; empty: those that this system trusts.", kSending},
    {"sink", "pins", R"(["sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="])", "SHA-256 of the receiver's public key, in base64: one of these must be met.", kSending},
    {"sink", "proxy", R"("http://proxy.example.com:3128")", "By which the receiver is reached; empty: straight.", kSending},
    {"sink", "proxy_user", R"("rackscout")", "Who asks the proxy.", kSending},
    {"sink", "proxy_password_file", R"("/etc/rackscout/proxy.password")", "The same one's; or credential:NAME.", kSending},
    {"sink", "folder", R"("/var/lib/rackscout/outbox")", "Where the files are made.", "file"},
    {"sink", "folder_size", R"("256MB")", "Files that nobody took yet, at least 1MB.", "file"},
    {"sink", "connector_uuid", R"("4da66005-911b-59b0-bb8d-193d3255af7e")", "The connector's, as the platform shows it.", "csam"},
    {"sink", "source", R"("WEBHOOK")", "What the platform calls this source.", "csam"},

    {"business_app", "id", R"("BA-1042")", "At most 40 letters; no two alike."},
    {"business_app", "name", R"("Bottling")", "At most 255 letters."},
    {"business_app", "criticality", R"("1 - Most Critical")", "In the platform's words, as all that follows."},
    {"business_app", "status", R"("Active")", "Of the application."},
    {"business_app", "environment", R"("Production")", "Where it runs."},
    {"business_app", "used_for", R"("Production")", "What it is for."},
    {"business_app", "operational_status", R"("Operational")", "How it is now."},
    {"business_app", "owned_by", R"("Plant management")", "Whose it is."},
    {"business_app", "managed_by", R"("OT operations")", "Who runs it."},
    {"business_app", "supported_by", R"("Automation")", "Who mends it."},
    {"business_app", "support_group", R"("OT support")", "Whom to call."},
    {"business_app", "site", R"("Linz")", "The assets of this site belong to it; empty: all do."},

    {"parsers", "wall", R"("full")", "full: seccomp, and Landlock where there is some; reduced: limits alone, for kernels without seccomp."},
    {"parsers", "memory", R"("1GB")", "Addresses that such a child may use, at least 64MB."},

    {"store", "path", R"("/var/lib/rackscout/rackscout.db")", "One SQLite file; empty: this one, for the service."},
    {"store", "journal_age", R"("730d")", "Older entries of the journal go, and rows of files deleted before; at least 1d; 0: none does."},
    {"store", "journal_size", R"("64MB")", "With more entries than that the oldest go, at least 1MB; 0: none does."},
    {"store", "removals_age", R"("90d")", "A sink that took no removals for so long gets everything anew; at least 1d."},
};
// clang-format on

}  // namespace

bool KeyInfo::is_of(std::string_view kind) const {
  return kinds.empty() || kinds.find(kind) != kinds.npos;
}

std::span<const TableInfo> all_tables() {
  return kTables;
}

std::span<const KeyInfo> all_keys() {
  return kKeys;
}

const KeyInfo* find_key(std::string_view table, std::string_view name) {
  const auto* found = std::find_if(std::begin(kKeys), std::end(kKeys), [=](const KeyInfo& key) {
    return key.table == table && key.name == name;
  });
  return found == std::end(kKeys) ? nullptr : found;
}

std::string bracketed(const TableInfo& table) {
  return fmt::format("{}{}{}", table.repeats ? "[[" : "[", table.name, table.repeats ? "]]" : "]");
}

}  // namespace ot::agent
