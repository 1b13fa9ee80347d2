#include "agent/watch/changes.hpp"

namespace ot::agent::watch {

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::changes: return "changes";
    case Reason::start: return "start";
    case Reason::returned: return "the folder is back";
    case Reason::overflow: return "events were lost";
    case Reason::flood: return "many changes at once";
    case Reason::mounted: return "mount or unmount";
    case Reason::interval: return "interval";
    case Reason::configured: return "configuration";
    case Reason::retry: return "the last look failed";
  }
  return "";
}

std::string_view to_string(RootMode mode) {
  switch (mode) {
    case RootMode::stopped: return "stopped";
    case RootMode::notify: return "notify";
    case RootMode::poll: return "poll";
    case RootMode::missing: return "missing";
    case RootMode::unreadable: return "unreadable";
  }
  return "";
}

}  // namespace ot::agent::watch
