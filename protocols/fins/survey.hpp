#pragma once

#include "protocols/fins/controller_data.hpp"
#include "protocols/fins/conversation.hpp"
#include "protocols/probe.hpp"

namespace ot::protocols::fins {

/// Takes what a PLC says into an observation, answer by answer.
class Survey {
 public:
  Survey();

  /// 05 01 of the CPU, or why there is none.
  void take_cpu(const Reply& reply);

  enum class Next : std::uint8_t { page, done };
  /// 05 02 from `next_unit()` on: whether another page has to be asked for.
  Next take_units(const Reply& reply);
  /// Where the next page begins.
  std::uint8_t next_unit() const { return next_unit_; }
  void end_units_early(std::string why);

  /// The CPU bus units that 05 02 named and that may be asked.
  std::vector<std::uint8_t> bus_units() const;
  void take_bus_unit(std::uint8_t address, const Reply& reply);
  void note_silent_bus_unit(std::uint8_t address);

  bool is_safety_controller() const { return !seen_.safety.empty(); }
  void note(std::string line) { seen_.notes.push_back(std::move(line)); }

  /// What was learnt, and why it is not all; that reason alone when it was nothing.
  Result<Observation> finish(std::optional<Error> why);

 private:
  void name_cpu(std::string model);
  Next take_page(const UnitPage& page);
  void take_unit(ListedUnit unit);
  AddOn* add_on_at(std::uint8_t address);

  Observation seen_;
  std::optional<Error> cpu_failure_;
  std::uint8_t next_unit_ = 0;
  bool has_cpu_data_ = false;
  std::vector<std::uint8_t> addresses_;  ///< of the add-ons, in their order
};

}  // namespace ot::protocols::fins
