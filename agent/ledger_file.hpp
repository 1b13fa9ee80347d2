#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "protocols/link/ledger.hpp"

namespace ot::agent {

/// A ledger as NDJSON, one line for each frame, appended as it happens. The file
/// is made with mode 0600.
class LedgerFile final : public protocols::link::Ledger {
 public:
  static Result<std::unique_ptr<LedgerFile>> open(const std::string& path);

  void note(const protocols::link::LedgerEntry& entry) override;

  bool failed() const override { return error_ != 0; }
  Result<void> finish();

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  LedgerFile(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}

  std::string path_;
  std::unique_ptr<std::FILE, Closer> file_;
  int error_ = 0;
};

}  // namespace ot::agent
