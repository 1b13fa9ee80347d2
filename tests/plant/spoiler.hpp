#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/plant/service.hpp"

namespace ot::plant {

/// How an answer on one wire is made wrong.
struct Spoiler {
  /// The answer to somebody else's request: another id, and other letters in it,
  /// so that who takes it tells nonsense. Nothing where frames bear no id.
  std::optional<std::string> (*foreign)(std::string frame);
  std::string (*huge_length)(std::string frame);
  std::string (*lying_count)(std::string frame);
  /// The refusal for want of room; nothing where this request gets its answer still.
  std::optional<Answer> (*busy)(std::string_view request);
};

const Spoiler& spoiler_of(Wire wire);

// For the wires' own files.
extern const Spoiler kFinsTcpSpoiler;
extern const Spoiler kFinsUdpSpoiler;
extern const Spoiler kEnipSpoiler;
extern const Spoiler kModbusTcpSpoiler;
extern const Spoiler kModbusRtuSpoiler;

/// Each capital letter from here on becomes the next one.
void shift_letters(std::string& frame, std::size_t from);
/// Overwrites bytes, where they are all there.
void put(std::string& frame, std::size_t at, std::string_view bytes);

}  // namespace ot::plant
