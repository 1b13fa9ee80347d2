#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "agent/bundle/bundle.hpp"
#include "agent/bundle/chain.hpp"
#include "agent/bundle/exchange.hpp"
#include "agent/bundle/pack.hpp"
#include "agent/bundle/walk_target.hpp"
#include "base/hash.hpp"
#include "tests/catch.hpp"
#include "tests/temporary.hpp"

namespace ot::tests {

inline void write_file(const std::filesystem::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string sha256_of(std::string_view bytes) {
  FileHasher hasher;
  hasher.add(bytes);
  return hasher.finish().sha256;
}

/// A short walk through two areas, ready to be packed, with a ledger and project files on disk.
class PackedWalk {
 public:
  static constexpr const char* kWalk = "4da66005-911b-59b0-bb8d-193d3255af7e";

  PackedWalk() {
    using agent::bundle::Leg;
    auto& manifest = contents_.manifest;
    manifest.walk = kWalk;
    manifest.site = "Kraftwerk N\u00f6rd";
    manifest.operator_name = "Anna <b>";
    manifest.note = "door \"3\"\nwas locked";
    manifest.sensor = "laptop-7";
    manifest.version = "0.9.0";
    manifest.began = Time{std::chrono::milliseconds(1'793'000'000'123)};
    manifest.ended = manifest.began + std::chrono::hours(2);
    Leg north;
    north.area = "North";
    north.targets = {"10.0.0.0/29", "10.0.0.5:9601"};
    north.protocols = {"fins"};
    north.began = manifest.began;
    Leg south = north;
    south.area = "South";
    south.serial = "19200,8E1";
    manifest.legs = {north, south};
    manifest.projects = {"/home/<user>/projects"};
    contents_.records = "{\"name\":\"AS01\"}\n{\"name\":\"AS02\"}\n";
    contents_.observations = "{\"target\":\"10.0.0.5\"}\n";
    contents_.journal = "";
    for (const auto* area : {"North", "South"}) {
      agent::bundle::WalkTarget target;
      target.area = area;
      target.target = "10.0.0.5";
      target.answered = true;
      target.outcome = "answered";
      contents_.targets += walk_target_line(target);
    }
    write_ledger(40);
    add_file("<Document/>");
    add_file(std::string("\0\1\2PK\7\bxyz", 9) + std::string(3000, 'z'));
  }

  agent::bundle::Contents& contents() { return contents_; }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  /// Writes it; the path of the bundle.
  std::string pack(const agent::bundle::PrivateKey* signer,
                   const agent::bundle::PublicKey* recipient = nullptr) {
    const auto target = path("walk.rsb");
    std::filesystem::remove(target);
    const auto written = write_bundle(target, contents_, signer, recipient);
    INFO((written ? "" : written.error().text()));
    REQUIRE(written);
    return target;
  }

  void write_ledger(std::uint64_t count) {
    using protocols::link::LedgerEntry;
    agent::bundle::Chain chain(kWalk);
    std::string text;
    for (std::uint64_t number = 1; number <= count; ++number) {
      agent::bundle::Exchange exchange;
      exchange.number = number;
      exchange.area = number % 2 == 0 ? "North" : "South";
      exchange.entry.at = contents_.manifest.began + std::chrono::milliseconds(number);
      exchange.entry.target = "10.0.0.5:9600";
      exchange.entry.event =
          number % 2 == 0 ? LedgerEntry::Event::received : LedgerEntry::Event::sent;
      exchange.entry.bytes = sha256_of(std::to_string(number));
      text += exchange_line(exchange, chain);
    }
    contents_.exchanges_path = path("ledger.ndjson");
    write_file(contents_.exchanges_path, text);
    contents_.manifest.exchanges = count;
    contents_.manifest.chain = chain.head();
  }

  void add_file(const std::string& content) {
    const auto hash = sha256_of(content);
    const auto file = path("project-" + hash.substr(0, 8));
    write_file(file, content);
    contents_.files.push_back({file, hash});
  }

 private:
  TemporaryFolder folder_;
  agent::bundle::Contents contents_;
};

/// A new key, whose owner is trusted with nothing yet.
inline agent::bundle::PrivateKey new_key(const std::string& name) {
  auto key = agent::bundle::PrivateKey::create(name);
  REQUIRE(key);
  return std::move(*key);
}

inline agent::bundle::Keyring trusting(const agent::bundle::PrivateKey& key) {
  agent::bundle::Keyring keys;
  keys.trusted.push_back(key.public_key());
  return keys;
}

}  // namespace ot::tests
