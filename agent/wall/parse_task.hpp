#pragma once

#include "agent/wall/pool.hpp"
#include "agent/wall/serve.hpp"
#include "base/records.hpp"
#include "parsers/parser.hpp"

namespace ot::agent {
class InputFile;
}

namespace ot::agent::wall {

/// Parses the file by the parser that is named: of those that the program has.
extern const Task kParseTask;

/// Has a child parse the file. Errors: io.
Result<Job> begin_parsing(Pool& pool, const InputFile& file, const std::string& name,
                          const parsers::Parser& parser, const parsers::Limits& limits);

/// What it said, once it is there. Errors: the parser's, and those of Job::next().
Result<Project> end_parsing(Job& job, const Job::GoOn& go_on);

/// What the task does, for any list of parsers.
Result<void> parse(std::span<const parsers::Parser* const> parsers, const Request& request,
                   const parsers::Content& file, Reply& reply);

}  // namespace ot::agent::wall
