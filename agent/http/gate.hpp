#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/http/back_off.hpp"
#include "agent/http/clock.hpp"
#include "agent/http/jwt.hpp"
#include "agent/http/token.hpp"

namespace ot::agent::http {

/// The token of one that sends records here.
struct SensorToken {
  std::string sensor;
  Token token;
};

/// What is accepted. The token and a JWT may read; who may send is a sensor.
struct Credentials {
  std::optional<Token> token;
  std::optional<JwtCheck> jwt;
  std::vector<SensorToken> sensors = {};
  bool jwt_sensors = false;  ///< a JWT is its subject's, as a sensor
};

/// Whom a credential stands for.
struct Caller {
  bool reads = false;
  std::string sensor;  ///< it may send as; empty: it may not
};

/// Decides who comes in. It has no clock of its own.
class Gate {
 public:
  enum class Verdict : std::uint8_t {
    admitted,
    missing,  ///< no token at all: costs nothing, and learns nothing
    wrong,
    waits,  ///< too many wrong ones came from there: not looked at
  };
  struct Decision {
    Verdict verdict = Verdict::missing;
    std::chrono::seconds wait{0};  ///< what is left of it, or begins now
    std::string reason;            ///< for the log
    Caller caller = {};            ///< who was admitted
  };

  explicit Gate(Credentials credentials) : credentials_(std::move(credentials)) {}

  /// `address`: what counts as one client (see address_group). `bearer`: empty for none.
  Decision decide(const std::string& address, std::string_view bearer, Moment now);

  /// From now on; what is known of addresses stays.
  void accept(Credentials credentials) { credentials_ = std::move(credentials); }

 private:
  Result<Caller> check(std::string_view bearer, Time now) const;

  Credentials credentials_;
  BackOff back_off_;
};

/// The address as it is; of an IPv6 address its network, "2001:db8:1:2::/64", because one
/// host has as many addresses there as it likes. IPv4 in IPv6's clothes is IPv4.
std::string address_group(const std::string& address);

}  // namespace ot::agent::http
