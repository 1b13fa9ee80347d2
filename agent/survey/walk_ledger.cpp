#include "agent/survey/walk_ledger.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

#include "base/file_names.hpp"

namespace ot::agent::survey {
namespace {

constexpr std::chrono::seconds kBetweenSyncs{1};

/// Reads the lines of a file one after the other; the last one may lack its end.
class Lines {
 public:
  explicit Lines(int descriptor) : descriptor_(descriptor) {}

  /// False at the end; `whole` says whether the line has its line feed.
  Result<bool> next(std::string& line, bool& whole) {
    while (true) {
      const auto end = buffer_.find('\n', at_);
      if (end != std::string::npos) {
        line = buffer_.substr(at_, end - at_);
        at_ = end + 1;
        whole = true;
        return true;
      }
      auto more = read_more();
      if (!more) {
        return more;
      }
      if (!*more) {
        line = buffer_.substr(at_);
        at_ = buffer_.size();
        whole = false;
        return !line.empty();
      }
    }
  }

 private:
  Result<bool> read_more() {
    constexpr std::size_t kPiece = 1 << 16;
    buffer_.erase(0, at_);
    at_ = 0;
    const auto before = buffer_.size();
    buffer_.resize(before + kPiece);
    const auto size = ::read(descriptor_, buffer_.data() + before, kPiece);
    buffer_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    return size < 0 ? fail(system_error(errno, "read")) : Result<bool>(size > 0);
  }

  int descriptor_;
  std::string buffer_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::unique_ptr<WalkLedger>> WalkLedger::open(const std::string& path,
                                                     const std::string& walk, Recordings& heard) {
  constexpr mode_t kMode = 0600;
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kMode);
  if (descriptor < 0) {
    return fail(system_error(errno, fmt::format("ledger \"{}\"", path)));
  }
  std::unique_ptr<WalkLedger> ledger(new WalkLedger(path, descriptor, walk));
  if (!keep_name(path)) {
    return fail(system_error(errno, fmt::format("ledger \"{}\"", path)));
  }
  if (auto read = ledger->read(heard); !read) {
    return fail(std::move(read).error().during(fmt::format("ledger \"{}\"", path)));
  }
  return ledger;
}

WalkLedger::~WalkLedger() {
  ::close(descriptor_);
}

Result<void> WalkLedger::read(Recordings& heard) {
  Lines lines(descriptor_);
  off_t end = 0;
  std::string line;
  bool whole = true;
  while (true) {
    const auto more = lines.next(line, whole);
    if (!more) {
      return fail(more.error());
    }
    if (!*more || !whole) {
      break;
    }
    auto exchange = bundle::exchange_from(line, chain_);
    if (!exchange) {
      return fail(Error(Errc::corrupt, exchange.error().message())
                      .at(Position::line(count_ + 1))
                      .hint("what stands before it is sound; begin a new walk"));
    }
    ++count_;
    end += static_cast<off_t>(line.size()) + 1;
    auto& recording = heard[exchange->area];
    if (!recording) {
      recording = std::make_unique<bundle::Recording>(bundle::Recording::Use::resume);
    }
    recording->add(exchange->entry);
  }
  // A line that a power cut left unfinished: nothing that came of it was used yet.
  if (::ftruncate(descriptor_, end) != 0 || ::lseek(descriptor_, end, SEEK_SET) != end) {
    return fail(system_error(errno, "go to its end"));
  }
  return {};
}

void WalkLedger::write(const std::string& line) {
  std::size_t written = 0;
  while (written < line.size() && error_ == 0) {
    const auto size = ::write(descriptor_, line.data() + written, line.size() - written);
    if (size < 0 && errno != EINTR) {
      error_ = errno;
    }
    written += static_cast<std::size_t>(std::max<ssize_t>(size, 0));
  }
}

void WalkLedger::note(const protocols::link::LedgerEntry& entry) {
  if (error_ != 0) {
    return;
  }
  bundle::Exchange exchange{.number = ++count_, .area = area_, .entry = entry};
  write(bundle::exchange_line(exchange, chain_));
  const auto now = std::chrono::steady_clock::now();
  if (now - synced_ >= kBetweenSyncs) {
    synced_ = now;
    error_ = error_ == 0 && ::fdatasync(descriptor_) != 0 ? errno : error_;
  }
}

Result<void> WalkLedger::finish() {
  if (error_ == 0 && ::fdatasync(descriptor_) != 0) {
    error_ = errno;
  }
  return error_ == 0 ? Result<void>{}
                     : fail(system_error(error_, fmt::format("ledger \"{}\"", path_)));
}

}  // namespace ot::agent::survey
