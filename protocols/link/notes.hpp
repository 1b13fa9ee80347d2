#pragma once

#include <string>

#include "protocols/link/ledger.hpp"

namespace ot::protocols::link {

/// Writes into the ledger what happens between us and one target.
class Notes {
 public:
  /// `ledger` may be null: then nothing is written.
  Notes(Ledger* ledger, std::string target, Wire wire)
      : ledger_(ledger), target_(std::move(target)), wire_(wire) {}

  void write(LedgerEntry::Event event, std::string meaning = {}, std::string bytes = {}) const;
  void failure(LedgerEntry::Event event, const Error& error) const;

  /// `bytes`: the frame as it was on the wire. `stray`: it is not the answer that is awaited.
  void received(std::string bytes, const std::string& frame, bool stray) const;
  /// What came and is no whole frame.
  void rest(std::string bytes) const;

 private:
  void put(LedgerEntry entry) const;

  Ledger* ledger_;
  std::string target_;
  Wire wire_;
};

}  // namespace ot::protocols::link
