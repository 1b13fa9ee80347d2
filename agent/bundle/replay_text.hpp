#pragma once

#include <functional>
#include <string_view>

#include "agent/bundle/replay.hpp"

namespace ot::agent::bundle {

using TextSink = std::function<void(std::string_view)>;

/// For people: what is read differently, what no probe asks for, and the counts. Escaped for
/// terminals.
void write_replay_text(const ReplayReport& report, const TextSink& sink);

/// One object: {"counts","changed","gained","lost","unused"}.
Json replay_json(const ReplayReport& report);

}  // namespace ot::agent::bundle
