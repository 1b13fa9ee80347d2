#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <sys/prctl.h>
#include <boost/asio/signal_set.hpp>

#include "tests/plant/options.hpp"
#include "tests/plant/scene_reader.hpp"
#include "tests/plant/serve.hpp"

namespace ot::plant {
namespace {

enum Exit : int { done = 0, failed = 1, wrong_use = 2, saw_forbidden = 3 };

int complain(const Error& error, std::string_view name, Exit exit) {
  std::fprintf(stderr, "plantsim: %s\n", error.text(name).c_str());
  return exit;
}

Result<Scene> load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return fail(Errc::not_found, "can't be read");
  }
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return read_scene(text);
}

std::string listing(const std::vector<std::unique_ptr<Place>>& places) {
  std::string lines;
  for (const auto& place : places) {
    const std::string address = place->address.text();
    if (place->tcp) {
      lines += endpoint_line(*place, "tcp", address, place->port) + "\n";
    }
    if (place->udp) {
      lines += endpoint_line(*place, "udp", address, place->port) + "\n";
    }
    if (place->serial) {
      lines += endpoint_line(*place, "serial", place->link, 0) + "\n";
    }
  }
  return lines;
}

/// With the offset only where the scene's own ports are taken or not ours.
Result<std::vector<Bound>> bind(asio::io_context& io,
                                const std::vector<std::unique_ptr<Place>>& places,
                                const Options& options) {
  auto bound = bind_all(io, places, Ports{.free = options.free_ports});
  const bool is_taken = !bound && bound.error().code() == Errc::refused;
  if (is_taken && options.port_offset != 0) {
    bound = bind_all(io, places, Ports{.offset = options.port_offset});
  }
  return bound;
}

Result<void> announce(const std::vector<Bound>& bound, const Options& options) {
  std::string lines;
  for (const Bound& one : bound) {
    for (const std::string& line : one.endpoint_lines()) {
      lines += line + "\n";
    }
  }
  lines += "{\"ready\":true}\n";
  std::fputs(lines.c_str(), stdout);
  std::fflush(stdout);
  if (options.ready_file.empty()) {
    return {};
  }
  const std::string unfinished = options.ready_file + ".part";
  std::ofstream(unfinished, std::ios::binary) << lines;
  std::error_code code;
  std::filesystem::rename(unfinished, options.ready_file, code);
  if (code) {
    return fail(system_error(code.value(), "write " + options.ready_file));
  }
  return {};
}

int run(const Options& options, const Scene& scene) {
  Log log;
  if (!options.log_file.empty()) {
    if (auto opened = log.open(options.log_file); !opened) {
      return complain(opened.error(), {}, failed);
    }
  }
  const auto places = places_of(scene, log);
  if (options.list) {
    std::fputs(listing(places).c_str(), stdout);
    return done;
  }
  asio::io_context io(1);
  asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&io](boost::system::error_code, int) { io.stop(); });
  raise_file_limit();
  auto bound = bind(io, places, options);
  if (!bound) {
    return complain(bound.error(), {}, failed);
  }
  if (auto announced = announce(*bound, options); !announced) {
    return complain(announced.error(), {}, failed);
  }
  serve_all(io, std::move(*bound));
  io.run();
  return log.saw_forbidden() ? saw_forbidden : done;
}

int start(int count, char** arguments) {
  const auto options = read_options(count, arguments);
  if (!options) {
    std::fputs(usage().c_str(), stderr);
    return complain(options.error(), {}, wrong_use);
  }
  if (options->help) {
    std::fputs(usage().c_str(), stdout);
    return done;
  }
  if (options->die_with_parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  }
  const auto scene = load(options->scene);
  if (!scene) {
    return complain(scene.error(), options->scene, wrong_use);
  }
  return run(*options, *scene);
}

}  // namespace
}  // namespace ot::plant

int main(int count, char** arguments) {
  return ot::plant::start(count, arguments);
}
