#include "agent/wall/confine.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <memory>
#include <optional>

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fmt/format.h>

#include "agent/wall/frames.hpp"
#include "agent/wall/landlock.hpp"
#include "agent/wall/sanitizers.hpp"
#include "agent/wall/seccomp_rules.hpp"

namespace ot::agent::wall {
namespace {

constexpr rlim_t kMostFiles = 16;
constexpr uid_t kNobody = 65534;

/// `beyond` the limit of which the process may hear, it is ended.
Result<void> limit(int resource, rlim_t most, rlim_t beyond = 0) {
  rlimit now{};
  rlimit wanted{most, most + beyond};
  if (::getrlimit(static_cast<__rlimit_resource_t>(resource), &now) == 0) {
    wanted = {std::min(wanted.rlim_cur, now.rlim_max), std::min(wanted.rlim_max, now.rlim_max)};
  }
  if (::setrlimit(static_cast<__rlimit_resource_t>(resource), &wanted) != 0) {
    return fail(system_error(errno, "limit what a reading child may use"));
  }
  return {};
}

Result<void> set_limits(const Bounds& bounds) {
  const auto cpu = static_cast<rlim_t>(bounds.cpu.count());
  constexpr rlim_t kBeyond = 2;
  Result<void> done = limit(RLIMIT_CPU, cpu, kBeyond);
  const auto also = [&done](int resource, rlim_t most) {
    if (done) {
      done = limit(resource, most);
    }
  };
  if (!kSanitized) {
    also(RLIMIT_AS, static_cast<rlim_t>(std::min<std::uint64_t>(bounds.memory, RLIM_INFINITY)));
  }
  also(RLIMIT_FSIZE, 0);
  also(RLIMIT_CORE, 0);
  also(RLIMIT_NPROC, 0);
  also(RLIMIT_NOFILE, kMostFiles);
  return done;
}

/// Two halves of 32 capabilities each, as the system calls have them.
struct Capabilities {
  __user_cap_header_struct head{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
};

/// Who may not signal another user's processes could not end a child that became one.
bool may_signal_others() {
  Capabilities own;
  return ::syscall(SYS_capget, &own.head, own.sets.data()) == 0 &&
         (own.sets.front().effective & (1U << CAP_KILL)) != 0;
}

/// Root's rights, or those that a user was given, are of no use to it. Where they can't be laid
/// down (a container may forbid that), the rest of the wall holds all the same.
void lay_down_rights() {
  if (::geteuid() == 0 && may_signal_others()) {
    [[maybe_unused]] const bool nobody = ::setgroups(0, nullptr) == 0 &&
                                         ::setresgid(kNobody, kNobody, kNobody) == 0 &&
                                         ::setresuid(kNobody, kNobody, kNobody) == 0;
  }
  Capabilities none;
  ::syscall(SYS_capset, &none.head, none.sets.data());
}

/// Reads are at their end, and writes refused: nothing there is our parent's any more.
bool silence_standard_streams() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return false;
  }
  // A sanitizer's report is for who runs the tests.
  constexpr int kLast = kSanitized ? STDOUT_FILENO : STDERR_FILENO;
  bool done = true;
  for (int stream = STDIN_FILENO; stream <= kLast; ++stream) {
    done = done && ::dup2(ends.front(), stream) == stream;
  }
  return done;
}

/// Where memory runs out this process is the one to end; it may say so of itself.
void be_ended_first() {
  const int file = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file >= 0) {
    static_cast<void>(::write(file, "1000", 4) == 4);
    ::close(file);
  }
}

void close_all_behind_channel() {
  if (::syscall(SYS_close_range, kChannel + 1, ~0U, 0) == 0) {
    return;
  }
  rlimit now{};
  constexpr rlim_t kSensible = 65536;
  const bool known = ::getrlimit(RLIMIT_NOFILE, &now) == 0;
  const auto last = known ? std::min(now.rlim_cur, kSensible) : kSensible;
  for (rlim_t file = kChannel + 1; file < last; ++file) {
    ::close(static_cast<int>(file));
  }
}

/// The kernel did not make the call: the parent learns which, and that is the end.
void on_forbidden_call(int, siginfo_t* info, void*) {
  const auto number = static_cast<std::uint32_t>(info->si_syscall);
  struct [[gnu::packed]] {
    char kind = static_cast<char>(FrameKind::forbidden);
    std::uint32_t size = sizeof(std::uint32_t);
    std::uint32_t number = 0;
  } frame;
  frame.number = number;
  static_cast<void>(::send(kChannel, &frame, sizeof frame, MSG_NOSIGNAL));
  ::_exit(1);
}

Result<void> tell_forbidden_calls() {
  struct sigaction action {};
  action.sa_sigaction = on_forbidden_call;
  action.sa_flags = SA_SIGINFO;
  if (::sigaction(SIGSYS, &action, nullptr) != 0) {
    return fail(system_error(errno, "prepare the wall"));
  }
  return {};
}

struct FilterRelease {
  void operator()(void* filter) const { ::seccomp_release(filter); }
};

Error no_seccomp(int number) {
  return Error(Errc::unsupported,
               fmt::format("this kernel takes no seccomp filter ({}), so that untrusted files are "
                           "not read",
                           system_error(-number, "seccomp").message()))
      .hint(
          "on a machine where no file can be from a stranger, `wall = \"reduced\"` under "
          "[parsers], or --wall reduced, reads them in a child with limits alone");
}

Result<void> enter_seccomp() {
  const std::unique_ptr<void, FilterRelease> filter(::seccomp_init(SCMP_ACT_TRAP));
  if (!filter) {
    return fail(no_seccomp(-ENOMEM));
  }
  static_cast<void>(::seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL));
  if (auto added = add_seccomp_rules(filter.get()); !added) {
    return added;
  }
  if (auto prepared = tell_forbidden_calls(); !prepared) {
    return prepared;
  }
  const int loaded = ::seccomp_load(filter.get());
  return loaded == 0 ? Result<void>() : fail(no_seccomp(loaded));
}

}  // namespace

Result<Confinement> confine(const Bounds& bounds) {
  be_ended_first();
  if (!silence_standard_streams()) {
    return fail(system_error(errno, "prepare the wall"));
  }
  close_all_behind_channel();
  lay_down_rights();
  ::prctl(PR_SET_DUMPABLE, 0);
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return fail(system_error(errno, "prepare the wall"));
  }
  if (auto limited = set_limits(bounds); !limited) {
    return fail(std::move(limited).error());
  }
  Confinement confinement;
  const auto landlock = enter_landlock();
  if (!landlock) {
    return fail(landlock.error());
  }
  confinement.landlock = *landlock;
  if (bounds.strength == Strength::full) {
    if (auto entered = enter_seccomp(); !entered) {
      return fail(std::move(entered).error());
    }
    confinement.seccomp = true;
  }
  return confinement;
}

std::string system_call_name(std::uint32_t number) {
  const std::unique_ptr<char, decltype(&std::free)> name(
      ::seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, static_cast<int>(number)), &std::free);
  return name ? name.get() : fmt::format("number {}", number);
}

}  // namespace ot::agent::wall
