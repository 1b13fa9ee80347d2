#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "agent/uplink/csam_reply.hpp"
#include "base/text.hpp"

namespace {

using namespace ot::agent;

const std::vector<std::string> kSent = {"rackscout/11111111-1111-5111-8111-111111111111",
                                        "rackscout/22222222-2222-5222-8222-222222222222", "k"};

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

/// Short, and nothing in it that a terminal would obey.
bool is_plain(const std::string& text) {
  return text.size() <= kLongestCsamReason && ot::is_utf8(text) &&
         ot::escape_for_terminal(text) == text;
}

/// Nobody is blamed that was not sent, and nobody without a reason.
void check(unsigned status, std::string_view body, std::span<const std::string> sent) {
  const auto reply = read_csam_reply(status, body, sent);
  require(is_plain(reply.message));
  for (const auto& [key, reason] : reply.failed) {
    require(std::find(sent.begin(), sent.end(), key) != sent.end());
    require(!reason.empty() && is_plain(reason));
  }
  require(reply.whole_failed || (status >= 200 && status < 300));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  check(200, body, kSent);
  check(207, body, {kSent.data(), 1});
  check(400, body, {});
  return 0;
}
