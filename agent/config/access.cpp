#include "agent/config/access.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

namespace ot::agent {
namespace {

/// What the child says: numbers, and a text behind them.
struct Answer {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  std::array<char, 4096> text{};

  void set_text(const std::string& value) {
    std::memcpy(text.data(), value.data(), std::min(value.size(), text.size() - 1));
  }
};

/// Works in the child as in our own process: it only asks, and changes nothing.
using Question = std::function<Answer()>;

// The real identity is asked, not the effective one: with that, some C libraries
// guess from the mode alone. Here the two are the same.
int access_error(const std::string& path, int mode) {
  return ::access(path.c_str(), mode) == 0 ? 0 : errno;
}

int open_error(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file < 0) {
    return errno;
  }
  ::close(file);
  return 0;
}

int end_error(const std::string& path, Want want) {
  switch (want) {
    case Want::list: {
      const int error = open_error(path, O_DIRECTORY);
      return error != 0 ? error : access_error(path, X_OK);
    }
    case Want::enter: return access_error(path, X_OK);
    case Want::make: return access_error(path, W_OK | X_OK);
    case Want::read: return open_error(path, 0);
    case Want::write: break;
  }
  return access_error(path, R_OK | W_OK);
}

Answer ask_access(const std::string& path, Want want) {
  Answer answer;
  for (auto slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const auto part = path.substr(0, slash);
    if (const int error = access_error(part, X_OK); error != 0) {
      answer.first = static_cast<std::uint32_t>(error);
      answer.set_text(part);
      return answer;
    }
  }
  answer.first = static_cast<std::uint32_t>(end_error(path, want));
  answer.set_text(path);
  return answer;
}

/// One entry of a folder that is being looked at.
void ask_entry(const std::string& path, Answer& answer, std::deque<std::string>& folders) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 ||
      (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode))) {
    return;
  }
  ++answer.first;
  if (access_error(path, S_ISDIR(status.st_mode) ? R_OK | X_OK : R_OK) != 0) {
    answer.second == 0 ? answer.set_text(path) : void();
    ++answer.second;
  } else if (S_ISDIR(status.st_mode)) {
    folders.push_back(path);
  }
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

Answer ask_below(const std::string& folder, std::uint32_t most) {
  Answer answer;
  std::deque<std::string> folders = {folder};
  while (!folders.empty() && answer.first < most) {
    const auto path = std::move(folders.front());
    folders.pop_front();
    const std::unique_ptr<DIR, CloseFolder> list(::opendir(path.c_str()));
    const dirent* entry = nullptr;
    while (list && answer.first < most && (entry = ::readdir(list.get())) != nullptr) {
      const std::string_view name(entry->d_name);
      if (name != "." && name != "..") {
        ask_entry(fmt::format("{}/{}", path, name), answer, folders);
      }
    }
  }
  return answer;
}

bool become(const Account& account) {
  return ::setgroups(account.groups.size(), account.groups.data()) == 0 &&
         ::setresgid(account.gid, account.gid, account.gid) == 0 &&
         ::setresuid(account.uid, account.uid, account.uid) == 0;
}

[[noreturn]] void answer_as(const Account& account, const Question& question, int out) {
  if (!become(account)) {
    ::_exit(1);
  }
  const auto answer = question();
  ::_exit(::write(out, &answer, sizeof answer) == sizeof answer ? 0 : 1);
}

/// The answer fits into a pipe, so the child never waits for us.
Result<Answer> ask_child(const Account& account, const Question& question) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail(system_error(errno, "make a pipe"));
  }
  const auto child = ::fork();
  if (child == 0) {
    answer_as(account, question, ends[1]);
  }
  const int forked = errno;
  ::close(ends[1]);
  Answer answer;
  const auto got = child < 0 ? -1 : ::read(ends[0], &answer, sizeof answer);
  ::close(ends[0]);
  if (child < 0) {
    return fail(system_error(forked, "start a process"));
  }
  ::waitpid(child, nullptr, 0);
  if (got != static_cast<ssize_t>(sizeof answer)) {
    return fail(Errc::io, fmt::format("can't act as {}", account.name));
  }
  return answer;
}

Result<Answer> ask(const Account& account, const Question& question) {
  if (account.uid == ::geteuid()) {
    return question();
  }
  if (::geteuid() != 0) {
    return fail(Error(Errc::forbidden, fmt::format("only root can try what {} may", account.name))
                    .hint("run it with sudo"));
  }
  return ask_child(account, question);
}

}  // namespace

Result<Access> try_access(const Account& account, const std::string& path, Want want) {
  const auto answer = ask(account, [&] { return ask_access(path, want); });
  if (!answer) {
    return fail(answer.error());
  }
  return Access{.error = static_cast<int>(answer->first), .at = answer->text.data()};
}

Result<FolderLook> look_below(const Account& account, const std::string& folder,
                              std::uint32_t most) {
  const auto answer = ask(account, [&] { return ask_below(folder, most); });
  if (!answer) {
    return fail(answer.error());
  }
  return FolderLook{answer->first, answer->second, answer->text.data()};
}

}  // namespace ot::agent
