// What a parser that was taken over can do: nothing.
#include <csignal>
#include <map>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

#include "agent/file_reader.hpp"
#include "agent/wall/parse_task.hpp"
#include "tests/agent/share.hpp"
#include "tests/agent/wall/bare.hpp"
#include "tests/catch.hpp"

namespace ot::agent {
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using tests::Share;
using tests::station;
using tests::write;

namespace {

IngestOptions quick() {
  IngestOptions options;
  options.limits.time = 200ms;
  options.wall.grace = 300ms;
  options.wall.memory = 256U << 20;
  return options;
}

/// Reads one hostile file among good ones, and says what became of it.
Error met(const std::string& deed, IngestOptions options = quick()) {
  Share share;
  write(share.root() / "a.cfg", station("A"));
  write(share.root() / ("hostile-" + deed + ".cfg"), station("HOSTILE"));
  write(share.root() / "z.cfg", station("Z"));
  const auto summary = share.ingest(std::move(options));
  CHECK(summary.imported == 2);
  CHECK(summary.stored.assets == 2);
  CHECK(share.with_status(FileStatus::imported) == 2);
  CHECK(share.with_status(FileStatus::failed) == 1);
  REQUIRE(summary.failed.size() == 1);
  for (const auto& file : share.files()) {
    if (file.status == FileStatus::failed) {
      CHECK(file.digests.md5.size() == 32);
      CHECK_FALSE(file.error.empty());
    }
  }
  return summary.failed.front().error;
}

}  // namespace

TEST_CASE("a parser that crashes fails its file, and no other", "[wall]") {
  if (tests::is_reduced()) {
    return;
  }
  CHECK(met("crash").message() == "reading it crashed (SIGSEGV)");
  CHECK(met("abort").message() == "reading it crashed (SIGABRT)");
  CHECK(met("recurse").message() == "reading it crashed (SIGSEGV)");
  CHECK(met("leave").message() == "reading it ended without an answer");
  CHECK(met("throw").message() == "reading it failed: thrown");
}

TEST_CASE("a parser that never ends is ended", "[wall]") {
  CHECK(met("loop").message() == "reading it took over 0.5 s");
}

TEST_CASE("a parser that takes more of the processor than it may is ended by the kernel",
          "[wall]") {
  auto options = quick();
  options.limits.time = 60s;
  options.wall.cpu = 1s;
  const auto error = met("loop", options);
  CHECK(error.code() == Errc::too_large);
  CHECK(error.message() == "reading it took over 1 s of the processor");
}

TEST_CASE("a parser that takes memory without end is refused it", "[wall]") {
  if (!tests::limits_memory()) {
    WARN("skipped: sanitizers take all addresses");
    return;
  }
  auto options = quick();
  options.limits.time = 60s;
  const auto error = met("allocate", options);
  CHECK(error.code() == Errc::too_large);
  CHECK(error.message() == "reading it takes more memory than it may have");
}

TEST_CASE("a parser that calls what it may not call is ended, and the call named", "[wall]") {
  if (tests::is_reduced()) {
    WARN("skipped: there is no seccomp here");
    return;
  }
  const std::map<std::string, std::string> calls = {
      {"open", "openat"},    {"write", "openat"},    {"socket", "socket"},
      {"execute", "execve"}, {"fork", "clone"},      {"kill", "getppid"},
      {"code", "mmap"},      {"limit", "prlimit64"}, {"hang", "pause"}};
  for (const auto& [deed, call] : calls) {
    const auto error = met(deed);
    CHECK(error.code() == Errc::forbidden);
    CHECK(error.message() == "reading it tried a forbidden system call (" + call + ")");
  }
  CHECK_FALSE(fs::exists("/tmp/rackscout-hostile"));
}

TEST_CASE("an answer that is none fails the file", "[wall]") {
  const std::string damaged = "what the reading child sent is ";
  CHECK(met("lie").message().starts_with(damaged));
  CHECK(met("babble").message().starts_with(damaged));
  CHECK(met("cut").message().starts_with(damaged));
  CHECK(met("flood").message().starts_with(damaged));
}

TEST_CASE("a child has no descriptor but its channel and the file, and nobody's rights", "[wall]") {
  if (tests::is_reduced()) {
    return;
  }
  wall::Pool pool;
  REQUIRE(pool.ready());
  const auto child = tests::only_child();
  CHECK(tests::descriptors_of(child) == std::vector<int>{0, 1, 2, 3});
  const auto status = tests::status_of(child);
  CHECK(status.at("NoNewPrivs") == "1");
  CHECK(status.at("Seccomp") == "2");
  CHECK(status.at("CapEff") == "0000000000000000");
  if (::geteuid() == 0) {
    CHECK(status.at("Uid").starts_with("65534\t65534\t65534"));
  }
}

TEST_CASE("where the kernel takes no seccomp filter nothing is read, and nothing becomes Failed",
          "[wall]") {
  Share share;
  write(share.root() / "a.cfg", station("A"));
  const auto store = (share.root().parent_path() / "other.db").string();
  const auto refused = tests::run_without_seccomp({"ingest", "--store", store, share.root()});
  CHECK(refused.exit == 1);
  CHECK(refused.text.find("this kernel takes no seccomp filter") != std::string::npos);
  CHECK(refused.text.find("wall = \"reduced\"") != std::string::npos);
  const auto parsed = tests::run_without_seccomp({"parse", (share.root() / "a.cfg").string()});
  CHECK(parsed.exit == 1);
  const auto reduced =
      tests::run_without_seccomp({"ingest", "--wall", "reduced", "--store", store, share.root()});
  CHECK(reduced.exit == 0);
  CHECK(reduced.text.find("1 imported") != std::string::npos);
}

TEST_CASE("the limits hold without seccomp, too", "[wall]") {
  auto options = quick();
  options.wall.strength = wall::Strength::reduced;
  CHECK(met("loop", options).message() == "reading it took over 0.5 s");
  CHECK(met("crash", options).message() == "reading it crashed (SIGSEGV)");
}

TEST_CASE("children are ended with their pool", "[wall]") {
  {
    wall::Pool pool;
    REQUIRE(pool.ready());
    CHECK(tests::children().size() == 1);
  }
  CHECK(tests::children().empty());
}

}  // namespace ot::agent
