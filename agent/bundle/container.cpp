#include "agent/bundle/container.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

namespace ot::agent::bundle {
namespace {

struct EntryCloser {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};
using Entry = std::unique_ptr<archive_entry, EntryCloser>;

/// Nothing of it depends on the machine, its clock or its user: a time that is not given becomes
/// the first that a ZIP can bear.
Entry entry_for(const std::string& name, std::uint64_t size) {
  Entry entry(archive_entry_new());
  if (entry) {
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
  }
  return entry;
}

Error changed(const std::string& member) {
  return {Errc::changed, fmt::format("{}: its size changed while it was read", member)};
}

}  // namespace

std::string container_writer() {
  return archive_version_string();
}

void ContainerWriter::Closer::operator()(archive* writer) const {
  archive_write_free(writer);
}

ContainerWriter::ContainerWriter(Sink sink) : sink_(std::move(sink)), writer_(archive_write_new()) {
  if (!writer_) {
    sunk_ = fail(Errc::io, "no memory for writing the container");
    return;
  }
  const auto write = [](archive*, void* self, const void* bytes, std::size_t size) -> la_ssize_t {
    auto& writer = *static_cast<ContainerWriter*>(self);
    if (writer.sunk_) {
      writer.sunk_ = writer.sink_({static_cast<const char*>(bytes), size});
    }
    // It never hears of a failure: then it would lose some of its memory.
    return static_cast<la_ssize_t>(size);
  };
  auto* writer = writer_.get();
  const bool ready = archive_write_set_format_zip(writer) == ARCHIVE_OK &&
                     archive_write_set_options(writer, "zip:compression=store") == ARCHIVE_OK &&
                     // In no blocks, and so with nothing behind the last of them.
                     archive_write_set_bytes_per_block(writer, 0) == ARCHIVE_OK &&
                     archive_write_set_bytes_in_last_block(writer, 1) == ARCHIVE_OK &&
                     archive_write_open(writer, this, nullptr, write, nullptr) == ARCHIVE_OK;
  if (!ready) {
    sunk_ = fail(Errc::io, "libarchive can't write a container");
  }
}

/// What was not finished is, but nobody gets to see it.
ContainerWriter::~ContainerWriter() {
  sunk_ = fail(Errc::cancelled, "the container was abandoned");
}

Result<void> ContainerWriter::outcome(int code) {
  if (!sunk_) {
    return sunk_;
  }
  if (code < ARCHIVE_OK) {
    const char* words = archive_error_string(writer_.get());
    return fail(Errc::malformed,
                fmt::format("write the container: {}", words == nullptr ? "it failed" : words));
  }
  return {};
}

Result<void> ContainerWriter::end() {
  if (!sunk_) {
    return sunk_;
  }
  return missing_ == 0 ? outcome(archive_write_finish_entry(writer_.get()))
                       : fail(changed(member_));
}

Result<void> ContainerWriter::begin(const std::string& name, std::uint64_t size) {
  if (auto ended = end(); !ended) {
    return ended;
  }
  // Once libarchive has refused something it does not free all of its memory.
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<la_int64_t>::max());
  if (name.empty() || size > kMost) {
    return fail(Errc::malformed, "no member has such a name or size");
  }
  const auto entry = entry_for(name, size);
  if (!entry) {
    return fail(Errc::io, "no memory for writing the container");
  }
  member_ = name;
  missing_ = size;
  return outcome(archive_write_header(writer_.get(), entry.get()));
}

Result<void> ContainerWriter::add(std::string_view piece) {
  if (piece.size() > missing_) {
    return fail(changed(member_));
  }
  while (!piece.empty()) {
    const auto size = archive_write_data(writer_.get(), piece.data(), piece.size());
    if (auto written = outcome(static_cast<int>(std::min<la_ssize_t>(size, 0))); !written) {
      return written;
    }
    if (size == 0) {
      return fail(changed(member_));
    }
    piece.remove_prefix(static_cast<std::size_t>(size));
    missing_ -= static_cast<std::uint64_t>(size);
  }
  return {};
}

Result<void> ContainerWriter::finish() {
  auto ended = end();
  return ended ? outcome(archive_write_close(writer_.get())) : ended;
}

}  // namespace ot::agent::bundle
