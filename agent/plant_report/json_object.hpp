#pragma once

#include <string_view>

#include "agent/plant_report/model.hpp"
#include "agent/records_json.hpp"

namespace ot::agent::plant_report {

/// Writes an object member by member, and its lists element by element, so that it never has to
/// be in memory whole.
class JsonObject {
 public:
  explicit JsonObject(const Sink& sink) : sink_(sink) {}

  /// Null, and an object or a list with nothing in it, is left out.
  void member(std::string_view key, const Json& value);

  void begin_list(std::string_view key);
  void element(const Json& value);
  void end_list();

  /// Ends the object with a line feed.
  void finish();

 private:
  void begin_member(std::string_view key);

  const Sink& sink_;
  bool empty_ = true;
  bool list_empty_ = true;
};

}  // namespace ot::agent::plant_report
