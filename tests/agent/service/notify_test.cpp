#include "agent/service/notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "tests/catch.hpp"
#include "tests/temporary.hpp"

namespace ot::agent {
namespace {

using namespace std::chrono_literals;

/// The socket at which systemd would listen.
class Listener {
 public:
  Listener() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(std::begin(address.sun_path), sizeof address.sun_path - 1);
    REQUIRE(::bind(file_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() { ::close(file_); }

  const std::string& path() const { return path_; }
  std::string message() const {
    std::array<char, 512> bytes{};
    const auto size = ::recv(file_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    return size < 0 ? "nothing" : std::string(bytes.data(), static_cast<std::size_t>(size));
  }

 private:
  tests::TemporaryFolder folder_;
  std::string path_ = (folder_.path() / "notify").string();
  int file_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

}  // namespace

TEST_CASE("systemd is told what becomes of the service", "[notify]") {
  const Listener listener;
  const ServiceManager manager(listener.path(), 30s);
  CHECK(manager.watchdog_interval() == 15s);
  REQUIRE(manager.ready("watching 3 folders"));
  CHECK(listener.message() == "READY=1\nSTATUS=watching 3 folders");
  REQUIRE(manager.status("a\nREADY=1"));
  CHECK(listener.message() == "STATUS=a READY=1");
  REQUIRE(manager.alive());
  CHECK(listener.message() == "WATCHDOG=1");
  REQUIRE(manager.reloading());
  CHECK(listener.message().starts_with("RELOADING=1\nMONOTONIC_USEC="));
  REQUIRE(manager.stopping());
  CHECK(listener.message() == "STOPPING=1");
}

TEST_CASE("without systemd nothing is said, and a socket that is none is an error", "[notify]") {
  const ServiceManager nobody("", 30s);
  CHECK(nobody.ready("x"));
  CHECK_FALSE(nobody.watchdog_interval());
  CHECK_FALSE(ServiceManager("relative", {}).alive());
  CHECK_FALSE(ServiceManager("/" + std::string(200, 'x'), {}).alive());
  CHECK_FALSE(ServiceManager("/nobody/listens/here", {}).alive());
}

TEST_CASE("what systemd says in the environment is for this process alone", "[notify]") {
  const Listener listener;
  ::setenv("NOTIFY_SOCKET", listener.path().c_str(), 1);
  ::setenv("WATCHDOG_USEC", "4000000", 1);
  const bool ours = GENERATE(true, false);
  ::setenv("WATCHDOG_PID", ours ? std::to_string(::getpid()).c_str() : "1", 1);
  const auto manager = ServiceManager::from_environment();
  CHECK(manager.watchdog_interval().has_value() == ours);
  REQUIRE(manager.alive());
  CHECK(listener.message() == "WATCHDOG=1");
  CHECK(std::getenv("NOTIFY_SOCKET") == nullptr);
  CHECK(std::getenv("WATCHDOG_USEC") == nullptr);
}

}  // namespace ot::agent
