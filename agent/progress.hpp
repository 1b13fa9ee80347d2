#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ot::agent {

/// How far long work has come.
struct ProgressState {
  std::string title;
  std::optional<std::uint64_t> total;  ///< files; empty while nobody knows
  std::uint64_t done = 0;
  std::uint64_t bytes = 0;
  std::chrono::milliseconds elapsed{0};
  std::string found;  ///< what came of it so far: "12 found, 3 refused"
  std::string name;   ///< what is being read
};

/// "ingest [#####     ] 12/240  3.1 MiB/s  plant.cfg", at most `width` columns.
std::string progress_line(const ProgressState& state, std::size_t width);

/// A line on stderr that follows the work, on a terminal only: elsewhere
/// nothing is written at all.
class Progress {
 public:
  explicit Progress(std::string title);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Whether anybody sees it: if not, nothing needs to be counted.
  bool active() const { return active_; }

  /// How many files there are to do.
  void total(std::uint64_t files);

  /// One more file is done, so many bytes long.
  void step(std::string_view name, std::uint64_t bytes);

  /// What came of the work so far; shown with the next step.
  void tell(std::string found);

  /// Clears the line. Nothing is shown afterwards.
  void finish();

 private:
  void show();

  ProgressState state_;
  bool active_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace ot::agent
