#include "store/query/functions.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "base/uuid.hpp"
#include "store/add_ons.hpp"
#include "store/query/text_matcher.hpp"

namespace ot::store::query {
namespace {

using Function = void (*)(sqlite3_context*, int, sqlite3_value**);

std::string_view text_of(sqlite3_value* value) {
  const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
  return bytes == nullptr ? std::string_view{} : std::string_view(bytes, size);
}

std::optional<std::uint32_t> number_of(sqlite3_value* value) {
  if (sqlite3_value_type(value) == SQLITE_NULL) {
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(sqlite3_value_int64(value));
}

Uuid uuid_of(sqlite3_value* value) {
  const auto bytes = text_of(value);
  Uuid uuid;
  std::copy_n(bytes.begin(), std::min(bytes.size(), uuid.bytes.size()), uuid.bytes.begin());
  return uuid;
}

void answer(sqlite3_context* context, const Uuid& uuid) {
  const std::string text = uuid.text();
  sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

void matches(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  auto* matcher = static_cast<TextMatcher*>(sqlite3_value_pointer(values[1], kMatcherType));
  const bool has_text = sqlite3_value_type(values[0]) != SQLITE_NULL;
  sqlite3_result_int(
      context, matcher != nullptr && has_text && matcher->matches(text_of(values[0])) ? 1 : 0);
}

void uuid_text(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  answer(context, uuid_of(values[0]));
}

void head_uuid(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  // As the records' JSON has it.
  answer(context, uuid_v5(uuid_of(values[0]), "head module"));
}

void add_on_uuid(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  PlacedAddOn add_on;
  add_on.occurrence = number_of(values[1]).value_or(0);
  add_on.record.bus = text_of(values[2]);
  add_on.record.slave_address = number_of(values[3]);
  add_on.record.unit_address = text_of(values[4]);
  add_on.record.rack = number_of(values[5]);
  add_on.record.slot = number_of(values[6]);
  add_on.record.subslot = number_of(values[7]);
  answer(context, store::add_on_uuid(uuid_of(values[0]), add_on));
}

void sensor_name(sqlite3_context* context, int /*count*/, sqlite3_value** /*values*/) {
  const auto& name = *static_cast<const std::string*>(sqlite3_user_data(context));
  sqlite3_result_text(context, name.data(), static_cast<int>(name.size()), SQLITE_TRANSIENT);
}

struct Named {
  const char* name;
  int values;
  Function call;
};
constexpr std::array<Named, 5> kFunctions = {{
    {"matches", 2, matches},
    {"uuid_text", 1, uuid_text},
    {"head_uuid", 1, head_uuid},
    {"add_on_uuid", 8, add_on_uuid},
    {"sensor_name", 0, sensor_name},
}};

}  // namespace

int register_functions(sqlite3* connection, std::string* sensor_name) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  for (const Named& function : kFunctions) {
    const int code =
        sqlite3_create_function_v2(connection, function.name, function.values, kFlags, sensor_name,
                                   function.call, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
      return code;
    }
  }
  return SQLITE_OK;
}

}  // namespace ot::store::query
