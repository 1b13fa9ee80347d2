#pragma once

#include <map>
#include <string>
#include <string_view>

#include "parsers/digsi5/zip_reader.hpp"

namespace ot::parsers::digsi5 {

/// Warnings about members, kept readable: the first of a kind are named, the
/// others are counted.
class Notes {
 public:
  explicit Notes(std::uint32_t limit) : warnings_(limit) {}

  Warnings& warnings() { return warnings_; }

  /// Warns of a name that must not be used as a path; silent for all others.
  void name(const Member& member);

  /// A member of which the operator should know what it is.
  void not_read(const Member& member, std::string_view what);

  /// Any other member that was not understood.
  void not_read(const Member& member);

  /// Of an inner document; these come after all others.
  void inner(std::string_view member, const Warning& warning);

  std::vector<Warning> take();

 private:
  void count(const Member& member);

  Warnings warnings_;
  std::uint32_t hostile_ = 0;
  std::map<std::string, std::uint32_t, std::less<>> listed_;  // by what they are
  std::vector<std::string> plain_;
  std::uint64_t more_ = 0;
  std::uint64_t more_bytes_ = 0;
  std::vector<std::string> inner_;
};

}  // namespace ot::parsers::digsi5
