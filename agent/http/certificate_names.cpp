#include "agent/http/certificate_names.hpp"

#include <array>
#include <memory>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "agent/http/openssl_pointer.hpp"
#include "agent/http/target.hpp"

namespace ot::agent::http {
namespace {

constexpr std::size_t kMostHosts = 5;

using Bio = OpensslPointer<BIO, ::BIO_free_all>;
using Names = OpensslPointer<GENERAL_NAMES, ::GENERAL_NAMES_free>;

std::string_view bytes_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(::ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(::ASN1_STRING_length(text))};
}

/// "10.0.0.1", "::1"; empty when it is neither.
std::string address_text(std::string_view bytes) {
  constexpr std::size_t kIpv4 = 4;
  constexpr std::size_t kIpv6 = 16;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (bytes.size() != kIpv4 && bytes.size() != kIpv6) {
    return {};
  }
  const int family = bytes.size() == kIpv4 ? AF_INET : AF_INET6;
  ::inet_ntop(family, bytes.data(), text.data(), text.size());
  return text.data();
}

std::string host_text(const GENERAL_NAME& name) {
  switch (name.type) {
    case GEN_DNS: return shown(bytes_of(name.d.dNSName));
    case GEN_IPADD: return address_text(bytes_of(name.d.iPAddress));
    default: return {};
  }
}

/// The name that counts where a certificate has none of the newer kind.
std::string common_name(const X509* certificate) {
  const auto* subject = ::X509_get_subject_name(certificate);
  const int at = ::X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  const auto* entry = at < 0 ? nullptr : ::X509_NAME_get_entry(subject, at);
  return entry == nullptr ? "" : shown(bytes_of(::X509_NAME_ENTRY_get_data(entry)));
}

std::vector<std::string> alternative_hosts(const X509* certificate) {
  std::vector<std::string> hosts;
  const Names names(static_cast<GENERAL_NAMES*>(
      ::X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    if (auto host = host_text(*sk_GENERAL_NAME_value(names.get(), i)); !host.empty()) {
      hosts.push_back(std::move(host));
    }
  }
  return hosts;
}

}  // namespace

std::string shown_name(const X509_NAME* name) {
  const Bio text(::BIO_new(::BIO_s_mem()));
  // The letters as they are: showing them escapes what must be.
  constexpr unsigned long kFlags =
      XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  if (!text || ::X509_NAME_print_ex(text.get(), name, 0, kFlags) < 0) {
    return "?";
  }
  char* data = nullptr;
  const auto size = BIO_get_mem_data(text.get(), &data);
  return shown(std::string_view(data, static_cast<std::size_t>(size)));
}

std::string shown_hosts(const X509* certificate) {
  auto hosts = alternative_hosts(certificate);
  if (hosts.empty()) {
    if (auto name = common_name(certificate); !name.empty()) {
      hosts.push_back(std::move(name));
    }
  }
  if (hosts.empty()) {
    return "no host";
  }
  const auto further = hosts.size() > kMostHosts ? hosts.size() - kMostHosts : 0;
  hosts.resize(hosts.size() - further);
  auto text = fmt::format("{}", fmt::join(hosts, ", "));
  return further == 0 ? text : fmt::format("{} and {} more", text, further);
}

}  // namespace ot::agent::http
