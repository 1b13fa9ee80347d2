#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "agent/config/changes.hpp"
#include "agent/config/config_text.hpp"
#include "agent/config/read.hpp"

namespace {

using namespace ot::agent;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

/// Each finding says what is wrong, and names a line that there is.
void check_findings(const ReadConfig& read, std::string_view text) {
  const auto lines = std::count(text.begin(), text.end(), '\n') + 2;
  for (const auto& finding : read.findings) {
    require(!finding.message.empty() && !finding.hint.empty() && finding.file == "x");
    require(finding.at.line <= lines);
    static_cast<void>(text_of(finding));
  }
  require(read.config.has_value() != has_mistakes(read.findings));
}

/// What is taken can be written, and means the same when it is read again.
void check_writing(const Config& config) {
  const auto again = read_config(config_text(config), "x");
  require(again.config.has_value() && *again.config == config);
  require(changes(config, *again.config).empty());
  require(changes(config, {}).empty() == (config == Config{}));
}

void check_windows(const Config& config, std::size_t size) {
  const auto at = std::chrono::local_seconds(std::chrono::hours(size));
  require(!config.windows.empty() || is_open(config.windows, at));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = read_config(text, "x");
  check_findings(read, text);
  if (read.config) {
    check_writing(*read.config);
    check_windows(*read.config, size);
  }
  return 0;
}
