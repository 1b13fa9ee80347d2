#include "tests/plant/log.hpp"

#include <cerrno>

#include <nlohmann/json.hpp>

namespace ot::plant {
namespace {

using Json = nlohmann::ordered_json;

Json line_of(std::chrono::steady_clock::time_point start, const Origin& origin,
             std::string_view peer) {
  const auto passed = std::chrono::steady_clock::now() - start;
  Json line;
  line["t_ms"] = std::chrono::duration_cast<std::chrono::milliseconds>(passed).count();
  line["host"] = origin.host;
  line["protocol"] = origin.protocol;
  line["transport"] = origin.transport;
  line["peer"] = peer;
  return line;
}

}  // namespace

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char byte : bytes) {
    const auto value = static_cast<std::uint8_t>(byte);
    hex += kDigits[value >> 4u];
    hex += kDigits[value & 0xFu];
  }
  return hex;
}

Log::~Log() {
  if (file_ != stderr) {
    std::fclose(file_);
  }
}

Result<void> Log::open(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "ae");
  if (file == nullptr) {
    return fail(system_error(errno, "open " + path));
  }
  file_ = file;
  return {};
}

void Log::write(std::string line) {
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), file_);
  std::fflush(file_);
}

void Log::request(const Origin& origin, std::string_view peer, std::string_view bytes,
                  bool forbidden) {
  Json line = line_of(start_, origin, peer);
  line["hex"] = to_hex(bytes);
  if (forbidden) {
    line["forbidden"] = true;
    saw_forbidden_ = true;
  }
  write(line.dump());
}

void Log::event(const Origin& origin, std::string_view peer, std::string_view event) {
  Json line = line_of(start_, origin, peer);
  line["event"] = event;
  write(line.dump());
}

}  // namespace ot::plant
