#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace ot::agent {

/// Metrics in Prometheus' text format (version 0.0.4), family after family.
class MetricsText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// Begins a family; `kind` is "gauge" or "counter", and a counter's name ends in _total.
  void family(std::string_view name, std::string_view kind, std::string_view help);

  /// A sample of the family that was begun last.
  void sample(double value, Labels labels = {});

  std::string take() { return std::move(text_); }

 private:
  std::string name_;
  std::string text_;
};

/// What this process uses, as /proc/self tells it; 0 where it doesn't.
struct ProcessUse {
  double cpu_seconds = 0;
  double resident_bytes = 0;
  double open_files = 0;
};
ProcessUse process_use();

}  // namespace ot::agent
