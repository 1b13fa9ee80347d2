#include "tests/agent/wall/hostile.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <new>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/bundle/walled_reader.hpp"
#include "agent/wall/frames.hpp"
#include "agent/wall/packing.hpp"
#include "agent/walled_tasks.hpp"

namespace ot::tests {
namespace {

using agent::bundle::Listing;
using agent::wall::FrameKind;
using agent::wall::kChannel;

volatile std::uintptr_t nowhere = 0;
volatile std::uint64_t counter = 0;

void crash() {
  *reinterpret_cast<volatile int*>(nowhere) = 1;
}

void loop() {
  for (;;) {
    counter = counter + 1;
  }
}

volatile bool is_over = false;

[[gnu::noinline]] char deeper(volatile char* above) {
  volatile char frame[4096];
  frame[0] = *above;
  const char below = is_over ? '\0' : deeper(frame);
  return static_cast<char>(below + frame[0]);
}

void recurse() {
  volatile char first = 1;
  counter = static_cast<std::uint64_t>(deeper(&first));
}

void allocate() {
  std::vector<std::string> kept;
  for (;;) {
    kept.emplace_back(16U << 20, 'x');
  }
}

void open_file() {
  ::close(::open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

void write_file() {
  ::close(::open("/tmp/rackscout-hostile", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

void open_socket() {
  ::close(::socket(AF_INET, SOCK_STREAM, 0));
}

void execute_program() {
  std::array<char*, 1> none{nullptr};
  ::execve("/bin/true", none.data(), none.data());
}

void fork_itself() {
  if (::fork() == 0) {
    ::_exit(0);
  }
}

void end_parent() {
  ::kill(::getppid(), SIGKILL);
}

void map_code() {
  ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/// Through what was handed over, or anything else that it might hold.
void overwrite() {
  constexpr std::size_t kPage = 4096;
  for (int file = kChannel; file < 16; ++file) {
    void* page = ::mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (page != MAP_FAILED) {
      std::memset(page, 'x', kPage);
    }
  }
}

void raise_limit() {
  const rlimit all{RLIM_INFINITY, RLIM_INFINITY};
  ::setrlimit(RLIMIT_AS, &all);
}

void hang() {
  ::pause();
}

void leave() {
  ::_exit(0);
}

void throw_it() {
  throw std::runtime_error("thrown");
}

/// An answer as none may be.
void lie() {
  std::string rubbish(4096, '\xff');
  static_cast<void>(agent::wall::send_frame(kChannel, FrameKind::data, rubbish));
}

void babble() {
  constexpr std::array<char, 8> kNoFrame{'?', 1, 2, 3, 4, 5, 6, 7};
  ::send(kChannel, kNoFrame.data(), kNoFrame.size(), MSG_NOSIGNAL);
}

void flood() {
  const std::string piece(agent::wall::FrameHead::kMost, '\0');
  while (agent::wall::send_frame(kChannel, FrameKind::data, piece)) {
  }
}

void cut_short() {
  static_cast<void>(agent::wall::send_frame(kChannel, FrameKind::data, "ab"));
  static_cast<void>(agent::wall::send_frame(kChannel, FrameKind::end, {}));
}

const std::map<std::string_view, void (*)()>& deeds() {
  static const std::map<std::string_view, void (*)()> kDeeds = {{"crash", crash},
                                                                {"abort", [] { std::abort(); }},
                                                                {"recurse", recurse},
                                                                {"loop", loop},
                                                                {"allocate", allocate},
                                                                {"open", open_file},
                                                                {"write", write_file},
                                                                {"socket", open_socket},
                                                                {"execute", execute_program},
                                                                {"fork", fork_itself},
                                                                {"kill", end_parent},
                                                                {"code", map_code},
                                                                {"overwrite", overwrite},
                                                                {"limit", raise_limit},
                                                                {"hang", hang},
                                                                {"leave", leave},
                                                                {"throw", throw_it},
                                                                {"lie", lie},
                                                                {"babble", babble},
                                                                {"flood", flood},
                                                                {"cut", cut_short}};
  return kDeeds;
}

/// Of a container, one that is not its own.
const std::map<std::string_view, void (*)(Listing&)>& listing_lies() {
  static const std::map<std::string_view, void (*)(Listing&)> kLies = {
      {"behind", [](Listing& listing) { listing.members.back().extent.offset = 1ULL << 40; }},
      {"huge", [](Listing& listing) { listing.members.back().extent.size = ~std::uint64_t{0}; }},
      {"shift", [](Listing& listing) { ++listing.members.back().extent.offset; }},
      {"hide", [](Listing& listing) { listing.members.pop_back(); }},
      {"twice", [](Listing& listing) { listing.members.push_back(listing.members.back()); }},
      {"name", [](Listing& listing) { listing.members.back().name.resize(70'000); }},
      {"many", [](Listing& listing) { listing.members.resize(100'001); }},
      {"complain", [](Listing& listing) { listing.complaint = std::string(70'000, '\xff'); }}};
  return kLies;
}

Result<void> list_falsely(void (*lie)(Listing&), const parsers::Content& file,
                          agent::wall::Reply& reply) {
  auto listing = agent::bundle::list_container(file);
  if (listing) {
    lie(*listing);
  }
  agent::wall::Pack pack([&reply](std::string_view piece) { reply.put(piece); });
  put_listing(pack, listing);
  return {};
}

/// What the name of a file has this task do; empty: its work.
std::string_view deed_in(std::string_view name, std::string_view task) {
  constexpr std::string_view kMark = "hostile-";
  const auto at = name.find(kMark);
  if (at == std::string_view::npos) {
    return {};
  }
  auto word = name.substr(at + kMark.size());
  word = word.substr(0, word.find('.'));
  const auto of = word.find('@');
  const bool is_meant = of == std::string_view::npos || word.substr(of + 1) == task;
  return is_meant ? word.substr(0, of) : std::string_view();
}

Result<void> run(const agent::wall::Request& request, const parsers::Content& file,
                 agent::wall::Reply& reply) {
  if (const auto deed = deed_in(request.name, request.task); !deed.empty()) {
    if (const auto lie = listing_lies().find(deed); lie != listing_lies().end()) {
      return list_falsely(lie->second, file, reply);
    }
    deeds().at(deed)();
  }
  const auto tasks = agent::walled_tasks();
  const auto own = std::find_if(tasks.begin(), tasks.end(),
                                [&request](const auto& task) { return task.name == request.task; });
  return own->run(request, file, reply);
}

}  // namespace

std::span<const agent::wall::Task> hostile_tasks() {
  static const auto all = [] {
    const auto own = agent::walled_tasks();
    std::vector<agent::wall::Task> tasks(own.begin(), own.end());
    for (auto& task : tasks) {
      task.run = run;
    }
    return tasks;
  }();
  return all;
}

}  // namespace ot::tests
