// Dates of certificates: those that 32 bits of seconds can't say, and a clock that shows such.
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <boost/asio/ssl/context.hpp>

#include "agent/http/certificates.hpp"
#include "agent/http/message.hpp"
#include "agent/http/openssl_pointer.hpp"
#include "agent/http/peer_check.hpp"
#include "agent/http/tls_context.hpp"
#include "agent/http/trust.hpp"
#include "tests/agent/http/authority.hpp"
#include "tests/catch.hpp"

using namespace ot;
using namespace ot::agent::http;
using Catch::Matchers::Contains;
using std::chrono::hours;
using tests::Authority;

namespace {

constexpr hours kYear{24 * 365};

Time asn1(const char* text) {
  const OpensslPointer<ASN1_TIME, ::ASN1_TIME_free> time(::ASN1_TIME_new());
  REQUIRE(::ASN1_TIME_set_string(time.get(), text) == 1);
  return time_of(time.get());
}

int ask(int is_verified, X509_STORE_CTX* at) {
  auto* check = static_cast<PeerCheck*>(::X509_STORE_CTX_get_app_data(at));
  return check->accepts(is_verified == 1, at) ? 1 : 0;
}

OpensslPointer<X509, ::X509_free> read(const std::string& path) {
  const OpensslPointer<BIO, ::BIO_free> file(::BIO_new_file(path.c_str(), "r"));
  REQUIRE(file != nullptr);
  return OpensslPointer<X509, ::X509_free>(
      ::PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
}

/// What is against hub.crt at that time; empty: nothing.
std::string objection(const Authority& plant, Time at) {
  Trust trust;
  trust.ca = plant.path("ca.crt");
  const auto context = load_trust(trust);
  REQUIRE(context);
  auto* native = (*context)->native_handle();
  const OpensslPointer<SSL, ::SSL_free> connection(::SSL_new(native));
  PeerCheck check(parse_url("https://127.0.0.1/").value(), {}, at);
  REQUIRE(check.prepare(connection.get()));
  const auto certificate = read(plant.path("hub.crt"));
  const OpensslPointer<X509_STORE_CTX, ::X509_STORE_CTX_free> verifying(::X509_STORE_CTX_new());
  ::X509_STORE_CTX_init(verifying.get(), ::SSL_CTX_get_cert_store(native), certificate.get(),
                        nullptr);
  ::X509_VERIFY_PARAM_set1(::X509_STORE_CTX_get0_param(verifying.get()),
                           ::SSL_get0_param(connection.get()));
  ::X509_STORE_CTX_set_app_data(verifying.get(), &check);
  ::X509_STORE_CTX_set_verify_cb(verifying.get(), ask);
  const bool is_verified = ::X509_verify_cert(verifying.get()) == 1;
  CHECK(is_verified == check.has_accepted());
  return check.objection() ? check.objection()->text() : "";
}

}  // namespace

TEST_CASE("certificates may end after 2038", "[http][tls][2038]") {
  CHECK(asn1("20380119031408Z") == Time(std::chrono::seconds(2'147'483'648)));
  CHECK(asn1("20501231235959Z") == parse_iso8601("2050-12-31T23:59:59Z"));
  CHECK(asn1("99991231235959Z") == parse_iso8601("9999-12-31T23:59:59Z"));
  const Authority plant("Plant CA", 30 * kYear);
  tests::CertificateText text;
  text.ends = 25 * kYear;
  plant.issue("hub", text);
  const auto loaded = load_certificates({plant.path("hub.crt"), plant.path("hub.key")}, now());
  REQUIRE(loaded);
  CHECK(loaded->warnings.empty());
  CHECK(loaded->expires > now() + text.ends - hours(1));
  CHECK(objection(plant, now()).empty());
}

TEST_CASE("a certificate is judged by the time that it is asked at", "[http][tls][2038]") {
  const Authority plant("Plant CA", 30 * kYear);
  tests::CertificateText text;
  text.ends = 10 * kYear;
  plant.issue("hub", text);
  CHECK_THAT(objection(plant, now() + 15 * kYear), Contains("its certificate expired on "));
  CHECK_THAT(objection(plant, now() + 40 * kYear),
             Contains("the certificate of \"CN=Plant CA\", which signed its own, expired on "));
  CHECK_THAT(objection(plant, now() - hours(48)), Contains("is not valid before "));
  CHECK(objection(plant, now() + 9 * kYear).empty());
}

TEST_CASE("HTTP's dates go on after 2038", "[http][2038]") {
  CHECK(http_date(*parse_iso8601("2040-02-29T12:30:45Z")) == "Wed, 29 Feb 2040 12:30:45 GMT");
}
