#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/records.hpp"
#include "base/result.hpp"

namespace ot::parsers {

/// How much of each end of a file detection looks at.
constexpr std::size_t kSampleSize = 64 * 1024;

/// The two ends of a file, for detection. For a short file both are all of it.
struct Sample {
  std::string_view name;  ///< base name with extension
  std::string_view head;
  std::string_view tail;
  std::uint64_t size = 0;
};

/// Ceilings that keep a hostile file from taking the machine.
struct Limits {
  std::uint64_t file_bytes = 256ull << 20;    ///< of a file that is read whole
  std::uint64_t archive_bytes = 2ull << 30;   ///< of an archive, and of all its members unpacked
  std::uint64_t member_bytes = 512ull << 20;  ///< of one unpacked member
  std::uint32_t members = 50'000;
  std::uint32_t ratio = 200;                ///< unpacked to packed
  std::uint32_t depth = 64;                 ///< of nested XML elements or blocks
  std::uint32_t records = 1'000'000;        ///< assets and add-ons of one file
  std::uint32_t warnings = 100;             ///< kept; the rest are counted
  std::chrono::milliseconds time{120'000};  ///< for parsing one file
};

/// A limit on time, cheap enough to ask in an inner loop.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds limit)
      : end_(std::chrono::steady_clock::now() + limit) {}

  /// True once the time is up; looks at the clock every 256th call.
  bool passed() { return ++calls_ % 256 == 0 && std::chrono::steady_clock::now() >= end_; }

 private:
  std::chrono::steady_clock::time_point end_;
  std::uint32_t calls_ = 0;
};

/// Bytes that can be read from anywhere: an archive on disk need not fit into memory.
class Content {
 public:
  virtual ~Content() = default;
  virtual std::uint64_t size() const = 0;
  /// Fills as much of `into` as there is from `offset` on; 0 at the end.
  virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const = 0;
};

class MemoryContent final : public Content {
 public:
  explicit MemoryContent(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override;

 private:
  std::string_view bytes_;
};

/// A file to parse. Text formats get it whole in `bytes`, archives read `content`.
struct Source {
  std::string_view name;  ///< base name with extension
  std::string_view bytes;
  const Content* content = nullptr;
};

/// How a parser wants its Source.
enum class Access : std::uint8_t { whole, ranges };

struct Parser {
  std::string_view name;                       ///< "step7"
  std::string_view reads;                      ///< "STEP 7 V5.x HW Config exports"
  std::span<const std::string_view> suffixes;  ///< lower case, with the dot
  Access access;

  /// Whether parse() has the last word on this file: its content is of the
  /// format, or it bears a suffix of which anything else is a broken file.
  bool (*claims)(const Sample& sample);

  Result<Project> (*parse)(const Source& source, const Limits& limits);

  /// Opens what parse() needs of the system, where it opens nothing any more; may be null.
  void (*prepare)() = nullptr;
};

/// All parsers, in the order in which they are asked.
std::span<const Parser* const> all();

/// The parser that claims the file, or null: then it is no project file.
const Parser* detect(const Sample& sample);

/// Whether the name bears the suffix of some project format.
bool has_project_suffix(std::string_view name);

/// Collects warnings up to the limit and then only counts them.
class Warnings {
 public:
  explicit Warnings(std::uint32_t limit) : limit_(limit) {}

  void add(std::string message, Position position = {});

  /// All that were kept, and one line for those that were not.
  std::vector<Warning> take();

 private:
  std::vector<Warning> kept_;
  std::uint32_t limit_;
  std::uint64_t dropped_ = 0;
};

}  // namespace ot::parsers
