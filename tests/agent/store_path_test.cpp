#include "agent/store_path.hpp"

#include <map>

#include "tests/catch.hpp"

using namespace ot::agent;

namespace {

using Variables = std::map<std::string, std::string>;

std::string path_with(const Variables& variables, bool root = false) {
  const auto variable = [&variables](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  };
  const auto path = default_store_path({variable, root});
  return path ? *path : "error: " + path.error().message();
}

}  // namespace

TEST_CASE("RACKSCOUT_STORE names the store for everyone", "[store_path]") {
  CHECK(path_with({{"RACKSCOUT_STORE", "x.db"}, {"HOME", "/h"}}) == "x.db");
  CHECK(path_with({{"RACKSCOUT_STORE", "x.db"}}, true) == "x.db");
}

TEST_CASE("root's store is the service's", "[store_path]") {
  CHECK(path_with({{"HOME", "/root"}, {"XDG_STATE_HOME", "/s"}}, true) ==
        "/var/lib/rackscout/rackscout.db");
}

TEST_CASE("a user's store is in the state folder", "[store_path]") {
  CHECK(path_with({{"HOME", "/h"}, {"XDG_STATE_HOME", "/s"}}) == "/s/rackscout/rackscout.db");
  CHECK(path_with({{"HOME", "/h"}}) == "/h/.local/state/rackscout/rackscout.db");
  CHECK(path_with({{"HOME", "/h"}, {"XDG_STATE_HOME", "relative"}}) ==
        "/h/.local/state/rackscout/rackscout.db");
}

TEST_CASE("without a home there is no default store", "[store_path]") {
  CHECK(path_with({}).find("error: no place for the store") == 0);
}

TEST_CASE("a store that is not there is not created by reading", "[store_path]") {
  const auto store = open_for_reading("/nonexistent/rackscout.db");
  REQUIRE_FALSE(store.has_value());
  CHECK(store.error().code() == ot::Errc::not_found);
  CHECK(store.error().hint().find("rackscout ingest") != std::string::npos);
}
