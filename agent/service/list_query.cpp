#include "agent/service/list_query.hpp"

#include <optional>

#include <fmt/format.h>

#include "base/number.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

using Fields = http::Parameters;

std::string_view value_of(const Fields& parameters, std::string_view name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string_view{} : std::string_view(found->second);
}

/// Absent: `otherwise`. Empty optional: no such number.
std::optional<std::uint64_t> number_of(const Fields& parameters, std::string_view name,
                                       std::uint64_t otherwise) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? otherwise : whole_number<std::uint64_t>(found->second);
}

tl::unexpected<Refusal> refuse(std::string code, std::string message) {
  return tl::unexpected<Refusal>(Refusal{std::move(code), {Errc::wrong_use, std::move(message)}});
}

}  // namespace

tl::expected<ListQuery, Refusal> list_query(const Fields& parameters) {
  ListQuery query;
  query.filter = value_of(parameters, "filter");
  query.sort = value_of(parameters, "sort");
  const auto number = number_of(parameters, "pageNumber", 0);
  const auto size = number_of(parameters, "pageSize", 0);
  if (!number) {
    return refuse("INVALID_PAGE", fmt::format("pageNumber \"{}\" is no number from 0 on",
                                              value_of(parameters, "pageNumber")));
  }
  if (!size || *size > kMostPageSize) {
    return refuse("INVALID_PAGE", fmt::format("pageSize \"{}\" is no number from 0 to {}",
                                              value_of(parameters, "pageSize"), kMostPageSize));
  }
  query.page_number = *number;
  query.page_size = *size == 0 ? kDefaultPageSize : *size;
  const auto extended = value_of(parameters, "extended");
  if (!extended.empty() && extended != "true" && extended != "false") {
    return refuse("INVALID_PARAMETER", "extended is true or false");
  }
  query.shape = extended == "true" ? Shape::extended : Shape::platform;
  return query;
}

http::Response refusal_of(const Refusal& refused) {
  const auto position = refused.error.position();
  std::string message = refused.error.message();
  if (!refused.error.hint().empty()) {
    message += "; " + refused.error.hint();
  }
  return http::refusal(http::Status::bad_request, refused.code, message,
                       position.unit == Position::Unit::none
                           ? std::nullopt
                           : std::optional<std::size_t>(position.value));
}

}  // namespace ot::agent
