#include "parsers/digsi5/container.hpp"

#include <array>
#include <string>

#include <fmt/format.h>

#include "base/hash.hpp"
#include "base/text.hpp"

namespace ot::parsers::digsi5 {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view magic;
  std::string_view name;
  bool archive = false;
};

constexpr std::array kSignatures = {
    Signature{"PK\x03\x04"sv, "a ZIP archive"sv, true},
    Signature{"PK\x05\x06"sv, "an empty ZIP archive"sv, true},
    Signature{"PK\x07\x08"sv, "a part of a split ZIP archive"sv, true},
    Signature{"7z\xBC\xAF\x27\x1C"sv, "a 7z archive"sv, true},
    Signature{"MSCF"sv, "a CAB archive"sv, true},
    Signature{"\x1F\x8B"sv, "a gzip file"sv, true},
    Signature{"\xFD"
              "7zXZ\0"sv,
              "an xz file"sv, true},
    Signature{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "an OLE2 file"sv},
    Signature{"\x5D\0\0"sv, "an LZMA file"sv},
    Signature{"SQLite format 3\0"sv, "an SQLite database"sv},
    Signature{"\x40\0\0\0"sv, "a bare PEData database"sv},
    Signature{"\x40\0\1\0"sv, "a bare PEData database of the old layout"sv},
    Signature{"\x80\0\0\0"sv, "a bare PEData index"sv},
    Signature{"\x80\0\1\0"sv, "a bare PEData index of the old layout"sv},
    Signature{"\xFF\xFE<\0"sv, "an XML file"sv},
    Signature{"\xFE\xFF\0<"sv, "an XML file"sv},
    Signature{"\xEF\xBB\xBF<"sv, "an XML file"sv},
    Signature{"<?xml"sv, "an XML file"sv},
    Signature{"<SCL"sv, "an XML file"sv},
    // What is left of a download that asked for a login.
    Signature{"<!DOCTYPE html"sv, "a web page (HTML)"sv},
    Signature{"<!doctype html"sv, "a web page (HTML)"sv},
    Signature{"<html"sv, "a web page (HTML)"sv},
    Signature{"%PDF-"sv, "a PDF document"sv},
};

const Signature* signature_of(std::string_view head) {
  for (const auto& signature : kSignatures) {
    if (head.starts_with(signature.magic)) {
      return &signature;
    }
  }
  return nullptr;
}

std::string what_it_is(std::string_view head) {
  constexpr std::size_t kShownBytes = 8;
  if (head.empty()) {
    return "the file is empty";
  }
  if (const auto* signature = signature_of(head)) {
    return fmt::format("not a ZIP archive but {}", signature->name);
  }
  return fmt::format("not a ZIP archive, nor anything else known: it begins with the bytes {}",
                     hex(head.substr(0, kShownBytes)));
}

}  // namespace

bool is_zip(std::string_view head) {
  return head.starts_with("PK\x03\x04"sv) || head.starts_with("PK\x05\x06"sv);
}

bool is_archive(std::string_view head) {
  const auto* signature = signature_of(head);
  return signature != nullptr && signature->archive;
}

Error not_a_zip(std::string_view head) {
  return Error(Errc::unsupported, what_it_is(head))
      .hint("export the project from DIGSI 5 again, as .dz5");
}

}  // namespace ot::parsers::digsi5
