#include "agent/wall/seccomp_rules.hpp"

#include <array>
#include <cerrno>

#include <seccomp.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "agent/wall/frames.hpp"
#include "agent/wall/sanitizers.hpp"

namespace ot::agent::wall {
namespace {

/// Whatever their arguments: none of them reaches anything that the process does not hold. The
/// doubles with "64" are those of 32-bit ARM.
constexpr std::array kAlways = {SCMP_SYS(read),           SCMP_SYS(pread64),
                                SCMP_SYS(lseek),          SCMP_SYS(_llseek),
                                SCMP_SYS(close),          SCMP_SYS(brk),
                                SCMP_SYS(munmap),         SCMP_SYS(mremap),
                                SCMP_SYS(madvise),        SCMP_SYS(futex),
                                SCMP_SYS(futex_time64),   SCMP_SYS(clock_gettime),
                                SCMP_SYS(gettimeofday),   SCMP_SYS(clock_gettime64),
                                SCMP_SYS(getrandom),      SCMP_SYS(sched_yield),
                                SCMP_SYS(rt_sigreturn),   SCMP_SYS(sigreturn),
                                SCMP_SYS(rt_sigprocmask), SCMP_SYS(restart_syscall),
                                SCMP_SYS(getpid),         SCMP_SYS(gettid),
                                SCMP_SYS(exit),           SCMP_SYS(exit_group)};

/// Answers, requests and what is said of a death go through the channel alone.
constexpr std::array kOnChannel = {SCMP_SYS(send), SCMP_SYS(sendto), SCMP_SYS(recv),
                                   SCMP_SYS(recvfrom), SCMP_SYS(recvmsg)};

/// Memory that holds code is none of its needs.
constexpr std::array kMapping = {SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(mprotect)};

/// What the C library says at the end of a process that found itself broken; it goes nowhere.
constexpr std::array kLastWords = {SCMP_SYS(write), SCMP_SYS(writev)};

/// How a sanitizer finds out whether memory is there, and what it says of what it found.
constexpr std::array kSanitizers = {SCMP_SYS(pipe), SCMP_SYS(pipe2), SCMP_SYS(sigaltstack),
                                    SCMP_SYS(write)};

class Rules {
 public:
  explicit Rules(void* filter) : filter_(filter) {}

  template <std::size_t Count, class... Conditions>
  void add(std::uint32_t action, const std::array<int, Count>& calls, Conditions... conditions) {
    for (const int call : calls) {
      const int added =
          ::seccomp_rule_add(filter_, action, call, sizeof...(conditions), conditions...);
      // A call that this architecture does not have is none that it needs.
      failed_ = failed_ || (added != 0 && added != -EDOM);
    }
  }
  bool failed() const { return failed_; }

 private:
  void* filter_;
  bool failed_ = false;
};

}  // namespace

Result<void> add_seccomp_rules(void* filter) {
  Rules rules(filter);
  rules.add(SCMP_ACT_ALLOW, kAlways);
  rules.add(SCMP_ACT_ALLOW, kOnChannel, SCMP_A0_32(SCMP_CMP_EQ, kChannel));
  rules.add(SCMP_ACT_ALLOW, kMapping, SCMP_A2_32(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  if (!kSanitized) {
    rules.add(SCMP_ACT_ERRNO(EBADF), kLastWords, SCMP_A0_32(SCMP_CMP_LE, STDERR_FILENO));
  }
  const auto self = static_cast<std::uint32_t>(::getpid());
  rules.add(SCMP_ACT_ALLOW, std::array{SCMP_SYS(tgkill)}, SCMP_A0_32(SCMP_CMP_EQ, self));
  if (kSanitized) {
    rules.add(SCMP_ACT_ALLOW, kSanitizers);
  }
  if (rules.failed()) {
    return fail(Errc::unsupported, "libseccomp does not know a system call that is needed");
  }
  return {};
}

}  // namespace ot::agent::wall
