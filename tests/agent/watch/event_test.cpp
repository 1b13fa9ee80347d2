#include "agent/watch/event.hpp"

#include <cstring>
#include <string>

#include <sys/inotify.h>

#include "tests/catch.hpp"

namespace ot::agent::watch {
namespace {

/// As inotify(7) has it: the head, then the name, padded with zeros.
std::string record(int watch, std::uint32_t mask, const std::string& name, std::size_t padded) {
  inotify_event head{};
  head.wd = watch;
  head.mask = mask;
  head.len = static_cast<std::uint32_t>(padded);
  std::string bytes(sizeof head, '\0');
  std::memcpy(bytes.data(), &head, sizeof head);
  bytes += name;
  bytes.resize(sizeof head + padded, '\0');
  return bytes;
}

}  // namespace

TEST_CASE("records stand one behind the other, their names padded", "[watch][event]") {
  const auto bytes = record(1, IN_CLOSE_WRITE, "one.cfg", 16) + record(2, IN_IGNORED, "", 0) +
                     record(3, IN_CREATE | IN_ISDIR, "sixteen bytes...", 16) +
                     record(-1, IN_Q_OVERFLOW, "", 0);
  const auto events = decode(bytes);
  REQUIRE(events.has_value());
  REQUIRE(events->size() == 4);
  CHECK((*events)[0].watch == 1);
  CHECK((*events)[0].name == "one.cfg");
  CHECK((*events)[0].has(IN_CLOSE_WRITE));
  CHECK((*events)[1].name.empty());
  CHECK((*events)[1].has(IN_IGNORED));
  CHECK((*events)[2].name == "sixteen bytes...");
  CHECK((*events)[2].has(IN_ISDIR));
  CHECK((*events)[3].watch == -1);
  CHECK((*events)[3].has(IN_Q_OVERFLOW));
}

TEST_CASE("no bytes are no events", "[watch][event]") {
  const auto events = decode({});
  REQUIRE(events.has_value());
  CHECK(events->empty());
}

TEST_CASE("a record that is cut off anywhere is malformed", "[watch][event]") {
  const auto whole = record(1, IN_UNMOUNT, "", 0);
  const auto bytes = whole + record(1, IN_CREATE, "one.cfg", 16);
  for (std::size_t size = whole.size() + 1; size < bytes.size(); ++size) {
    const auto events = decode({bytes.data(), size});
    REQUIRE_FALSE(events.has_value());
    CHECK(events.error().code() == Errc::malformed);
  }
}

}  // namespace ot::agent::watch
