#pragma once

namespace CLI {
class App;
}

namespace ot::agent {

/// `rackscout bundle` with all that is below it.
void add_bundle(CLI::App& app, int& exit_code);

// Each registers one command of the group `rackscout bundle`.
void add_bundle_import(CLI::App& bundle, int& exit_code);
void add_bundle_diff(CLI::App& bundle, int& exit_code);
void add_bundle_replay(CLI::App& bundle, int& exit_code);

}  // namespace ot::agent
