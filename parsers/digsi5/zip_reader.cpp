#include "parsers/digsi5/zip_reader.hpp"

#include <algorithm>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <locale.h>
#include <clocale>

#include "parsers/digsi5/names.hpp"

namespace ot::parsers::digsi5 {
namespace {

// Below this a high ratio is harmless: small XML packs very well.
constexpr std::uint64_t kRatioFloor = 1 << 20;

constexpr std::string_view kTrustHint =
    "a project of DIGSI 5 stays far below this; check where the file comes from";

Error over(std::string message) {
  return Error(Errc::too_large, std::move(message)).hint(std::string(kTrustHint));
}

Error encrypted(std::string message) {
  return Error(Errc::encrypted, std::move(message))
      .hint("save the project without a password and export it again");
}

/// "deflation" of "ZIP 2.0 (deflation)".
std::string method_of(archive* reader) {
  const char* format = archive_format_name(reader);
  const std::string_view text = format == nullptr ? "" : format;
  const auto open = text.find('(');
  const auto close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return "an unknown method";
  }
  return std::string(text.substr(open + 1, close - open - 1));
}

/// Read from the disk once, and kept. Null where the system has none.
locale_t utf8_locale() {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{});
  return locale;
}

}  // namespace

void prepare_names() {
  utf8_locale();
}

/// libarchive converts names to the thread's locale. In the "C" locale, which a
/// service runs in, every letter beyond ASCII would be lost.
class ZipReader::NameLocale {
 public:
  NameLocale() {
    if (const auto utf8 = utf8_locale(); utf8 != locale_t{}) {
      before_ = uselocale(utf8);
    }
  }
  ~NameLocale() {
    if (before_ != locale_t{}) {
      uselocale(before_);
    }
  }
  NameLocale(const NameLocale&) = delete;
  NameLocale& operator=(const NameLocale&) = delete;

 private:
  locale_t before_{};
};

void ZipReader::Closer::operator()(archive* reader) const {
  archive_read_free(reader);
}

ZipReader::ZipReader(const Content& content, const Limits& limits)
    : limits_(limits), feed_(content, limits), locale_(std::make_unique<NameLocale>()) {}

ZipReader::~ZipReader() = default;

Result<void> ZipReader::open(Order order) {
  order_ = order;
  members_ = 0;
  at_end_ = true;
  current_.reset();
  reader_.reset(archive_read_new());
  if (!reader_) {
    return fail(Errc::io, "no memory for reading the archive");
  }
  const int supported = order == Order::directory
                            ? archive_read_support_format_zip_seekable(reader_.get())
                            : archive_read_support_format_zip_streamable(reader_.get());
  if (supported != ARCHIVE_OK || feed_.open(reader_.get()) != ARCHIVE_OK) {
    return fail(failure("it cannot be opened", Position::offset(0)));
  }
  return {};
}

Result<std::optional<Member>> ZipReader::next() {
  if (order_ == Order::front) {
    if (auto drained = drain(); !drained) {
      return fail(std::move(drained.error()));
    }
  }
  current_.reset();
  archive_entry* entry = nullptr;
  const auto found = next_header(entry);
  if (!found) {
    return fail(found.error());
  }
  if (!*found) {
    return std::nullopt;
  }
  auto member = describe(entry);
  if (!member) {
    return fail(std::move(member.error()));
  }
  at_end_ = false;
  unpacked_ = 0;
  data_start_ = position().value;
  current_ = *member;
  return std::optional(std::move(*member));
}

Result<bool> ZipReader::next_header(archive_entry*& entry) {
  const auto before = position();
  feed_.watch_directory(members_ == 0 && order_ == Order::directory);
  const int got = archive_read_next_header(reader_.get(), &entry);
  feed_.watch_directory(false);
  if ((got == ARCHIVE_EOF || got < ARCHIVE_WARN) &&
      archive_read_has_encrypted_entries(reader_.get()) > 0) {
    return fail(encrypted("the archive is encrypted"));
  }
  if (got == ARCHIVE_EOF) {
    return false;
  }
  if (got < ARCHIVE_WARN || feed_.late()) {
    return fail(failure("a header cannot be read", before));
  }
  if (++members_ > limits_.members) {
    return fail(too_many_members(limits_));
  }
  return true;
}

