#include "parsers/digsi5/importer.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.hpp"
#include "parsers/digsi5/container.hpp"
#include "parsers/digsi5/names.hpp"
#include "parsers/digsi5/teax.hpp"
#include "parsers/digsi5/xml.hpp"
#include "parsers/scl/scl.hpp"

namespace ot::parsers::digsi5 {
namespace {

constexpr std::uint64_t kXmlBytes = 128ull << 20;
constexpr std::uint64_t kProjectXmlBytes = 4ull << 20;
constexpr std::uint32_t kDamagedMembers = 16;

bool is_database(std::string_view name) {
  return equals_ignoring_case(base_name(name), "PEData.plf");
}

/// Whether "8.80.0.0", or "8.8.0.0", is what ".dp5v88" stands for.
bool is_version(std::string_view stated, std::uint32_t number) {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  const auto* end = stated.data() + stated.size();
  const auto dot = std::from_chars(stated.data(), end, major);
  if (dot.ec != std::errc{} || dot.ptr == end || *dot.ptr != '.' ||
      std::from_chars(dot.ptr + 1, end, minor).ec != std::errc{}) {
    return false;
  }
  return major == number / 10 && (minor == number % 10 || minor == number % 10 * 10);
}

}  // namespace

Importer::Importer(const Content& content, const Limits& limits)
    : limits_(limits), reader_(content, limits), notes_(limits.warnings) {}

Result<Project> Importer::run() {
  if (auto opened = open(); !opened) {
    return fail(std::move(opened.error()));
  }
  while (!finished_) {
    if (auto read = read_members(); !read) {
      return fail(std::move(read.error()));
    }
  }
  if (project_member_.empty()) {
    notes_.warnings().add(
        "no project member (.dp5v...): neither the project's name nor the DIGSI version is known");
  }
  project_.assets = devices_.take(notes_.warnings());
  project_.warnings = notes_.take();
  return std::move(project_);
}

Result<void> Importer::open() {
  auto opened = reader_.open(ZipReader::Order::directory);
  return opened || opened.error().code() != Errc::malformed ? opened : stop_at(opened.error());
}

/// Takes members until the last one, or until damage that is behind us when this returns.
Result<void> Importer::read_members() {
  while (!finished_) {
    auto member = reader_.next();
    if (!member) {
      return stop_at(member.error());
    }
    if (!*member) {
      finished_ = true;
      break;
    }
    if (auto taken = take(**member); !taken) {
      return skip_damaged(**member, taken.error());
    }
  }
  return {};
}

Result<void> Importer::take(const Member& member) {
  notes_.name(member);
  if (project_member(member.name)) {
    return take_project(member);
  }
  if (member.is_folder()) {
    return {};
  }
  if (is_database(member.name)) {
    notes_.not_read(member, "DIGSI's own database, not read");
    return {};
  }
  if (!member.is_readable()) {
    notes_.not_read(member, fmt::format("packed by {}, not read", shown(member.method)));
    return {};
  }
  return take_content(member);
}

Result<void> Importer::take_content(const Member& member) {
  Unpacked data;
  if (auto read = reader_.read(data, kSampleSize); !read) {
    return read;
  }
  const auto head = std::string_view(data.bytes).substr(0, kSampleSize);
  if (scl::is_scl(head)) {
    return take_document(member, data, {"SCL", scl::read});
  }
  if (is_tea_x(member.name, head)) {
    return take_document(member, data, {"TEA-X", read_tea_x});
  }
  complain(member, data);
  if (is_archive(head)) {
    notes_.not_read(member, "an archive inside the archive, not opened");
  } else {
    notes_.not_read(member);
  }
  return {};
}

Result<void> Importer::take_project(const Member& member) {
  if (!project_member_.empty()) {
    notes_.not_read(member, "a further project member, ignored: the first one counts");
    return {};
  }
  const auto named = project_member(member.name);
  project_member_ = shown(member.name);
  project_number_ = named->number;
  project_.project_name = named->project;
  project_.vendor = "Siemens";
  project_.engineering_tool_name = named->tool();
  project_.engineering_tool_version = named->version();
  project_.tool_confidence = Confidence::declared;
  return take_project_xml(member);
}

Result<void> Importer::take_project_xml(const Member& member) {
  Unpacked data;
  if (member.is_readable()) {
    if (auto read = reader_.read(data, kProjectXmlBytes); !read) {
      return read;
    }
  }
  complain(member, data);
  const auto stated = data.complete ? project_data(data.bytes) : std::nullopt;
  if (!stated) {
    notes_.not_read(member, "its content is not understood, only its name was used");
    return {};
  }
  if (!stated->name.empty()) {
    project_.project_name = stated->name;
    project_.details.push_back({"projectName", stated->name, Confidence::schema});
  }
  if (!stated->version.empty()) {
    project_.details.push_back({"projectVersion", stated->version, Confidence::schema});
  }
  compare_versions(member, stated->version);
  if (stated->compatibility_version != stated->version) {
    compare_versions(member, stated->compatibility_version);
  }
  return {};
}

void Importer::compare_versions(const Member& member, std::string_view stated) {
  if (!stated.empty() && !is_version(stated, project_number_)) {
    notes_.warnings().add(fmt::format("{} stands for {}, but its content says version \"{}\"",
                                      shown(member.name), project_.engineering_tool_version,
                                      shown(stated)));
  }
}

Result<void> Importer::take_document(const Member& member, Unpacked& data,
                                     const DocumentKind& kind) {
  if (auto read = reader_.read(data, kXmlBytes); !read) {
    return read;
  }
  complain(member, data);
  if (!data.complete) {
    notes_.not_read(member,
                    fmt::format("{} of more than {}, not read", kind.name, size_text(kXmlBytes)));
    return {};
  }
  auto limits = limits_;
  limits.time = time_left();
  auto inner = kind.read(data.bytes, limits);
  if (!inner) {
    notes_.warnings().add(fmt::format("not read: {}", inner.error().text(shown(member.name))));
    return {};
  }
  return add_devices(member, std::move(*inner));
}

Result<void> Importer::add_devices(const Member& member, Project&& inner) {
  const auto name = shown(member.name);
  for (auto& device : inner.assets) {
    if (device.confidence == Confidence::confirmed) {
      devices_.add(std::move(device), name, notes_.warnings());
    } else {
      devices_.add_last(std::move(device), name);
    }
  }
  for (const auto& warning : inner.warnings) {
    notes_.inner(member.name, warning);
  }
  if (devices_.records() > limits_.records) {
    return fail(
        Errc::too_large,
        fmt::format("holds more devices and modules than the limit of {}, up to member \"{}\"",
                    limits_.records, name));
  }
  return {};
}

void Importer::complain(const Member& member, const Unpacked& data) {
  if (!data.complaint.empty()) {
    notes_.warnings().add(fmt::format("{}: {}; what was read of it may be wrong",
                                      shown(member.name), shown(data.complaint)),
                          reader_.position());
  }
}

Result<void> Importer::skip_damaged(const Member& member, const Error& damage) {
  if (damage.code() != Errc::malformed) {
    return fail(damage);
  }
  notes_.warnings().add(
      fmt::format("{} is damaged, not read: {}", shown(member.name), shown(damage.message())),
      damage.position());
  if (++damaged_ > kDamagedMembers) {
    finished_ = true;
    notes_.warnings().add("too much of the archive is damaged, the rest was not read");
    return {};
  }
  auto resumed = reader_.resume();
  return resumed ? resumed : stop_at(resumed.error());
}

/// The archive itself is damaged. Without its directory it is read from the
/// front; later than that, what has been read stays.
Result<void> Importer::stop_at(const Error& damage) {
  if (damage.code() != Errc::malformed) {
    return fail(damage);
  }
  if (reader_.members() > 0) {
    finished_ = true;
    notes_.warnings().add(
        fmt::format("the archive is damaged, its rest was not read: {}", shown(damage.message())),
        damage.position());
    return {};
  }
  if (reader_.order() == ZipReader::Order::directory && reader_.open(ZipReader::Order::front)) {
    notes_.warnings().add(
        "the directory at the archive's end is missing or damaged: read from the front instead");
    return {};
  }
  return fail(Error(damage).during("read the ZIP archive").hint("copy or export the file again"));
}

std::chrono::milliseconds Importer::time_left() const {
  const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - start_);
  return std::max(limits_.time - spent, std::chrono::milliseconds(0));
}

}  // namespace ot::parsers::digsi5
