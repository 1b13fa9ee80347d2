// Every folder below csam/replies holds an answer of the platform and what must be read
// from it: csam/README.md.
#include "agent/uplink/csam_reply.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "base/number.hpp"
#include "base/text.hpp"
#include "tests/catch.hpp"
#include "tests/parsers/case.hpp"

namespace ot::agent::test {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kSent = {"rackscout/11111111-1111-5111-8111-111111111111",
                                        "rackscout/22222222-2222-5222-8222-222222222222",
                                        "rackscout/33333333-3333-5333-8333-333333333333"};

std::string text_of(unsigned status, const CsamReply& reply) {
  auto text = fmt::format("status {}\nunderstood {}\nwhole failed {}\nmessage {}\n", status,
                          reply.understood, reply.whole_failed, reply.message);
  for (const auto& [key, reason] : reply.failed) {
    text += fmt::format("failed {}: {}\n", key.substr(0, 11), reason);
  }
  return text;
}

unsigned status_in(const std::string& expected) {
  const auto line = expected.substr(0, expected.find('\n'));
  return whole_number<unsigned>(line.substr(line.find(' ') + 1)).value_or(0);
}

CsamReply reply_of(const std::string& body) {
  return read_csam_reply(200, body, kSent);
}

/// {"assetsError": ...}
CsamReply errors_of(const std::string& errors) {
  return reply_of(R"({"assetsError":)" + errors + "}");
}

bool is_plain(const std::string& text) {
  return text.size() <= kLongestCsamReason && is_utf8(text) && escape_for_terminal(text) == text;
}

}  // namespace

TEST_CASE("every answer is read as is expected of it", "[csam][cases]") {
  std::size_t cases = 0;
  for (const auto& folder :
       fs::directory_iterator(RACKSCOUT_TESTS_DIR "/agent/uplink/csam/replies")) {
    DYNAMIC_SECTION(folder.path().filename().string()) {
      const auto expected = tests::content_of(folder.path() / "expected");
      const auto status = status_in(expected);
      const auto body = tests::content_of(folder.path() / "body");
      CHECK(text_of(status, read_csam_reply(status, body, kSent)) == expected);
    }
    ++cases;
  }
  CHECK(cases >= 25);
}

TEST_CASE("an error that names no asset is that of the only one that was sent", "[csam]") {
  const std::span one(kSent.data(), 1);
  const auto reply = read_csam_reply(207, R"({"assetsError":[{"errorMessage":"no"}]})", one);
  CHECK(reply.failed == std::map<std::string, std::string>{{kSent[0], "no"}});
  CHECK_FALSE(reply.whole_failed);
  const auto other = read_csam_reply(207, R"({"assetsError":{"rackscout/x":"no"}})", one);
  CHECK(other.failed.empty());
  CHECK(other.message == "rackscout/x: no");
}

TEST_CASE("an answer without a body tells by its status alone", "[csam]") {
  for (const auto& [status, failed] :
       std::map<unsigned, bool>{{200, false}, {202, false}, {302, true}, {503, true}, {0, true}}) {
    const auto reply = read_csam_reply(status, "", kSent);
    CHECK(reply.whole_failed == failed);
    CHECK_FALSE(reply.understood);
    CHECK(reply.message.empty());
    CHECK(reply.failed.empty());
  }
}

TEST_CASE("an answer that is too large or too deep is not read", "[csam]") {
  const std::string large(kLongestCsamReply, ' ');
  CHECK(reply_of(R"({"responseCode":"x"})" + large.substr(100)).understood);
  const auto reply = reply_of(R"({"responseCode":"x"})" + large);
  CHECK_FALSE(reply.understood);
  CHECK(reply.message == "the answer is larger than 1 MiB");
  const auto deep = [](std::size_t levels) {
    return errors_of(std::string(levels, '[') + "\"x\"" + std::string(levels, ']'));
  };
  CHECK(deep(10).understood);
  CHECK_FALSE(deep(20).understood);
  CHECK_FALSE(deep(100'000).understood);
}

TEST_CASE("what an answer says is cut and can't obey on a terminal", "[csam]") {
  const std::string wide = std::string(499, 'x') + "\xC3\xA9\xC3\xA9";
  auto reply = errors_of("{\"" + kSent[0] + "\":\"" + wide + "\"}");
  CHECK(reply.failed[kSent[0]] == std::string(499, 'x'));
  reply = errors_of("{\"" + kSent[0] + R"(":"a\nb\u001b[2J\u202ec"})");
  CHECK(reply.failed[kSent[0]] == R"(a b\x1b[2J\u{202e}c)");
  reply = reply_of("<html>\x1b]0;x\x07\xff" + std::string(1000, '\x9b'));
  CHECK_FALSE(reply.understood);
  CHECK(is_plain(reply.message));
  CHECK(reply.message.starts_with(R"(<html>\x1b]0;x\x07\xff\x9b)"));
}

TEST_CASE("more errors than a message has room for are counted", "[csam]") {
  std::string errors;
  for (int i = 0; i < 1000; ++i) {
    errors += fmt::format("{}\"unknown {}\":\"{}\"", i == 0 ? "" : ",", i, std::string(90, 'x'));
  }
  const auto reply = reply_of(R"({"message":"some failed","assetsError":{)" + errors + "}}");
  CHECK(reply.failed.empty());
  CHECK(reply.message.starts_with("some failed; unknown 0: xxx"));
  CHECK(reply.message.ends_with("; and 997 more"));
  CHECK(is_plain(reply.message));
}

TEST_CASE("many members with many errors each are read in a moment", "[csam]") {
  std::string errors;
  while (errors.size() < kLongestCsamReply - 200) {
    errors += fmt::format("{}\"k{}\":[]", errors.empty() ? "" : ",", errors.size());
  }
  const auto reply = errors_of("{" + errors + "}");
  CHECK(reply.understood);
  CHECK(is_plain(reply.message));
}

}  // namespace ot::agent::test
