#include "agent/watch/event.hpp"

#include <cstring>

#include <sys/inotify.h>

#include <fmt/format.h>

namespace ot::agent::watch {

Result<std::vector<Event>> decode(std::span<const char> bytes) {
  std::vector<Event> events;
  for (auto rest = bytes; !rest.empty();) {
    inotify_event header{};
    if (rest.size() < sizeof header) {
      return fail(Errc::malformed,
                  fmt::format("an event is cut off after {} bytes of its head", rest.size()));
    }
    std::memcpy(&header, rest.data(), sizeof header);
    rest = rest.subspan(sizeof header);
    if (rest.size() < header.len) {
      return fail(Errc::malformed, fmt::format("an event's name is cut off ({} of {} bytes)",
                                               rest.size(), header.len));
    }
    const std::string_view padded(rest.data(), header.len);
    events.push_back(
        {.watch = header.wd, .mask = header.mask, .name = padded.substr(0, padded.find('\0'))});
    rest = rest.subspan(header.len);
  }
  return events;
}

}  // namespace ot::agent::watch
