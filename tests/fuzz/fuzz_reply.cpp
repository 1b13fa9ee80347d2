#include <cstdint>
#include <cstdlib>

#include "agent/http/base64.hpp"
#include "agent/http/reply_reader.hpp"
#include "agent/http/trust.hpp"
#include "agent/http/tunnel.hpp"
#include "agent/http/url.hpp"
#include "base/text.hpp"

namespace {

using namespace ot::agent::http;

constexpr std::uint64_t kMost = 4096;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

/// What came of reading, and the bytes that were left.
struct Read {
  bool is_whole = false;
  Reply reply;
  std::string rest;
};

Read read_at_once(std::string text, ReplyReader::To to) {
  ReplyReader reader(kMost, to);
  const auto lacks = reader.take(text);
  Read read;
  read.is_whole = lacks && (*lacks == ReplyReader::Lacks::nothing || reader.end(text).has_value());
  read.reply = reader.take_reply();
  read.rest = std::move(text);
  return read;
}

Read read_in_pieces(std::string_view text, ReplyReader::To to) {
  ReplyReader reader(kMost, to);
  Read read;
  for (std::size_t i = 0; i < text.size(); ++i) {
    read.rest += text[i];
    const auto lacks = reader.take(read.rest);
    if (!lacks) {
      return read;
    }
    if (*lacks == ReplyReader::Lacks::nothing) {
      read.is_whole = true;
      read.rest += text.substr(i + 1);
      break;
    }
  }
  read.is_whole = read.is_whole || reader.end(read.rest).has_value();
  read.reply = reader.take_reply();
  return read;
}

/// The same reply comes out whole and in pieces, and is within its limits.
void check_reply(std::string_view text, ReplyReader::To to) {
  const auto one = read_at_once(std::string(text), to);
  const auto other = read_in_pieces(text, to);
  require(one.is_whole == other.is_whole);
  if (!one.is_whole) {
    return;
  }
  require(one.reply.status >= 200 && one.reply.status < 1000 && one.reply.body.size() <= kMost);
  require(one.reply.status == other.reply.status && one.reply.body == other.reply.body);
  require(one.reply.headers == other.reply.headers && one.rest == other.rest);
  require(to == ReplyReader::To::request || one.reply.body.empty());
}

/// What a proxy says can be shown.
void check_tunnel(std::string_view text) {
  const auto read = read_at_once(std::string(text), ReplyReader::To::connect);
  Url target;
  target.host = "hub";
  const auto judged = judge_tunnel(read.reply, read.rest.empty(), target, Proxy(target, "joe"));
  require(judged || (ot::is_utf8(judged.error().text()) &&
                     judged.error().text().find('\x1B') == std::string::npos));
}

void check_texts(std::string_view text) {
  if (const auto url = parse_url(text)) {
    const auto again = parse_url(url->scheme + "://" + url->authority() + url->path);
    require(again && again->host == url->host && again->port == url->port &&
            again->path == url->path);
    require(is_loopback(*again) == is_loopback(*url));
  }
  if (const auto bytes = from_base64(text)) {
    require(base64(*bytes) == text);
  }
  if (const auto pin = parse_pin(text)) {
    require(parse_pin(pin_text(*pin)) == *pin);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_reply(text, ReplyReader::To::request);
  check_reply(text, ReplyReader::To::connect);
  check_tunnel(text);
  check_texts(text);
  return 0;
}
