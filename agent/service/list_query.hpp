#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/http/request.hpp"
#include "agent/http/response.hpp"
#include "agent/records_json.hpp"
#include "base/result.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// What a client wants of a list, as its parameters say.
struct ListQuery {
  std::string filter;
  std::string sort;
  std::uint64_t page_number = 0;
  std::uint64_t page_size = 10;
  Shape shape = Shape::platform;
};

/// What is wrong with a request, as the client reads it.
struct Refusal {
  std::string code;  ///< "INVALID_FILTER"
  Error error;
};

constexpr std::uint64_t kDefaultPageSize = 10;
constexpr std::uint64_t kMostPageSize = 100;

/// filter, pageNumber (from 0), pageSize (absent or 0: 10; at most 100), sort,
/// extended. Other parameters are the platform's, and change nothing here.
tl::expected<ListQuery, Refusal> list_query(const http::Parameters& parameters);

/// The 400 that tells it.
http::Response refusal_of(const Refusal& refused);

}  // namespace ot::agent
