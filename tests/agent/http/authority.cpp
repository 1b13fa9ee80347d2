#include "tests/agent/http/authority.hpp"

#include <array>
#include <cstdio>
#include <stdexcept>

#include <sys/stat.h>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace ot::tests {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { ::EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { ::X509_free(certificate); }
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;
using File = std::unique_ptr<std::FILE, Free>;

void require(bool done) {
  if (!done) {
    throw std::runtime_error("no certificate could be made");
  }
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  auto* extension = ::X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  require(extension != nullptr && ::X509_add_ext(certificate, extension, -1) == 1);
  ::X509_EXTENSION_free(extension);
}

void set_time(ASN1_TIME* time, std::chrono::seconds from_now) {
  require(::X509_gmtime_adj(time, static_cast<long>(from_now.count())) != nullptr);
}

Certificate make(const CertificateText& text, EVP_PKEY* key, bool is_ca, X509* issuer,
                 EVP_PKEY* issuer_key) {
  static int serial = 0;
  Certificate made(::X509_new());
  auto* certificate = made.get();
  ::X509_set_version(certificate, 2);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate), ++serial);
  set_time(::X509_getm_notBefore(certificate), text.begins);
  set_time(::X509_getm_notAfter(certificate), text.ends);
  const auto* name = reinterpret_cast<const unsigned char*>(text.subject.c_str());
  ::X509_NAME_add_entry_by_txt(::X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, name, -1,
                               -1, 0);
  auto* signer = issuer != nullptr ? issuer : certificate;
  ::X509_set_issuer_name(certificate, ::X509_get_subject_name(signer));
  ::X509_set_pubkey(certificate, key);
  add_extension(certificate, signer, NID_basic_constraints,
                is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!text.hosts.empty()) {
    add_extension(certificate, signer, NID_subject_alt_name, text.hosts);
  }
  require(::X509_sign(certificate, issuer_key, ::EVP_sha256()) > 0);
  return made;
}

Key make_key() {
  return Key(::EVP_EC_gen("P-256"));
}

File open(const std::string& path) {
  File file(std::fopen(path.c_str(), "w"));
  require(file != nullptr);
  return file;
}

void write(const std::string& path, X509* certificate) {
  require(::PEM_write_X509(open(path).get(), certificate) == 1);
}

void write(const std::string& path, EVP_PKEY* key) {
  const auto file = open(path);
  ::chmod(path.c_str(), 0600);
  require(::PEM_write_PrivateKey(file.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
}

}  // namespace

struct Authority::State {
  Key key = make_key();
  Certificate certificate;
};

Authority::Authority(const std::string& subject, std::chrono::hours ends)
    : state_(std::make_unique<State>()) {
  CertificateText text;
  text.subject = subject;
  text.hosts.clear();
  text.ends = ends;
  auto* key = state_->key.get();
  state_->certificate = make(text, key, true, nullptr, key);
  write(path("ca.crt"), state_->certificate.get());
}

Authority::~Authority() = default;

void Authority::issue(const std::string& name, const CertificateText& text) const {
  const auto key = make_key();
  const auto certificate =
      make(text, key.get(), false, state_->certificate.get(), state_->key.get());
  write(path(name + ".crt"), certificate.get());
  write(path(name + ".key"), key.get());
}

void Authority::sign_itself(const std::string& name, const CertificateText& text) const {
  const auto key = make_key();
  const auto certificate = make(text, key.get(), false, nullptr, key.get());
  write(path(name + ".crt"), certificate.get());
  write(path(name + ".key"), key.get());
}

std::string Authority::pin(const std::string& name) const {
  const auto command = fmt::format(
      "openssl x509 -in '{}' -pubkey -noout | openssl pkey -pubin -outform der | "
      "openssl dgst -sha256 -binary | base64",
      path(name + ".crt"));
  std::FILE* pipe = ::popen(command.c_str(), "r");  // NOLINT: a fixed command
  std::array<char, 64> text{};
  const auto size = std::fread(text.data(), 1, text.size(), pipe);
  ::pclose(pipe);
  require(size == 45);
  return "sha256//" + std::string(text.data(), size - 1);
}

}  // namespace ot::tests
