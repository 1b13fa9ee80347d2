#include "agent/http/gate.hpp"

#include <algorithm>
#include <array>

#include <boost/asio/ip/address.hpp>

namespace ot::agent::http {

namespace ip = boost::asio::ip;

/// Each token is compared, so that the time tells nothing of which one it was.
Result<Caller> Gate::check(std::string_view bearer, Time now) const {
  Caller caller;
  caller.reads = credentials_.token && credentials_.token->matches(bearer);
  for (const auto& [sensor, token] : credentials_.sensors) {
    if (token.matches(bearer)) {
      caller.sensor = sensor;
    }
  }
  if (caller.reads || !caller.sensor.empty()) {
    return caller;
  }
  if (!credentials_.jwt) {
    return fail(Errc::forbidden, "it is not the token");
  }
  const auto claims = credentials_.jwt->verify(bearer, now);
  if (!claims) {
    return fail(claims.error());
  }
  caller.reads = true;
  caller.sensor = credentials_.jwt_sensors ? claims->subject : std::string();
  return caller;
}

Gate::Decision Gate::decide(const std::string& address, std::string_view bearer, Moment now) {
  if (bearer.empty()) {
    return {};
  }
  const auto digest = sha256(bearer);
  const auto wait = back_off_.wait_of(address, now.steady);
  if (wait > std::chrono::seconds(0) && !back_off_.knows(address, digest)) {
    return {.verdict = Verdict::waits, .wait = wait, .reason = {}};
  }
  auto checked = check(bearer, now.wall);
  if (!checked) {
    // During a wait it is one that was right before, and has ended, say: no try.
    back_off_.forget(address, digest);
    const auto began = wait > std::chrono::seconds(0) ? wait : back_off_.fail(address, now.steady);
    return {.verdict = Verdict::wrong, .wait = began, .reason = checked.error().message()};
  }
  back_off_.succeed(address, digest);
  return {.verdict = Verdict::admitted, .wait = {}, .reason = {}, .caller = std::move(*checked)};
}

std::string address_group(const std::string& address) {
  boost::system::error_code failed;
  const auto parsed = ip::make_address(address, failed);
  if (failed || parsed.is_v4()) {
    return address;
  }
  if (parsed.to_v6().is_v4_mapped()) {
    return ip::make_address_v4(ip::v4_mapped, parsed.to_v6()).to_string();
  }
  auto bytes = parsed.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return ip::address_v6(bytes).to_string() + "/64";
}

}  // namespace ot::agent::http
