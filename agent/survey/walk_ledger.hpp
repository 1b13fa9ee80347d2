#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "agent/bundle/exchange.hpp"
#include "agent/bundle/recording.hpp"
#include "base/result.hpp"
#include "protocols/link/ledger.hpp"

namespace ot::agent::survey {

/// The ledger of a walk: a line for each entry, each tied to the one before. A line is in the
/// file before anything else is sent; while entries come they are brought to the disk each second.
class WalkLedger final : public protocols::link::Ledger {
 public:
  using Recordings = std::map<std::string, std::unique_ptr<bundle::Recording>>;  ///< by area

  /// Opens it, made if it is not there. What an earlier run wrote is read into `heard`. A last
  /// line that was cut off is taken away; any other that breaks the chain is an error (corrupt).
  static Result<std::unique_ptr<WalkLedger>> open(const std::string& path, const std::string& walk,
                                                  Recordings& heard);
  ~WalkLedger() override;

  /// Where what comes now is noted.
  void set_area(std::string area) { area_ = std::move(area); }

  void note(const protocols::link::LedgerEntry& entry) override;
  bool failed() const override { return error_ != 0; }

  /// Brings all to the disk. Errors: io.
  Result<void> finish();

  std::uint64_t count() const { return count_; }
  const std::string& head() const { return chain_.head(); }

 private:
  WalkLedger(std::string path, int descriptor, const std::string& walk)
      : path_(std::move(path)), descriptor_(descriptor), chain_(walk) {}

  Result<void> read(Recordings& heard);
  void write(const std::string& line);

  std::string path_;
  int descriptor_;
  bundle::Chain chain_;
  std::uint64_t count_ = 0;
  std::string area_;
  int error_ = 0;
  std::chrono::steady_clock::time_point synced_{};
};

}  // namespace ot::agent::survey
