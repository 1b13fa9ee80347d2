#pragma once

#include <string>

#include "base/result.hpp"
#include "parsers/parser.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// An open regular file: it is never written, followed or waited for.
class InputFile final : public parsers::Content {
 public:
  /// Opens the path for reading. A symbolic link is refused unless `follow_link`;
  /// whatever is no regular file is refused.
  static Result<InputFile> open(const std::string& path, bool follow_link);

  /// One that another process opened and handed over; it is closed with this. Of its stamp the
  /// size alone is known.
  static InputFile received(int descriptor, std::uint64_t size);

  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&& other) noexcept;
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile() override;

  std::uint64_t size() const override { return stamp_.size; }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override;
  /// Its first `most` bytes; fewer where it has fewer, or came to have fewer.
  Result<std::string> beginning(std::uint64_t most) const;

  /// As it was when the file was opened.
  const store::FileStamp& stamp() const { return stamp_; }
  /// Whether it has still the size and the date that it had then.
  Result<bool> is_as_opened() const;

  /// For handing it over; it stays this object's.
  int descriptor() const { return descriptor_; }

 private:
  InputFile(int descriptor, store::FileStamp stamp) : descriptor_(descriptor), stamp_(stamp) {}

  int descriptor_;
  store::FileStamp stamp_;
};

/// Fills `into` with what is from `offset` on, and says how much that is: less at the end. An error
/// has the offset that it was met at.
Result<std::size_t> read_fully(const parsers::Content& content, std::uint64_t offset,
                               std::span<char> into);

/// All of what can be read by offsets. Errors: its own; changed where there is less than it said.
Result<std::string> whole_text(const parsers::Content& content);

/// All of a file that has at most `largest` bytes, a KiB or more. Errors don't name the file, as
/// who calls does: too_large; changed for one that is written meanwhile; those of opening it.
Result<std::string> read_whole(const std::string& path, bool follow_link, std::uint64_t largest);

/// The stamp of the path itself, a symbolic link not followed.
Result<store::FileStamp> stamp_of(const std::string& path);

}  // namespace ot::agent
