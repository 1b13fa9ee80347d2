#pragma once

#include <openssl/evp.h>

#include "agent/bundle/key.hpp"
#include "agent/http/openssl_pointer.hpp"

namespace ot::agent::bundle {

using EvpKey = http::OpensslPointer<EVP_PKEY, ::EVP_PKEY_free>;

/// OpenSSL holds the secret bytes, and wipes them when it frees them.
struct PrivateKey::Secrets {
  EvpKey signing;
  EvpKey sealing;
};

}  // namespace ot::agent::bundle
