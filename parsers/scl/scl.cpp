#include "parsers/scl/scl.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "base/text.hpp"
#include "parsers/scl/condense.hpp"
#include "parsers/scl/encoding.hpp"
#include "parsers/scl/header.hpp"
#include "parsers/scl/ied.hpp"
#include "parsers/scl/prolog.hpp"
#include "parsers/scl/xml_reader.hpp"

namespace ot::parsers::scl {
namespace {

constexpr std::string_view kRoot = "SCL";
constexpr std::array<std::string_view, 6> kSuffixes = {".scd", ".icd", ".cid",
                                                       ".iid", ".ssd", ".sed"};

bool bears_suffix(std::string_view name) {
  const auto lower = to_lower_ascii(name);
  return std::any_of(kSuffixes.begin(), kSuffixes.end(),
                     [&](std::string_view suffix) { return lower.ends_with(suffix); });
}

/// A file of ours may also be broken or carry a DTD: then parse() says so. XML
/// whose root is seen to be another one is somebody else's, whatever its name.
bool claims(const Sample& sample) {
  const bool ours = bears_suffix(sample.name);
  const auto decoded = decode(sample.head);
  if (!decoded) {
    return ours;
  }
  const auto prolog = read_prolog(decoded->text());
  const bool root_in_sight = prolog.is_xml && !prolog.root.empty();
  if (!root_in_sight || prolog.doctype) {
    return ours || (root_in_sight && local_name(prolog.root) == kRoot);
  }
  return local_name(prolog.root) == kRoot;
}

std::string_view first_line(std::string_view text) {
  text = trim(text.substr(0, 1024));
  return text.substr(0, text.find_first_of("\r\n"));
}

/// What can be said before the text is read in full.
Result<void> check_opening(std::string_view text) {
  const XmlReader reader(text);
  const auto nul = text.find('\0');
  if (nul != text.npos) {
    return fail(Error(Errc::malformed, "not XML: expected text, got a NUL byte")
                    .at(reader.line_at(nul))
                    .hint("SCL is XML: export it again from its engineering tool"));
  }
  const auto prolog = read_prolog(text);
  if (!prolog.is_xml) {
    const auto got = trim(text).empty() ? std::string("an empty file") : quoted(first_line(text));
    return fail(Error(Errc::malformed, fmt::format("not XML: expected <SCL>, got {}", got))
                    .at(Position::line(1))
                    .hint("SCL is XML: export it again from its engineering tool"));
  }
  if (!prolog.doctype && !prolog.root.empty() && local_name(prolog.root) != kRoot) {
    return fail(Error(Errc::unsupported, fmt::format("the root element is <{}>, not <SCL>",
                                                     fit_to_width(prolog.root, 60))));
  }
  return {};
}

Error too_many(const char* what, std::uint64_t most) {
  return {Errc::too_large, fmt::format("more than {} {}", most, what)};
}

void warn_of_missing(const Network& network, Warnings& warnings) {
  const auto names = network.names_left();
  if (!names.empty()) {
    warnings.add(fmt::format(
        "{} IED{} of the Communication section {} not in this file, such as {}", names.size(),
        names.size() == 1 ? "" : "s", names.size() == 1 ? "is" : "are", quoted(names[0])));
  }
}

Result<Project> read_tree(pugi::xml_node scl, const Limits& limits, Deadline& deadline,
                          Warnings& warnings) {
  Project project;
  const NamePlates plates(scl);
  Network network(scl);
  if (network.size() > limits.records) {
    return fail(too_many("access points", limits.records));
  }
  std::uint64_t records = 0;
  for (const auto ied : scl.children("IED")) {
    auto asset = read_ied(ied, plates, network);
    records += 1 + asset.add_ons.size();
    if (records > limits.records) {
      return fail(too_many("IEDs and modules", limits.records));
    }
    if (deadline.passed()) {
      return fail(
          too_many("seconds of reading", static_cast<std::uint64_t>(limits.time.count() / 1000)));
    }
    if (asset.name.empty()) {
      warnings.add(fmt::format("IED number {} has no name", project.assets.size() + 1));
    }
    project.assets.push_back(std::move(asset));
  }
  warn_of_missing(network, warnings);
  read_header(scl, project);
  return project;
}

Result<Project> parse(const Source& source, const Limits& limits) {
  return read(source.bytes, limits);
}

}  // namespace

bool is_scl(std::string_view head) {
  const auto decoded = decode(head.substr(0, kSampleSize));
  return decoded && local_name(read_prolog(decoded->text()).root) == kRoot;
}

Result<Project> read(std::string_view xml, const Limits& limits) {
  if (xml.size() > limits.file_bytes) {
    return fail(too_many("bytes", limits.file_bytes));
  }
  Deadline deadline(limits.time);
  const auto decoded = decode(xml);
  if (!decoded) {
    return fail(decoded.error());
  }
  if (auto checked = check_opening(decoded->text()); !checked) {
    return fail(std::move(checked).error());
  }
  auto condensed = condense(decoded->text(), limits, deadline);
  if (!condensed) {
    return fail(std::move(condensed).error());
  }
  pugi::xml_document document;
  const auto loaded = document.load_buffer_inplace(condensed->data(), condensed->size(),
                                                   pugi::parse_default, pugi::encoding_utf8);
  if (!loaded) {
    const auto code =
        loaded.status == pugi::status_out_of_memory ? Errc::too_large : Errc::malformed;
    return fail(code, fmt::format("no XML tree: {}", loaded.description()));
  }
  Warnings warnings(limits.warnings);
  if (!decoded->remark().empty()) {
    warnings.add(decoded->remark());
  }
  auto project = read_tree(document.document_element(), limits, deadline, warnings);
  if (project) {
    project->warnings = warnings.take();
  }
  return project;
}

extern const Parser module;
const Parser module{.name = "scl",
                    .reads = "IEC 61850 SCL (.scd, .icd, .cid, .iid, .ssd, .sed)",
                    .suffixes = kSuffixes,
                    .access = Access::whole,
                    .claims = claims,
                    .parse = parse};

}  // namespace ot::parsers::scl
