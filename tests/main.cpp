// The tests' own program, which like rackscout itself may be started again as a child that reads
// untrusted files: one that does harm when a test wants it to.
#define CATCH_CONFIG_RUNNER
#include "tests/catch.hpp"

#include "agent/wall/serve.hpp"
#include "tests/agent/wall/hostile.hpp"

int main(int argc, char** argv) {
  if (ot::agent::wall::is_child(argc, argv)) {
    return ot::agent::wall::serve(argc, argv, ot::tests::hostile_tasks());
  }
  return Catch::Session().run(argc, argv);
}
