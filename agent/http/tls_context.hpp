#pragma once

#include <cstdint>
#include <string>

#include <boost/system/error_code.hpp>

#include "agent/http/certificates.hpp"
#include "agent/http/secret_file.hpp"
#include "base/result.hpp"

struct asn1_string_st;

namespace ot::agent::http {

/// What a server of ours and a client of ours have in common.
enum class Side : std::uint8_t { server, client };

/// TLS 1.2 and 1.3 with forward secrecy alone. A client's trusts nobody yet, and so
/// takes no connection.
TlsContext make_context(Side side);

/// The own certificate with those that signed it; PEM.
Result<void> use_chain(boost::asio::ssl::context& context, const std::string& path);

/// Its key; PEM without a passphrase. To be used after the chain. One for its owner alone may
/// be named as a credential.
Result<void> use_key(boost::asio::ssl::context& context, const std::string& path, Readers readers);

/// What OpenSSL said last, and forgets then: Asio takes it from OpenSSL's queue, or leaves
/// it there.
unsigned long openssl_code(const boost::system::error_code& failed);
std::string in_words(unsigned long openssl_code);

/// A file that doesn't hold what it should.
tl::unexpected<Error> unusable(const std::string& path, const std::string& why,
                               const std::string& hint);

Time time_of(const asn1_string_st* time);

}  // namespace ot::agent::http
