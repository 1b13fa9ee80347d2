#include "agent/wall/parse_task.hpp"

#include <algorithm>

#include "agent/input_file.hpp"
#include "agent/wall/packing.hpp"
#include "agent/wall/record_fields.hpp"

namespace ot::agent::wall {
namespace {

constexpr std::string_view kName = "parse";
/// Archives up to this size are read once and kept in memory; of larger ones what is needed.
constexpr std::uint64_t kArchiveInMemory = 8ULL << 20;

Result<Project> parse_by(const parsers::Parser& parser, const parsers::Limits& limits,
                         const Request& request, const parsers::Content& file) {
  if (parser.access == parsers::Access::ranges && file.size() > kArchiveInMemory) {
    return parser.parse({.name = request.name, .bytes = {}, .content = &file}, limits);
  }
  const auto bytes = whole_text(file);
  if (!bytes) {
    return fail(bytes.error());
  }
  const parsers::MemoryContent content(*bytes);
  return parser.parse({.name = request.name, .bytes = *bytes, .content = &content}, limits);
}

Result<void> run(const Request& request, const parsers::Content& file, Reply& reply) {
  return parse(parsers::all(), request, file, reply);
}

void prepare() {
  for (const auto* parser : parsers::all()) {
    if (parser->prepare != nullptr) {
      parser->prepare();
    }
  }
}

}  // namespace

const Task kParseTask{.name = kName, .run = run, .prepare = prepare};

Result<void> parse(std::span<const parsers::Parser* const> parsers, const Request& request,
                   const parsers::Content& file, Reply& reply) {
  auto unpack = unpacking(request.arguments);
  std::string wanted;
  parsers::Limits limits;
  unpack(wanted, limits);
  const auto found = std::find_if(parsers.begin(), parsers.end(),
                                  [&wanted](const auto* parser) { return parser->name == wanted; });
  if (unpack.failed() || found == parsers.end()) {
    return fail(Errc::unsupported, "no parser is called " + wanted);
  }
  const auto project = parse_by(**found, limits, request, file);
  if (!project) {
    return fail(project.error());
  }
  Pack pack([&reply](std::string_view piece) { reply.put(piece); });
  pack(*project);
  return {};
}

Result<Job> begin_parsing(Pool& pool, const InputFile& file, const std::string& name,
                          const parsers::Parser& parser, const parsers::Limits& limits) {
  const Request request{.task = std::string(kName),
                        .name = name,
                        .size = file.size(),
                        .arguments = packed(parser.name, limits)};
  return pool.begin(request, file.descriptor(), limits.time);
}

Result<Project> end_parsing(Job& job, const Job::GoOn& go_on) {
  Project project;
  Unpack unpack(
      [&job, &go_on](char* into, std::size_t size) { return job.fill(into, size, go_on); },
      job.most());
  unpack(project);
  if (auto done = unpack.outcome(); !done) {
    return fail(std::move(done).error());
  }
  if (auto ended = job.at_end(go_on); !ended) {
    return fail(std::move(ended).error());
  }
  return project;
}

}  // namespace ot::agent::wall
