#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace ot::agent::bundle {

/// A part of a walk: one area, and whom it was asked to ask there, as it was typed.
struct Leg {
  std::string area;
  std::vector<std::string> targets;    ///< "10.0.0.0/24", "10.0.0.5:9601", "/dev/ttyUSB0"
  std::vector<std::string> protocols;  ///< "fins"; empty: all
  std::vector<std::string> exclude;
  std::vector<std::string> units;  ///< Modbus unit ids: "1-20"
  std::string serial;              ///< "19200,8E1"; empty: the default
  std::uint32_t gap = 100;         ///< milliseconds between frames to one target
  std::uint32_t at_once = 16;      ///< targets asked at the same time
  Time began{};
  Time ended{};

  /// To its end: it is not asked again.
  bool is_walked() const { return ended != Time{}; }
  bool operator==(const Leg&) const = default;
};

/// A member of the container, as it is stored there.
struct Member {
  std::string name;
  std::uint64_t size = 0;
  std::string sha256;  ///< 64 hex digits

  bool operator==(const Member&) const = default;
};

/// What a bundle says of itself. docs/bundle.md has its form.
struct Manifest {
  std::string walk;  ///< its UUID; the same bundle packed again bears the same
  std::string site;
  std::string operator_name;
  std::string note;
  std::string sensor;   ///< the machine that walked
  std::string version;  ///< of the rackscout that packed it
  std::string writer;   ///< of the container: "libarchive 3.6.2"
  Time began{};
  Time ended{};
  std::vector<Leg> legs;
  std::vector<std::string> projects;  ///< folders that were read, their user names redacted
  std::uint64_t exchanges = 0;        ///< lines of the ledger
  std::string chain;                  ///< the hash that the last of them ends with
  std::string signer;                 ///< id of the key that signed; empty: nobody did
  std::string signer_name;            ///< as the signer calls the key
  std::vector<Member> members;        ///< all but the manifest and its signature, in their order

  bool operator==(const Manifest&) const = default;
};

// The members, in their order. What ends in .gz is compressed by gzip; its hash is that of the
// compressed bytes. Behind them come the project files that were taken along, by SHA-256:
// "files/<64 hex digits>".
inline constexpr std::string_view kManifest = "manifest.json";
inline constexpr std::string_view kSignature = "signature.json";
inline constexpr std::string_view kRecords = "records.ndjson.gz";
inline constexpr std::string_view kObservations = "observations.ndjson.gz";
inline constexpr std::string_view kTargets = "targets.ndjson.gz";
inline constexpr std::string_view kExchanges = "exchanges.ndjson.gz";
inline constexpr std::string_view kJournal = "journal.ndjson.gz";
inline constexpr std::string_view kFiles = "files/";

/// One text for one manifest, ended by a line feed.
std::string manifest_text(const Manifest& manifest);

/// Errors: malformed, too_large, and unsupported for the form of another rackscout.
Result<Manifest> manifest_from(std::string_view text);

/// The same of a walk that is not packed yet: without members, or a chain.
Result<Manifest> draft_from(std::string_view text);

}  // namespace ot::agent::bundle
