#include "agent/config/account.hpp"

#include <algorithm>

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <fmt/format.h>

namespace ot::agent {

bool Account::is_in(gid_t group) const {
  return gid == group || std::find(groups.begin(), groups.end(), group) != groups.end();
}

Result<Account> account_named(const std::string& name) {
  const passwd* entry = ::getpwnam(name.c_str());
  if (entry == nullptr) {
    return fail(Errc::not_found, fmt::format("there is no user \"{}\"", name));
  }
  Account account{.name = name, .uid = entry->pw_uid, .gid = entry->pw_gid, .groups = {}};
  int count = 0;
  ::getgrouplist(name.c_str(), account.gid, nullptr, &count);
  account.groups.resize(static_cast<std::size_t>(std::max(count, 1)));
  count = static_cast<int>(account.groups.size());
  ::getgrouplist(name.c_str(), account.gid, account.groups.data(), &count);
  account.groups.resize(static_cast<std::size_t>(std::max(count, 0)));
  return account;
}

Account own_account() {
  Account account{
      .name = user_name(::geteuid()), .uid = ::geteuid(), .gid = ::getegid(), .groups = {}};
  account.groups.resize(static_cast<std::size_t>(std::max(::getgroups(0, nullptr), 0)));
  const int count = ::getgroups(static_cast<int>(account.groups.size()), account.groups.data());
  account.groups.resize(static_cast<std::size_t>(std::max(count, 0)));
  return account;
}

std::string user_name(uid_t user) {
  const passwd* entry = ::getpwuid(user);
  return entry != nullptr ? entry->pw_name : std::to_string(user);
}

std::string group_name(gid_t group) {
  const ::group* entry = ::getgrgid(group);
  return entry != nullptr ? entry->gr_name : std::to_string(group);
}

}  // namespace ot::agent
