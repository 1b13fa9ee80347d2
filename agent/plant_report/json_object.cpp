#include "agent/plant_report/json_object.hpp"

#include "agent/json_text.hpp"

namespace ot::agent::plant_report {

void JsonObject::begin_member(std::string_view key) {
  sink_(empty_ ? "{\n  " : ",\n  ");
  empty_ = false;
  sink_(json_text(Json(key), -1) + ": ");
}

void JsonObject::member(std::string_view key, const Json& value) {
  if (value.empty()) {  // a number or a text never is
    return;
  }
  begin_member(key);
  sink_(std::string_view(indented(json_text(value, 2), 2)).substr(2));
}

void JsonObject::begin_list(std::string_view key) {
  begin_member(key);
  sink_("[");
  list_empty_ = true;
}

void JsonObject::element(const Json& value) {
  sink_((list_empty_ ? "\n" : ",\n") + indented(json_text(value, 2), 4));
  list_empty_ = false;
}

void JsonObject::end_list() {
  sink_(list_empty_ ? "]" : "\n  ]");
}

void JsonObject::finish() {
  sink_(empty_ ? "{}\n" : "\n}\n");
}

}  // namespace ot::agent::plant_report
