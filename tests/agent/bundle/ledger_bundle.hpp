#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "agent/bundle/bundle.hpp"
#include "agent/bundle/chain.hpp"
#include "agent/bundle/exchange.hpp"
#include "agent/bundle/pack.hpp"
#include "tests/catch.hpp"
#include "tests/temporary.hpp"

namespace ot::tests {

/// A bundle of entries of a ledger, as if a walk had written them.
class LedgerBundle {
 public:
  LedgerBundle() {
    contents_.manifest.walk = "7f6b3c0e-51a4-5c0f-9d7e-0c5a4a1d2b3c";
    contents_.manifest.site = "Works";
    contents_.manifest.sensor = "laptop";
    contents_.manifest.version = "0.1.0";
  }

  void add_leg(const std::string& area, std::vector<std::string> targets,
               std::vector<std::string> protocols) {
    agent::bundle::Leg leg;
    leg.area = area;
    leg.targets = std::move(targets);
    leg.protocols = std::move(protocols);
    contents_.manifest.legs.push_back(std::move(leg));
  }

  void add(const std::string& area, const protocols::link::LedgerEntry& entry) {
    lines_ += exchange_line({++contents_.manifest.exchanges, area, entry}, chain_);
  }

  /// What the walk read, a line each.
  void set_observations(std::string lines) { contents_.observations = std::move(lines); }

  agent::bundle::Bundle open() {
    const auto ledger = (folder_.path() / "exchanges.ndjson").string();
    const auto path = (folder_.path() / "walk.rsb").string();
    std::ofstream(ledger, std::ios::binary) << lines_;
    contents_.manifest.chain = chain_.head();
    contents_.exchanges_path = ledger;
    const auto written = write_bundle(path, contents_, nullptr, nullptr);
    INFO((written ? "" : written.error().text()));
    REQUIRE(written.has_value());
    auto bundle = agent::bundle::Bundle::open(path, {});
    INFO((bundle ? "" : bundle.error().text()));
    REQUIRE(bundle.has_value());
    CHECK(bundle->findings().empty());
    return std::move(*bundle);
  }

 private:
  TemporaryFolder folder_;
  agent::bundle::Contents contents_;
  agent::bundle::Chain chain_{"7f6b3c0e-51a4-5c0f-9d7e-0c5a4a1d2b3c"};
  std::string lines_;
};

}  // namespace ot::tests
