#pragma once

namespace CLI {
class App;
}

namespace ot::agent {

// Each registers one command of the group `rackscout bundle`.
void add_bundle_import(CLI::App& bundle, int& exit_code);
void add_bundle_diff(CLI::App& bundle, int& exit_code);
void add_bundle_replay(CLI::App& bundle, int& exit_code);

}  // namespace ot::agent
