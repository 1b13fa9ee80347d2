#include "tests/plant/options.hpp"

#include <array>
#include <optional>
#include <string_view>

#include <getopt.h>

#include "base/number.hpp"

namespace ot::plant {
namespace {

enum Letter : int { port_offset, free_ports, ready_file, log_file, list, die_with_parent, help };

std::optional<unsigned> parse_offset(std::string_view text) {
  constexpr unsigned kMost = 65534;
  const auto value = whole_number<unsigned>(text);
  return value <= kMost ? value : std::nullopt;
}

/// False when the value makes no sense.
bool take(Options& options, int letter) {
  switch (letter) {
    case port_offset: {
      const auto value = parse_offset(optarg);
      options.port_offset = value.value_or(0);
      return value.has_value();
    }
    case free_ports: options.free_ports = true; break;
    case ready_file: options.ready_file = optarg; break;
    case log_file: options.log_file = optarg; break;
    case list: options.list = true; break;
    case die_with_parent: options.die_with_parent = true; break;
    case help: options.help = true; break;
    default: return false;
  }
  return true;
}

}  // namespace

Result<Options> read_options(int count, char** arguments) {
  constexpr std::array kLong = {option{"port-offset", required_argument, nullptr, port_offset},
                                option{"free-ports", no_argument, nullptr, free_ports},
                                option{"ready-file", required_argument, nullptr, ready_file},
                                option{"log", required_argument, nullptr, log_file},
                                option{"list", no_argument, nullptr, list},
                                option{"die-with-parent", no_argument, nullptr, die_with_parent},
                                option{"help", no_argument, nullptr, help},
                                option{nullptr, 0, nullptr, 0}};
  Options options;
  opterr = 0;
  for (int letter = 0;
       (letter = ::getopt_long(count, arguments, "", kLong.data(), nullptr)) != -1;) {
    if (!take(options, letter)) {
      return fail(Errc::wrong_use, std::string("not understood: ") + arguments[optind - 1]);
    }
  }
  if (options.help) {
    return options;
  }
  if (optind + 1 != count) {
    return fail(Errc::wrong_use, "give one scene file");
  }
  options.scene = arguments[optind];
  return options;
}

std::string usage() {
  return R"(usage: plantsim SCENE.toml [OPTION...]

Answers as the controllers of a plant, at the addresses that the scene names.
Prints a line of JSON for each endpoint, then {"ready":true}, and logs each request.

  --port-offset N    when a port of the scene can't be bound, N is added to all of them
  --free-ports       bind any free ports instead
  --ready-file FILE  write the lines to this file too, at once
  --log FILE         append the log to this file instead of the standard error
  --list             print what the scene has, and bind nothing
  --die-with-parent  end when the process that started it does

Ends on SIGTERM and SIGINT. Exit: 0; 1 own failure; 2 wrong use or a mistake in the scene;
3 a request came that does more than read an identification.
)";
}

}  // namespace ot::plant
