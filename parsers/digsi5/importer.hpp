#pragma once

#include <chrono>

#include "parsers/digsi5/devices.hpp"
#include "parsers/digsi5/notes.hpp"
#include "parsers/digsi5/zip_reader.hpp"

namespace ot::parsers::digsi5 {

/// Reads a project archive: the name of its project member, the XML in it, and
/// the SCL and TEA-X documents among the other members. Everything else is only named.
class Importer {
 public:
  Importer(const Content& content, const Limits& limits);

  Result<Project> run();

 private:
  struct DocumentKind {
    std::string_view name;
    Result<Project> (*read)(std::string_view xml, const Limits& limits);
  };

  Result<void> open();
  Result<void> read_members();
  Result<void> take(const Member& member);
  Result<void> take_content(const Member& member);
  Result<void> take_project(const Member& member);
  Result<void> take_project_xml(const Member& member);
  Result<void> take_document(const Member& member, Unpacked& data, const DocumentKind& kind);
  Result<void> add_devices(const Member& member, Project&& inner);
  void compare_versions(const Member& member, std::string_view stated);
  void complain(const Member& member, const Unpacked& data);
  Result<void> skip_damaged(const Member& member, const Error& damage);
  Result<void> stop_at(const Error& damage);
  std::chrono::milliseconds time_left() const;

  const Limits& limits_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  ZipReader reader_;
  Notes notes_;
  Devices devices_;
  Project project_;
  std::string project_member_;  // its shown name
  std::uint32_t project_number_ = 0;
  std::uint32_t damaged_ = 0;
  bool finished_ = false;
};

}  // namespace ot::parsers::digsi5
