#include <initializer_list>

#include <nss.h>

namespace {

/// A static glibc still loads what the gateway's /etc/nsswitch.conf names: libraries of another
/// glibc, into this process. It has files and dns in it; they must do.
__attribute__((constructor)) void ask_files_and_dns_alone() {
  for (const char* database :
       {"passwd", "group", "initgroups", "services", "protocols", "networks"}) {
    __nss_configure_lookup(database, "files");
  }
  __nss_configure_lookup("hosts", "files dns");
}

}  // namespace
