#include <cstdio>
#include <exception>
#include <new>

#include "agent/cli.hpp"
#include "agent/commands.hpp"
#include "agent/process.hpp"
#include "agent/walled_tasks.hpp"

// The one place that catches: nothing of ours throws, libraries below may.
int main(int argc, char** argv) {
  if (!ot::agent::hold_standard_streams()) {
    return ot::agent::exit_code::kOwnFailure;
  }
  try {
    if (ot::agent::wall::is_child(argc, argv)) {
      return ot::agent::wall::serve(argc, argv, ot::agent::walled_tasks());
    }
    return ot::agent::run(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fputs("rackscout: out of memory\n", stderr);
  } catch (const std::exception& exception) {
    std::fprintf(stderr, "rackscout: internal error: %s\n", exception.what());
  } catch (...) {
    std::fputs("rackscout: internal error\n", stderr);
  }
  return ot::agent::exit_code::kOwnFailure;
}
