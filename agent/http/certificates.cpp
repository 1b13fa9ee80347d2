#include "agent/http/certificates.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <boost/asio/ssl/context.hpp>

#include "agent/http/secret_file.hpp"
#include "agent/http/tls_context.hpp"

namespace ot::agent::http {
namespace {

void note_dates(LoadedCertificates& loaded, const std::string& path, Time now) {
  const auto* certificate = ::SSL_CTX_get0_certificate(loaded.context->native_handle());
  const auto begins = time_of(::X509_get0_notBefore(certificate));
  loaded.expires = time_of(::X509_get0_notAfter(certificate));
  if (loaded.expires <= now) {
    loaded.warnings.push_back(
        fmt::format("\"{}\": the certificate expired on {}; clients will "
                    "refuse it",
                    path, iso8601(loaded.expires)));
  }
  if (begins > now) {
    loaded.warnings.push_back(
        fmt::format("\"{}\": the certificate is not valid before {}; is the "
                    "clock right?",
                    path, iso8601(begins)));
  }
}

}  // namespace

Result<LoadedCertificates> load_certificates(const CertificateFiles& files, Time now) {
  LoadedCertificates loaded{.context = make_context(Side::server), .expires = {}, .warnings = {}};
  if (auto used = use_chain(*loaded.context, files.chain); !used) {
    return fail(std::move(used).error());
  }
  if (auto used = use_key(*loaded.context, files.key, Readers::anybody); !used) {
    return fail(std::move(used).error());
  }
  note_dates(loaded, files.chain, now);
  if (const auto secret = read_named_key(files.key, Readers::owner_alone); !secret) {
    loaded.warnings.push_back(secret.error().text());
  }
  return loaded;
}

}  // namespace ot::agent::http
