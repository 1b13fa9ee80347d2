#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ot::protocols::link {

// Everything that may ever be sent. What is not here can't be built into a
// frame, and is looked at again before it goes to a socket. All of it reads the
// identification of a device; no function reads or writes process data.

struct Allowed {
  std::uint16_t code;
  std::string_view name;
  std::size_t least_parameters = 0;  ///< FINS: bytes behind the command
  std::size_t most_parameters = 0;
};

/// W342, 5-3: MRC and SRC.
inline constexpr std::array kFinsCommands = {
    Allowed{0x0501, "CPU UNIT DATA READ", 0, 1},
    Allowed{0x0502, "CONNECTION DATA READ", 1, 2},
    Allowed{0x0601, "CPU UNIT STATUS READ", 0, 0},
    Allowed{0x0701, "CLOCK READ", 0, 0},
};

constexpr std::uint16_t kListIdentity = 0x0063;
constexpr std::uint16_t kRegisterSession = 0x0065;
constexpr std::uint16_t kUnregisterSession = 0x0066;
constexpr std::uint16_t kSendRrData = 0x006F;

/// CIP volume 2, table 2-3.2.
inline constexpr std::array kEnipCommands = {
    Allowed{kListIdentity, "ListIdentity"},
    Allowed{kRegisterSession, "RegisterSession"},
    Allowed{kUnregisterSession, "UnRegisterSession"},
    Allowed{kSendRrData, "SendRRData"},
};

constexpr std::uint8_t kGetAttributeSingle = 0x0E;

/// CIP volume 1, appendix A; alone, or inside an Unconnected_Send to a slot.
inline constexpr std::array kCipServices = {
    Allowed{0x01, "Get_Attributes_All"},
    Allowed{kGetAttributeSingle, "Get_Attribute_Single"},
};
inline constexpr std::array kCipClasses = {
    Allowed{0x01, "Identity"},
    Allowed{0x66, "Backplane"},
};

template <std::size_t Count>
constexpr const Allowed* find(const std::array<Allowed, Count>& list, std::uint16_t code) {
  for (const Allowed& entry : list) {
    if (entry.code == code) {
      return &entry;
    }
  }
  return nullptr;
}

}  // namespace ot::protocols::link
