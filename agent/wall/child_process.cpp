#include "agent/wall/child_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "agent/wall/frames.hpp"
#include "agent/wall/sanitizers.hpp"

namespace ot::agent::wall {
namespace {

constexpr const char* kOwnProgram = "/proc/self/exe";
constexpr int kPatience = 1000;  ///< ms for the end of one that closed its channel

/// Where /proc is not mounted, as in an empty chroot, by the path that we were started by.
std::string own_program() {
  if (::access(kOwnProgram, X_OK) == 0) {
    return kOwnProgram;
  }
  const auto path = ::getauxval(AT_EXECFN);
  return path == 0 ? kOwnProgram : reinterpret_cast<const char*>(path);
}

/// Nothing of our environment, which may hold secrets, but what a foreign machine's emulator needs.
std::vector<std::string> environment() {
  std::vector<std::string> kept;
  if (const char* value = std::getenv("QEMU_LD_PREFIX"); value != nullptr) {
    kept.push_back(fmt::format("QEMU_LD_PREFIX={}", value));
  }
  if (kSanitized) {  // a crash is to be one, and no report that nobody reads
    kept.emplace_back("ASAN_OPTIONS=handle_segv=0:handle_abort=0:handle_sigbus=0:detect_leaks=0");
  }
  return kept;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (auto& text : texts) {
    all.push_back(text.data());
  }
  all.push_back(nullptr);
  return all;
}

/// Its own group, so that Ctrl-C at a terminal is ours to deal with; signals as they are at first.
class Attributes {
 public:
  Attributes() {
    ::posix_spawnattr_init(&attributes_);
    sigset_t all;
    sigset_t none;
    ::sigfillset(&all);
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

/// The channel alone, where the child looks for it.
class Actions {
 public:
  explicit Actions(int channel) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_adddup2(&actions_, channel, kChannel);
  }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  ~Actions() { ::posix_spawn_file_actions_destroy(&actions_); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// A right that we were given to listen at a low port is not for what we start. Ours stays: only
/// a thread's starting another program takes it from this set.
void bequeath_no_rights() {
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

Result<pid_t> spawn(const Options& options, int channel) {
  bequeath_no_rights();
  const auto word = kStrengthWords.at(static_cast<std::size_t>(strength_of(options)));
  std::vector<std::string> arguments = {"rackscout", std::string(kChildWord), std::string(word),
                                        std::to_string(options.memory),
                                        std::to_string(options.cpu.count())};
  auto kept = environment();
  const Attributes attributes;
  const Actions actions(channel);
  pid_t process = -1;
  const int failed = ::posix_spawn(&process, own_program().c_str(), actions.get(), attributes.get(),
                                   pointers(arguments).data(), pointers(kept).data());
  if (failed != 0) {
    return fail(system_error(failed, "start a child that reads files"));
  }
  return process;
}

std::optional<int> wait_for(pid_t process, int options) {
  int status = 0;
  pid_t got = 0;
  do {
    got = ::waitpid(process, &status, options);
  } while (got < 0 && errno == EINTR);
  return got == process ? std::optional(status) : std::nullopt;
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const Options& options) {
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return fail(system_error(errno, "start a child that reads files"));
  }
  const int ours = ends.front();
  int theirs = ends.back();
  if (theirs == kChannel) {  // dup2() onto itself would leave it to be closed at the exec
    theirs = ::fcntl(theirs, F_DUPFD_CLOEXEC, kChannel + 1);
    ::close(kChannel);
  }
  const auto process = spawn(options, theirs);
  ::close(theirs);
  if (!process) {
    ::close(ours);
    return fail(process.error());
  }
  return ChildProcess(*process, ours);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : process_(std::exchange(other.process_, -1)), channel_(std::exchange(other.channel_, -1)) {}

std::chrono::nanoseconds ChildProcess::cpu_time() const {
  clockid_t clock = 0;
  timespec time{};
  if (process_ <= 0 || ::clock_getcpuclockid(process_, &clock) != 0 ||
      ::clock_gettime(clock, &time) != 0) {
    return {};
  }
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::optional<int> ChildProcess::end() {
  if (channel_ >= 0) {
    ::close(std::exchange(channel_, -1));
  }
  if (process_ <= 0) {
    return std::nullopt;
  }
  ::kill(process_, SIGKILL);
  return reaped();
}

/// One that sleeps on a share that does not answer is not ended even by SIGKILL: it is not waited
/// for without end.
std::optional<int> ChildProcess::reaped() {
  const auto process = std::exchange(process_, -1);
  for (int waited = 0; waited < kPatience; ++waited) {
    if (const auto status = wait_for(process, WNOHANG)) {
      return status;
    }
    ::poll(nullptr, 0, 1);
  }
  return std::nullopt;
}

std::optional<int> ChildProcess::ended() {
  for (int waited = 0; process_ > 0 && waited < kPatience; ++waited) {
    if (const auto status = wait_for(process_, WNOHANG)) {
      process_ = -1;
      return status;
    }
    ::poll(nullptr, 0, 1);
  }
  return end();
}

namespace {

bool is_from_outside(int number) {
  return number == SIGKILL || number == SIGTERM || number == SIGINT || number == SIGHUP ||
         number == SIGQUIT;
}

}  // namespace

Error death_from(std::optional<int> status, std::chrono::seconds cpu) {
  const auto report = [](Errc code, std::string message) {
    return Error(code, std::move(message))
        .hint("the file may be damaged, or made to do harm; `rackscout parse` on it repeats this");
  };
  if (!status || !WIFSIGNALED(*status)) {
    return report(Errc::malformed, "reading it ended without an answer");
  }
  const int number = WTERMSIG(*status);
  if (number == SIGXCPU) {
    return report(Errc::too_large,
                  fmt::format("reading it took over {} s of the processor", cpu.count()));
  }
  if (number == SIGSYS) {
    return report(Errc::forbidden, "reading it tried a system call that is forbidden");
  }
  const char* known = ::sigabbrev_np(number);
  const std::string name = known != nullptr ? known : std::to_string(number);
  if (is_from_outside(number)) {
    return Error(Errc::closed, fmt::format("the process that read it was ended (SIG{})", name))
        .hint("by somebody, or by the system where memory ran out; touch it to have it read again");
  }
  return report(Errc::malformed, fmt::format("reading it crashed (SIG{})", name));
}

}  // namespace ot::agent::wall
