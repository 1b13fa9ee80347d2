#include "tests/plant/running.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "tests/catch.hpp"
#include "tests/plant/log.hpp"
#include "tests/plant/modbus_service.hpp"
#include "tests/plant/scene_reader.hpp"
#include "tests/protocols/scripted.hpp"

namespace ot::tests {
namespace {

constexpr auto kHandshake = "46494e530000000c000000000000000000000000";
constexpr auto kIdentify = "000700000005012b0e0100";
constexpr auto kIdentified =
    "00070000000f012b0e01820000010005"
    "50756d7073";

/// A blocking socket to one endpoint; nothing takes longer than five seconds.
class Client {
 public:
  Client(int type, const std::string& address, std::uint16_t port)
      : socket_(::socket(AF_INET, type, 0)) {
    const timeval limit{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    ::inet_pton(AF_INET, address.c_str(), &to.sin_addr);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
      throw std::runtime_error("no connection");
    }
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { ::close(socket_); }

  void send(std::string_view hex) const {
    const std::string bytes = from_hex(hex);
    CHECK(::send(socket_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  }
  /// What one call gives, in hex; "end" at a FIN, "reset" at an RST.
  std::string receive() const {
    std::array<char, 4096> buffer{};
    const ssize_t size = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (size <= 0) {
      return size == 0 ? "end" : "reset";
    }
    return plant::to_hex({buffer.data(), static_cast<std::size_t>(size)});
  }
  /// So many bytes, in as many pieces as they come; counts the pieces.
  std::string receive_all(std::size_t bytes, int& pieces) const {
    std::string hex;
    for (pieces = 0; hex.size() < 2 * bytes; ++pieces) {
      hex += receive();
    }
    return hex;
  }
  std::string ask(std::string_view hex) const {
    send(hex);
    return receive();
  }

 private:
  int socket_;
};

Client tcp(const RunningPlant& plant, std::string_view host, std::string_view protocol) {
  return {SOCK_STREAM, plant.address(host, protocol, "tcp"), plant.port(host, protocol, "tcp")};
}

std::string pump(std::string_view fault) {
  return "[[host]]\nname = \"pump\"\naddress = \"127.1.0.1\"\n" + std::string(fault) +
         "[host.modbus]\nobjects = {0 = \"Pumps\"}\n";
}

TEST_CASE("a plant answers over TCP and UDP at one port, and survives an empty datagram",
          "[plant]") {
  RunningPlant plant(
      "[[host]]\nname = \"rack\"\naddress = \"127.1.0.9\"\n[host.fins]\ncpu = \"CJ2M-CPU33\"\n");
  CHECK(plant.port("rack", "fins", "tcp") == plant.port("rack", "fins", "udp"));
  CHECK(tcp(plant, "rack", "fins").ask(kHandshake) ==
        "46494e53000000100000000100000000000000ef00000009");
  const Client udp(SOCK_DGRAM, "127.1.0.9", plant.port("rack", "fins", "udp"));
  udp.send("");
  CHECK(udp.ask("800002000000006300070701").substr(0, 28) ==
        "c0000200630000090007"
        "0701"
        "0000");
}

TEST_CASE("each request is in the log, and a forbidden one in the exit status", "[plant]") {
  RunningPlant plant(pump(""));
  const Client client = tcp(plant, "pump", "modbus");
  CHECK(client.ask(kIdentify) == kIdentified);
  CHECK(client.ask("000800000006010300000001") == "000800000003018301");
  const auto requests = plant.requests();
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].hex == kIdentify);
  CHECK_FALSE(requests[0].forbidden);
  CHECK(requests[1].forbidden);
  CHECK(plant.end() == 3);
}

TEST_CASE("a plant that was only identified ends with 0", "[plant]") {
  RunningPlant plant(pump(""));
  CHECK(tcp(plant, "pump", "modbus").ask(kIdentify) == kIdentified);
  CHECK(plant.end() == 0);
}

TEST_CASE("two frames in one segment are answered one after the other", "[plant]") {
  const RunningPlant plant(pump(""));
  const Client client = tcp(plant, "pump", "modbus");
  client.send(std::string(kIdentify) + kIdentify);
  int pieces = 0;
  CHECK(client.receive_all(2 * 21, pieces) == std::string(kIdentified) + kIdentified);
}

TEST_CASE("an answer in single bytes comes in many segments", "[plant]") {
  const RunningPlant plant(pump("[host.fault]\nkind = \"bytewise\"\n"));
  const Client client = tcp(plant, "pump", "modbus");
  client.send(kIdentify);
  int pieces = 0;
  CHECK(client.receive_all(21, pieces) == kIdentified);
  CHECK(pieces > 1);
}

TEST_CASE("cut is a part and FIN, reset is RST, closes is an answer and FIN", "[plant]") {
  const RunningPlant cut(pump("[host.fault]\nkind = \"cut\"\nbytes = 9\n"));
  const Client short_one = tcp(cut, "pump", "modbus");
  CHECK(short_one.ask(kIdentify) == std::string(kIdentified).substr(0, 18));
  CHECK(short_one.receive() == "end");
  const RunningPlant reset(pump("[host.fault]\nkind = \"reset\"\nafter = 1\n"));
  const Client broken = tcp(reset, "pump", "modbus");
  CHECK(broken.ask(kIdentify) == kIdentified);
  CHECK(broken.ask(kIdentify) == "reset");
  const RunningPlant closes(pump("[host.fault]\nkind = \"closes\"\nafter = 1\n"));
  const Client ended = tcp(closes, "pump", "modbus");
  CHECK(ended.ask(kIdentify) == kIdentified);
  CHECK(ended.receive() == "end");
}

TEST_CASE("endless answers end with their asker", "[plant]") {
  RunningPlant plant(pump("[host.fault]\nkind = \"endless\"\n"));
  {
    const Client client = tcp(plant, "pump", "modbus");
    client.send(kIdentify);
    int pieces = 0;
    CHECK(client.receive_all(100 * 21, pieces).substr(0, 4) == "5552");
  }
  CHECK(plant.end() == 0);
}

TEST_CASE("a unit on a serial line answers in RTU frames", "[plant]") {
  RunningPlant plant(
      "[[rtu]]\nname = \"line\"\nunits = [{address = 5, objects = {0 = \"Pumps\"}}]\n");
  const int line =
      ::open(plant.address("line", "modbus", "serial").c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  REQUIRE(line >= 0);
  std::string request = from_hex("052b0e0100");
  const std::uint16_t crc = plant::modbus_crc(request);
  request += {static_cast<char>(crc), static_cast<char>(crc >> 8)};
  REQUIRE(::write(line, request.data(), request.size()) == 7);
  std::string reply;
  for (char byte = 0; reply.size() < 17 && ::read(line, &byte, 1) == 1;) {
    reply += byte;
  }
  ::close(line);
  CHECK(
      plant::to_hex(reply).starts_with("052b0e01820000010005"
                                       "50756d7073"));
  CHECK(plant::modbus_crc(reply) == 0);  // of a frame with its CRC
  CHECK(plant.end() == 0);
}

TEST_CASE("a scene's mistake is told by plantsim with the line", "[plant]") {
  CHECK_THROWS_WITH(RunningPlant("[[host]]\naddress = \"127.1.0.1\"\nmodbos = {}\n"),
                    Catch::Contains("scene.toml:3: host.modbos: unknown key; did you mean "
                                    "\"modbus\"?"));
}

TEST_CASE("each scene of the repository can be read", "[plant]") {
  const std::filesystem::path folder = std::filesystem::path(RACKSCOUT_TESTS_DIR) / "plant/scenes";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const auto scene = plant::read_scene(text);
    INFO((scene ? std::string() : scene.error().text(entry.path().filename().string())));
    CHECK(scene.has_value());
  }
}

}  // namespace
}  // namespace ot::tests