Result<Member> ZipReader::describe(archive_entry* entry) {
  Member member;
  if (const char* name = archive_entry_pathname(entry)) {
    member.name = name;
  }
  member.method = method_of(reader_.get());
  if (archive_entry_is_encrypted(entry) != 0) {
    return fail(encrypted(fmt::format("member \"{}\" is encrypted", shown(member.name))));
  }
  if (archive_entry_size_is_set(entry) != 0) {
    member.declared_size =
        static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0));
  }
  const auto declared = member.declared_size.value_or(0);
  if (declared > limits_.member_bytes) {
    return fail(over(
        fmt::format("member \"{}\" is said to unpack to {}, over the limit of {} for one",
                    shown(member.name), size_text(declared), size_text(limits_.member_bytes))));
  }
  total_declared_ += declared;
  if (total_declared_ > limits_.archive_bytes) {
    return fail(over(fmt::format(
        "the members up to \"{}\" are said to unpack to {}, over the limit of {} for all",
        shown(member.name), size_text(total_declared_), size_text(limits_.archive_bytes))));
  }
  return member;
}

/// Without a directory libarchive finds the next member by unpacking this one,
/// so its rest is unpacked here, within the limits.
Result<void> ZipReader::drain() {
  Unpacked ignored;
  while (current_ && current_->method == "deflation" && !at_end_) {
    const auto bytes = piece(ignored);
    if (!bytes) {
      return fail(bytes.error());
    }
  }
  return {};
}

Result<void> ZipReader::read(Unpacked& into, std::uint64_t size) {
  while (!at_end_ && into.bytes.size() < size) {
    const auto bytes = piece(into);
    if (!bytes) {
      return fail(bytes.error());
    }
    into.bytes += *bytes;
  }
  into.complete = at_end_;
  return {};
}

Result<std::string_view> ZipReader::piece(Unpacked& into) {
  const void* bytes = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  const int got = archive_read_data_block(reader_.get(), &bytes, &size, &offset);
  if (got == ARCHIVE_EOF) {
    at_end_ = true;
    return std::string_view{};
  }
  if (got < ARCHIVE_WARN || feed_.late()) {
    at_end_ = true;
    return fail(failure("its data cannot be unpacked", Position::offset(data_start_)));
  }
  if (got == ARCHIVE_WARN) {
    into.complaint = "its checksum or its size is wrong";
  }
  if (auto within = charge(size); !within) {
    return fail(std::move(within.error()));
  }
  return size == 0 ? std::string_view{} : std::string_view(static_cast<const char*>(bytes), size);
}

Result<void> ZipReader::charge(std::uint64_t count) {
  unpacked_ += count;
  total_unpacked_ += count;
  const auto name = shown(current_ ? current_->name : "");
  if (unpacked_ > limits_.member_bytes) {
    return fail(over(fmt::format("member \"{}\" unpacks to more than the limit of {} for one", name,
                                 size_text(limits_.member_bytes))));
  }
  if (total_unpacked_ > limits_.archive_bytes) {
    return fail(
        over(fmt::format("the members up to \"{}\" unpack to more than the limit of {} for all",
                         name, size_text(limits_.archive_bytes))));
  }
  const auto packed = std::max<std::uint64_t>(position().value - data_start_, 1);
  if (unpacked_ > kRatioFloor && unpacked_ > packed * limits_.ratio) {
    return fail(over(fmt::format("member \"{}\" unpacks to more than {} times its packed size",
                                 name, limits_.ratio)));
  }
  return {};
}

Result<void> ZipReader::resume() {
  const auto done = members_;
  if (auto opened = open(order_); !opened) {
    return opened;
  }
  archive_entry* entry = nullptr;
  while (members_ < done) {
    const auto found = next_header(entry);
    if (!found) {
      return fail(found.error());
    }
    if (!*found) {
      break;
    }
  }
  return {};
}

Position ZipReader::position() const {
  const auto bytes = archive_filter_bytes(reader_.get(), 0);
  return Position::offset(static_cast<std::uint64_t>(std::max<la_int64_t>(bytes, 0)));
}

/// In our own words: those of libarchive change from one release to the next.
Error ZipReader::failure(std::string_view what, Position where) const {
  if (feed_.error()) {
    return *feed_.error();
  }
  return Error(Errc::malformed, std::string(what)).at(where);
}

}  // namespace ot::parsers::digsi5
