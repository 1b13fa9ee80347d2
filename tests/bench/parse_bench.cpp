// Parsing STEP 7 exports against hashing the same bytes, in one run: 64 MB of
// exports in a loop, records built and dropped. Prints the ratio of the two.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/hash.hpp"
#include "parsers/parser.hpp"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLoopBytes = 64u << 20;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

const ot::parsers::Parser& step7() {
  for (const auto* parser : ot::parsers::all()) {
    if (parser->name == "step7") {
      return *parser;
    }
  }
  std::abort();
}

bool is_export(const std::string& content) {
  return step7().claims(
      {.name = "x.cfg", .head = content, .tail = content, .size = content.size()});
}

std::vector<std::string> exports_below(const fs::path& folder) {
  std::vector<std::string> found;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".cfg") {
      if (auto content = content_of(entry.path()); is_export(content)) {
        found.push_back(std::move(content));
      }
    }
  }
  return found;
}

/// The real samples if they are at hand, else the fixtures.
const std::vector<std::string>& exports() {
  static const auto all = [] {
    const char* named = std::getenv("RACKSCOUT_SHARED_DATA");
    const fs::path tests = RACKSCOUT_TESTS_DIR;
    auto found =
        exports_below(named != nullptr ? fs::path(named) : tests / ".." / ".." / "shared" / "data");
    return found.empty() ? exports_below(tests) : found;
  }();
  return all;
}

/// Calls `work` on one export after another until 64 MB have passed.
template <class Work>
void loop(benchmark::State& state, Work work) {
  std::size_t bytes = 0;
  for (auto _ : state) {
    for (std::size_t done = 0; done < kLoopBytes;) {
      for (const auto& content : exports()) {
        work(content);
        done += content.size();
        bytes += content.size();
      }
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

void many_short_runs(benchmark::internal::Benchmark* bench) {
  bench->Unit(benchmark::kMillisecond)->MinTime(0.1)->Repetitions(15)->ReportAggregatesOnly();
}

void hash(benchmark::State& state) {
  ot::FileHasher hasher;
  loop(state, [&](const std::string& content) {
    hasher.add(content);
    benchmark::DoNotOptimize(hasher.finish());
  });
}
BENCHMARK(hash)->Apply(many_short_runs);

void parse(benchmark::State& state) {
  const ot::parsers::Limits limits;
  loop(state, [&](const std::string& content) {
    auto project = step7().parse({.name = "x.cfg", .bytes = content}, limits);
    benchmark::DoNotOptimize(project);
  });
}
BENCHMARK(parse)->Apply(many_short_runs);

/// Remembers the medians beside printing them.
class Medians : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const auto& run : runs) {
      if (run.aggregate_name == "median") {
        seconds_[run.run_name.function_name] = run.GetAdjustedCPUTime();
      }
    }
  }
  double of(const std::string& name) const { return seconds_.at(name); }

 private:
  std::map<std::string, double> seconds_;
};

}  // namespace

int main(int argc, char** argv) {
  // In turns: a machine that is slow for a while is so for both.
  std::vector<char*> arguments(argv, argv + argc);
  std::string in_turns = "--benchmark_enable_random_interleaving=true";
  arguments.insert(arguments.begin() + 1, in_turns.data());
  ++argc;
  benchmark::Initialize(&argc, arguments.data());
  Medians medians;
  benchmark::RunSpecifiedBenchmarks(&medians);
  std::cout << "exports: " << exports().size() << '\n'
            << "parse / hash (MD5 + SHA-256): " << medians.of("parse") / medians.of("hash")
            << "   (at most 1)\n";
}
