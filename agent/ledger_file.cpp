#include "agent/ledger_file.hpp"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "agent/json_text.hpp"
#include "base/file_names.hpp"
#include "base/hash.hpp"

namespace ot::agent {

using protocols::link::LedgerEntry;

Result<std::unique_ptr<LedgerFile>> LedgerFile::open(const std::string& path) {
  constexpr mode_t kMode = 0600;
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kMode);
  std::FILE* file = descriptor < 0 ? nullptr : ::fdopen(descriptor, "a");
  if (file == nullptr) {
    const int number = errno;
    if (descriptor >= 0) {
      ::close(descriptor);
    }
    return fail(system_error(number, fmt::format("ledger \"{}\"", path)));
  }
  return std::unique_ptr<LedgerFile>(new LedgerFile(path, file));
}

void LedgerFile::note(const LedgerEntry& entry) {
  Json line = {{"time", iso8601(entry.at)},
               {"target", entry.target},
               {"protocol", protocols::link::to_string(entry.wire)},
               {"event", protocols::link::to_string(entry.event)}};
  if (!entry.bytes.empty()) {
    line["bytes"] = hex(entry.bytes);
  }
  if (!entry.meaning.empty()) {
    line["meaning"] = entry.meaning;
  }
  const auto text = json_text(line, -1) + "\n";
  const bool written = std::fwrite(text.data(), 1, text.size(), file_.get()) == text.size() &&
                       std::fflush(file_.get()) == 0;
  if (!written && error_ == 0) {
    error_ = errno;
  }
}

/// What is no regular file can't be brought to a disk.
Result<void> LedgerFile::finish() {
  const bool kept = (::fdatasync(::fileno(file_.get())) == 0 && keep_name(path_)) ||
                    errno == EINVAL || errno == EROFS;
  if (!kept && error_ == 0) {
    error_ = errno;
  }
  if (error_ != 0) {
    return fail(system_error(error_, fmt::format("ledger \"{}\"", path_)));
  }
  return {};
}

}  // namespace ot::agent
