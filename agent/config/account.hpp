#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

#include "base/result.hpp"

namespace ot::agent {

/// Whom the service runs as.
constexpr const char* kServiceUser = "rackscout";

/// Somebody on this machine, as the kernel knows him.
struct Account {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;  ///< his own among them

  bool is_in(gid_t group) const;
};

/// Errors: not_found.
Result<Account> account_named(const std::string& name);

/// Who runs this process.
Account own_account();

/// Their names, else their numbers.
std::string user_name(uid_t user);
std::string group_name(gid_t group);

}  // namespace ot::agent
