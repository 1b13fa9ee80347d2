#include "agent/http/reader.hpp"

#include <optional>

#include <fmt/format.h>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/text.hpp"

namespace ot::agent::http {
namespace {

namespace beast_http = boost::beast::http;
using beast_http::field;
using Fields = beast_http::fields;

/// No remainder of a chunked body is shorter than its last chunk, "0\r\n\r\n". Beast
/// 1.81 asserts so, and wants to be asked no sooner.
constexpr std::size_t kLastChunk = 5;

std::string text_of(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

std::vector<std::string> values(const Fields& fields, field name) {
  std::vector<std::string> all;
  const auto range = fields.equal_range(name);
  for (auto at = range.first; at != range.second; ++at) {
    all.push_back(text_of(at->value()));
  }
  return all;
}

/// A field that may come in pieces, as one list.
std::string listed(const Fields& fields, field name) {
  return fmt::format("{}", fmt::join(values(fields, name), ","));
}

Response bad_request(std::string_view message) {
  return refusal(Status::bad_request, "BAD_REQUEST", message);
}

Response too_long_body() {
  return refusal(Status::content_too_large, "CONTENT_TOO_LARGE",
                 "the body is longer than is taken here; send less at once");
}

Response refusal_of(beast_http::error error) {
  switch (error) {
    case beast_http::error::header_limit:
      return refusal(Status::head_too_large, "HEAD_TOO_LARGE",
                     fmt::format("the head is over {} KiB", RequestReader::kHeadLimit / 1024));
    case beast_http::error::body_limit: return too_long_body();
    default:
      return bad_request(fmt::format("this is no HTTP/1.1 request: {}",
                                     beast_http::make_error_code(error).message()));
  }
}

/// What Beast lets pass: an encoding but chunked leaves open where the body ends, and
/// a proxy in front might find another end.
std::optional<Response> objection_to_framing(const Fields& fields, bool http_1_0) {
  const auto codings = values(fields, field::transfer_encoding);
  if (!codings.empty() &&
      (http_1_0 || codings.size() > 1 || !equals_ignoring_case(trim(codings[0]), "chunked"))) {
    return bad_request("the only Transfer-Encoding read here is chunked, and in HTTP/1.1");
  }
  return std::nullopt;
}

std::optional<Response> objection_to_expectation(const std::string& expected) {
  if (expected.empty() || equals_ignoring_case(expected, "100-continue")) {
    return std::nullopt;
  }
  return refusal(Status::expectation_failed, "EXPECTATION_FAILED",
                 "the only expectation met here is 100-continue");
}

std::optional<std::uint64_t> length_of(
    const beast_http::request_parser<beast_http::string_body>& parser) {
  const auto length = parser.content_length();
  return length ? std::optional<std::uint64_t>(*length) : std::nullopt;
}

}  // namespace

struct RequestReader::Parser {
  beast_http::request_parser<beast_http::string_body> beast;
};

RequestReader::RequestReader() : parser_(std::make_unique<Parser>()) {
  parser_->beast.header_limit(kHeadLimit);
  parser_->beast.body_limit(kMostBody);
}

RequestReader::~RequestReader() = default;

RequestReader::Lacks RequestReader::refuse(Response refusal) {
  refusal_ = std::move(refusal);
  return Lacks::reason;
}

RequestReader::Lacks RequestReader::lacking() const {
  return parser_->beast.is_done() ? Lacks::nothing : has_head_ ? Lacks::body : Lacks::head;
}

/// Looks at the head once it is there, before any of the body is.
RequestReader::Lacks RequestReader::look_at_head() {
  const auto& request = parser_->beast.get();
  const Fields& fields = request;
  has_head_ = true;
  head_.method = text_of(request.method_string());
  head_.target = text_of(request.target());
  head_.http_1_0 = request.version() == 10;
  head_.keeps_alive = parser_->beast.keep_alive();
  head_.hosts = values(fields, field::host);
  head_.authorizations = values(fields, field::authorization);
  head_.accept_encoding = listed(fields, field::accept_encoding);
  head_.content_encodings = values(fields, field::content_encoding);
  head_.content_length = parser_->beast.is_done() ? 0 : length_of(parser_->beast);
  const auto expected = listed(fields, field::expect);
  if (auto objection = objection_to_framing(fields, head_.http_1_0)) {
    return refuse(std::move(*objection));
  }
  if (auto objection = objection_to_expectation(expected); objection && !head_.http_1_0) {
    return refuse(std::move(*objection));
  }
  wants_continue_ = !head_.http_1_0 && !expected.empty() && !parser_->beast.is_done();
  return lacking();
}

RequestReader::Lacks RequestReader::limit_body(std::uint64_t most) {
  is_limited_ = true;
  parser_->beast.body_limit(most);
  return head_.content_length.value_or(0) > most ? refuse(too_long_body()) : lacking();
}

std::string RequestReader::take_body() {
  return std::move(parser_->beast.get().body());
}

RequestReader::Lacks RequestReader::take_head(std::string& bytes) {
  return take(bytes, Upto::head);
}

RequestReader::Lacks RequestReader::take(std::string& bytes) {
  const auto lacks = has_head_ ? lacking() : take(bytes, Upto::head);
  if (lacks != Lacks::body) {
    return lacks;
  }
  if (!is_limited_ && limit_body(kBodyLimit) == Lacks::reason) {
    return Lacks::reason;
  }
  return take(bytes, Upto::end);
}

RequestReader::Lacks RequestReader::take(std::string& bytes, Upto upto) {
  // RFC 9112, 2.2: some clients end a body with line breaks too many.
  while (!has_begun_ && bytes.compare(0, 2, "\r\n") == 0) {
    bytes.erase(0, 2);
  }
  if (!has_begun_ && bytes == "\r") {
    return Lacks::head;
  }
  auto& beast = parser_->beast;
  while (!beast.is_done() && !bytes.empty()) {
    if (has_head_ && beast.chunked() && bytes.size() < kLastChunk) {
      break;
    }
    has_begun_ = true;
    boost::beast::error_code code;
    bytes.erase(0, beast.put(boost::asio::buffer(bytes), code));
    if (code == beast_http::error::need_more) {
      break;
    }
    if (code) {
      return refuse(refusal_of(static_cast<beast_http::error>(code.value())));
    }
    if (!has_head_ && beast.is_header_done()) {
      if (look_at_head() == Lacks::reason) {
        return Lacks::reason;
      }
      if (upto == Upto::head) {
        break;
      }
    }
  }
  // A chunk's own head has no limit of Beast's.
  if (bytes.size() > kHeadLimit && lacking() != Lacks::nothing &&
      !(has_head_ && upto == Upto::head)) {
    return refuse(refusal_of(beast_http::error::header_limit));
  }
  return lacking();
}

}  // namespace ot::agent::http
