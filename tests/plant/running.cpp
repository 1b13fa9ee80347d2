#include "tests/plant/running.hpp"

#include <array>
#include <csignal>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "tests/execute.hpp"

namespace ot::tests {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::vector<std::string> lines;
  std::ifstream file(path, std::ios::binary);
  for (std::string line; std::getline(file, line);) {
    lines.push_back(line);
  }
  return lines;
}

[[noreturn]] void become(std::vector<std::string> arguments, int output, const std::string& err) {
  const int error = ::open(err.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (error < 0 || ::dup2(output, STDOUT_FILENO) < 0 || ::dup2(error, STDERR_FILENO) < 0) {
    ::_exit(127);
  }
  execute(arguments);
}

}  // namespace

RunningPlant::RunningPlant(std::string_view scene, Ports ports) {
  const auto path = [this](const char* name) { return (folder_.path() / name).string(); };
  std::ofstream(path("scene.toml"), std::ios::binary) << scene;
  std::ofstream(path("log"), std::ios::binary).flush();
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipe");
  }
  std::vector<std::string> arguments = {RACKSCOUT_PLANTSIM, path("scene.toml"), "--die-with-parent",
                                        "--log", path("log")};
  if (ports == Ports::free) {
    arguments.emplace_back("--free-ports");
  }
  process_ = ::fork();
  if (process_ == 0) {
    become(std::move(arguments), pipe[1], path("err"));
  }
  ::close(pipe[1]);
  read_until_ready(pipe[0]);
  ::close(pipe[0]);
}

RunningPlant::~RunningPlant() {
  end();
}

void RunningPlant::read_until_ready(int output) {
  std::string text;
  std::array<char, 4096> buffer{};
  while (!text.ends_with("{\"ready\":true}\n")) {
    const ssize_t got = ::read(output, buffer.data(), buffer.size());
    if (got <= 0) {
      ::close(output);
      end();
      throw std::runtime_error("plantsim did not start: " + text_of(folder_.path() / "err"));
    }
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line);
    if (json.contains("host")) {
      endpoints_.push_back({.host = json.at("host").get<std::string>(),
                            .protocol = json.at("protocol").get<std::string>(),
                            .transport = json.at("transport").get<std::string>(),
                            .address = json.at("address").get<std::string>(),
                            .port = json.at("port").get<std::uint16_t>()});
    }
  }
}

const RunningPlant::Endpoint& RunningPlant::endpoint(std::string_view host,
                                                     std::string_view protocol,
                                                     std::string_view transport) const {
  for (const Endpoint& one : endpoints_) {
    if (one.host == host && one.protocol == protocol && one.transport == transport) {
      return one;
    }
  }
  throw std::runtime_error("the scene has no such endpoint: " + std::string(host));
}

std::uint16_t RunningPlant::port(std::string_view host, std::string_view protocol,
                                 std::string_view transport) const {
  return endpoint(host, protocol, transport).port;
}

std::string RunningPlant::address(std::string_view host, std::string_view protocol,
                                  std::string_view transport) const {
  return endpoint(host, protocol, transport).address;
}

std::vector<std::string> RunningPlant::log() const {
  return lines_of(folder_.path() / "log");
}

std::vector<PlantRequest> RunningPlant::requests() const {
  std::vector<PlantRequest> all;
  for (const std::string& line : log()) {
    const auto json = nlohmann::json::parse(line);
    if (json.contains("hex")) {
      all.push_back({.host = json.at("host").get<std::string>(),
                     .protocol = json.at("protocol").get<std::string>(),
                     .transport = json.at("transport").get<std::string>(),
                     .hex = json.at("hex").get<std::string>(),
                     .forbidden = json.contains("forbidden")});
    }
  }
  return all;
}

int RunningPlant::end() {
  if (process_ < 0) {
    return -1;
  }
  int status = 0;
  ::kill(process_, SIGTERM);
  ::waitpid(std::exchange(process_, -1), &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace ot::tests
