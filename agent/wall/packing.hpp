#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/records.hpp"
#include "base/result.hpp"
#include "base/utf8.hpp"

namespace ot::agent::wall {

// Values as bytes, for the way between two processes of one build on one machine: numbers as they
// lie in memory, a text behind its length, a list behind its count. fields(archive, value) lists
// what a structure consists of, once for both ways.

/// A text of any bytes, where others are UTF-8.
struct Raw {
  std::string bytes;
};

/// Puts values one behind the other.
class Pack {
 public:
  using Sink = std::function<void(std::string_view)>;
  explicit Pack(Sink sink) : sink_(std::move(sink)) {}

  template <class... Values>
  void operator()(const Values&... values) {
    (put(values), ...);
  }

 private:
  template <class Number>
  requires(std::is_arithmetic_v<Number> || std::is_enum_v<Number>) void put(Number value) {
    sink_({reinterpret_cast<const char*>(&value), sizeof value});
  }
  void put(const std::string& text) { put_text(text); }
  void put(std::string_view text) { put_text(text); }
  void put(const Raw& raw) { put_text(raw.bytes); }
  template <class Rep, class Period>
  void put(std::chrono::duration<Rep, Period> duration) {
    put(static_cast<std::int64_t>(duration.count()));
  }
  void put(Time time) { put(time.time_since_epoch()); }
  template <class Value>
  void put(const std::optional<Value>& value) {
    put(value.has_value());
    if (value) {
      put(*value);
    }
  }
  template <class Value>
  void put(const std::vector<Value>& list) {
    put(static_cast<std::uint32_t>(list.size()));
    for (const auto& value : list) {
      put(value);
    }
  }
  template <class Value>
  requires(std::is_class_v<Value>) void put(const Value& value) { fields(*this, value); }
  void put_text(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    sink_(text);
  }

  Sink sink_;
};

/// The last value of an enumeration that is packed: what comes from another process is checked.
template <class Enum>
constexpr Enum last_of();
template <>
constexpr Errc last_of<Errc>() {
  return Errc::ended;
}
template <>
constexpr Confidence last_of<Confidence>() {
  return Confidence::heuristic;
}
template <>
constexpr Origin last_of<Origin>() {
  return Origin::observed;
}
template <>
constexpr Category last_of<Category>() {
  return Category::hmi;
}
template <>
constexpr Position::Unit last_of<Position::Unit>() {
  return Position::Unit::offset;
}

/// Takes them out again. What can't be is an error, and everything behind it is empty; texts that
/// are no UTF-8 are errors, too, and so is what would take more memory than it may: a few bytes of
/// a list can become many.
class Unpack {
 public:
  /// Fills all of the buffer, or says why not.
  using Source = std::function<Result<void>(char* into, std::size_t size)>;
  static constexpr std::uint64_t kMostMemory = 256ULL << 20;
  explicit Unpack(Source source, std::uint64_t memory = kMostMemory)
      : source_(std::move(source)), memory_(memory) {}

  template <class... Values>
  void operator()(Values&... values) {
    (get(values), ...);
  }

  bool failed() const { return error_.has_value(); }
  Result<void> outcome() const { return error_ ? fail(*error_) : Result<void>(); }

 private:
  static constexpr std::uint32_t kLongestText = 64U << 20;
  static constexpr std::uint32_t kTextPiece = 64U << 10;

  bool raw(char* into, std::size_t size) {
    if (!error_) {
      if (auto got = source_(into, size); !got) {
        error_ = std::move(got).error();
      }
    }
    return !error_;
  }
  void refuse(const char* what) {
    if (!error_) {
      error_ =
          Error(Errc::malformed, std::string("what the reading child sent is damaged: ") + what);
    }
  }

  bool take_memory(std::uint64_t bytes) {
    if (!error_ && bytes > memory_) {
      error_ = Error(Errc::too_large, "what is in it takes more memory than it may")
                   .hint("`memory` of [parsers] allows more");
    }
    memory_ -= error_ ? 0 : bytes;
    return !error_;
  }

  template <class Number>
  requires(std::is_arithmetic_v<Number> && !std::is_same_v<Number, bool>) void get(Number& value) {
    if (!raw(reinterpret_cast<char*>(&value), sizeof value)) {
      value = {};
    }
  }
  void get(bool& value) {
    std::uint8_t byte = 0;
    get(byte);
    value = byte != 0;
  }
  template <class Enum>
  requires(std::is_enum_v<Enum>) void get(Enum& value) {
    std::underlying_type_t<Enum> number{};
    get(number);
    if (number < 0 || number > static_cast<std::underlying_type_t<Enum>>(last_of<Enum>())) {
      refuse("a number that names nothing");
      number = 0;
    }
    value = static_cast<Enum>(number);
  }
  void get(std::string& text) {
    get_bytes(text);
    if (!error_ && skip_valid_utf8(text, 0, text.size()) < text.size()) {
      refuse("a text that is no UTF-8");
    }
    if (error_) {
      text.clear();
    }
  }
  void get(Raw& raw) { get_bytes(raw.bytes); }
  void get_bytes(std::string& text) {
    std::uint32_t size = 0;
    get(size);
    text.clear();
    if (size > kLongestText) {
      refuse("a text of great length");
    }
    // Piece by piece: a length alone takes no memory.
    while (!error_ && text.size() < size) {
      const auto have = text.size();
      if (!take_memory(std::min<std::uint64_t>(kTextPiece, size - have))) {
        return;
      }
      text.resize(have + std::min<std::size_t>(kTextPiece, size - have));
      raw(text.data() + have, text.size() - have);
    }
  }
  template <class Rep, class Period>
  void get(std::chrono::duration<Rep, Period>& duration) {
    std::int64_t count = 0;
    get(count);
    duration = std::chrono::duration<Rep, Period>(static_cast<Rep>(count));
  }
  void get(Time& time) {
    Time::duration since{};
    get(since);
    time = Time(since);
  }
  template <class Value>
  void get(std::optional<Value>& value) {
    bool there = false;
    get(there);
    value.reset();
    if (there && !error_) {
      get(value.emplace());
    }
  }
  template <class Value>
  void get(std::vector<Value>& list) {
    std::uint32_t count = 0;
    get(count);
    list.clear();
    for (std::uint32_t i = 0; i < count && !error_; ++i) {
      // A vector that is full takes as much again.
      if (list.size() < list.capacity() ||
          take_memory(sizeof(Value) * std::max<std::uint64_t>(1, list.size()))) {
        get(list.emplace_back());
      }
    }
  }
  template <class Value>
  requires(std::is_class_v<Value>) void get(Value& value) { fields(*this, value); }

  Source source_;
  std::uint64_t memory_;  ///< bytes that may still be taken
  std::optional<Error> error_;
};

/// A text that holds packed values.
template <class... Values>
std::string packed(const Values&... values) {
  std::string bytes;
  Pack pack([&bytes](std::string_view piece) { bytes += piece; });
  pack(values...);
  return bytes;
}

/// Unpacks from a text; what is left over is no error.
Unpack unpacking(std::string_view bytes, std::uint64_t memory = Unpack::kMostMemory);
Unpack unpacking(std::string&& bytes, std::uint64_t = 0) = delete;  // they must live on

}  // namespace ot::agent::wall
