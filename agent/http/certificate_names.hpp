#pragma once

#include <string>

struct X509_name_st;
struct x509_st;

namespace ot::agent::http {

/// "CN=hub,O=Plant", fit to be shown.
std::string shown_name(const X509_name_st* name);

/// The hosts that a certificate is for: "hub.example, 10.0.0.1". Fit to be shown, and not
/// all of them when they are many.
std::string shown_hosts(const x509_st* certificate);

}  // namespace ot::agent::http
