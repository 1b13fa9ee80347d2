#include "agent/http/reply_reader.hpp"

#include <fmt/format.h>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/text.hpp"

namespace ot::agent::http {
namespace {

namespace beast_http = boost::beast::http;

/// No remainder of a chunked body is shorter than its last chunk, "0\r\n\r\n". Beast
/// 1.81 asserts so, and wants to be asked no sooner.
constexpr std::size_t kLastChunk = 5;

/// RFC 9110, 15.2: a server may send any number of them.
constexpr unsigned kMostInterim = 16;

std::string text_of(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

tl::unexpected<Error> no_reply(std::string_view why) {
  return fail(Errc::malformed, fmt::format("this is no HTTP/1.1 reply: {}", why));
}

tl::unexpected<Error> refusal_of(beast_http::error error, std::uint64_t most) {
  switch (error) {
    case beast_http::error::header_limit:
      return fail(Errc::too_large, fmt::format("the head of the reply is over {} KiB",
                                               ReplyReader::kHeadLimit / 1024));
    case beast_http::error::body_limit:
      return fail(Errc::too_large, fmt::format("the reply is over {} bytes", most));
    default: return no_reply(beast_http::make_error_code(error).message());
  }
}

/// What Beast lets pass: another encoding than chunked leaves open where the body ends.
bool has_sound_framing(const Reply& reply, bool http_1_0) {
  unsigned codings = 0;
  for (const auto& [name, value] : reply.headers) {
    if (equals_ignoring_case(name, "Transfer-Encoding")) {
      ++codings;
      if (http_1_0 || codings > 1 || !equals_ignoring_case(trim(value), "chunked")) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

std::string_view Reply::header(std::string_view name) const {
  for (const auto& [known, value] : headers) {
    if (equals_ignoring_case(known, name)) {
      return value;
    }
  }
  return {};
}

struct ReplyReader::Parser {
  beast_http::response_parser<beast_http::string_body> beast;
};

ReplyReader::ReplyReader(std::uint64_t most, To to) : most_(most), to_(to) {
  begin();
}

ReplyReader::~ReplyReader() = default;

void ReplyReader::begin() {
  parser_ = std::make_unique<Parser>();
  parser_->beast.header_limit(kHeadLimit);
  parser_->beast.body_limit(most_);
  parser_->beast.skip(to_ == To::connect);
}

ReplyReader::Lacks ReplyReader::lacking() const {
  return parser_->beast.is_done() && has_head_ ? Lacks::nothing
         : has_head_                           ? Lacks::body
                                               : Lacks::head;
}

/// Makes room for the reply that an interim one announces.
Result<void> ReplyReader::skip_interim() {
  constexpr unsigned kSwitchingProtocols = 101;
  if (parser_->beast.get().result_int() == kSwitchingProtocols) {
    return no_reply("it changes to a protocol that nobody asked for");
  }
  if (++interim_ > kMostInterim) {
    return no_reply(fmt::format("over {} interim replies", kMostInterim));
  }
  begin();
  return {};
}

/// Looks at the head once it is there, before any of the body is.
Result<void> ReplyReader::take_head() {
  constexpr unsigned kFirstInterim = 100;
  constexpr unsigned kFirstFinal = 200;
  const auto& response = parser_->beast.get();
  const auto status = response.result_int();
  if (status < kFirstInterim) {
    return no_reply("its status is below 100");
  }
  if (status < kFirstFinal) {
    return skip_interim();
  }
  has_head_ = true;
  reply_.status = status;
  reply_.reason = text_of(response.reason());
  for (const auto& field : response) {
    reply_.headers.emplace_back(text_of(field.name_string()), text_of(field.value()));
  }
  if (!has_sound_framing(reply_, response.version() == 10)) {
    return no_reply("the only Transfer-Encoding read here is chunked, and in HTTP/1.1");
  }
  return {};
}

void ReplyReader::finish() {
  if (lacking() == Lacks::nothing) {
    keeps_alive_ = parser_->beast.keep_alive();
    reply_.body = std::move(parser_->beast.get().body());
  }
}

Result<ReplyReader::Lacks> ReplyReader::take(std::string& bytes) {
  while (lacking() != Lacks::nothing && !bytes.empty()) {
    auto& beast = parser_->beast;
    if (has_head_ && beast.chunked() && bytes.size() < kLastChunk) {
      break;
    }
    boost::beast::error_code code;
    const auto taken = beast.put(boost::asio::buffer(bytes), code);
    bytes.erase(0, taken);
    taken_ += taken;
    if (code == beast_http::error::need_more) {
      break;
    }
    if (code) {
      return refusal_of(static_cast<beast_http::error>(code.value()), most_);
    }
    if (!has_head_ && beast.is_header_done()) {
      if (auto sound = take_head(); !sound) {
        return fail(std::move(sound).error());
      }
    }
  }
  // A chunk's own head has no limit of Beast's.
  if (bytes.size() > kHeadLimit && lacking() != Lacks::nothing) {
    return refusal_of(beast_http::error::header_limit, most_);
  }
  finish();
  return lacking();
}

Result<void> ReplyReader::end(const std::string& rest) {
  if (!has_head_ || !parser_->beast.need_eof()) {
    return fail(cut_short(rest));
  }
  boost::beast::error_code code;
  parser_->beast.put_eof(code);
  if (code) {
    return fail(cut_short(rest));
  }
  finish();
  keeps_alive_ = false;
  return {};
}

Error ReplyReader::cut_short(const std::string& rest) const {
  const auto size = taken_ + rest.size();
  return {Errc::closed, size == 0 ? "the connection ended before a reply came"
                                  : fmt::format("the reply was cut short after {} bytes", size)};
}

}  // namespace ot::agent::http
