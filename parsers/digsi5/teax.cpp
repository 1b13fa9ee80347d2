#include "parsers/digsi5/teax.hpp"

#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "base/text.hpp"
#include "parsers/digsi5/hardware_unit.hpp"
#include "parsers/digsi5/names.hpp"
#include "parsers/digsi5/xml.hpp"
#include "parsers/scl/encoding.hpp"
#include "parsers/scl/prolog.hpp"
#include "parsers/scl/tree.hpp"
#include "parsers/scl/xml_reader.hpp"

namespace ot::parsers::digsi5 {
namespace {

using scl::XmlToken;

constexpr std::size_t kLongestRaw = 4096;  // of a value, as written

/// A value without references, CDATA marks and outer blanks; empty if over-long.
std::string value_of(std::string_view raw) {
  if (raw.size() > kLongestRaw) {
    return {};
  }
  if (raw.find_first_of("&<") == std::string_view::npos) {
    const auto plain = trim(raw);
    return plain.size() > scl::kLongestName ? std::string() : std::string(plain);
  }
  pugi::xml_document document;
  document.load_string(fmt::format("<value>{}</value>", raw).c_str());
  return scl::text_of(document.document_element(), scl::kLongestName);
}

/// Declarations of name spaces look like attributes.
bool is_declaration(std::string_view name) {
  return name == "xmlns" || name.starts_with("xmlns:");
}

/// Goes over the document once and keeps no more than the elements that are open.
class TeaXWalk {
 public:
  TeaXWalk(std::string_view utf8, const Limits& limits)
      : reader_(utf8), limits_(limits), deadline_(limits.time), warnings_(limits.warnings) {}

  Result<Project> run(const std::string& remark);

  // What scl::walk() calls.
  Result<void> open(const XmlToken& token);
  Result<void> close(const XmlToken& token);
  Result<void> text(const XmlToken& token);
  Result<void> finish(const XmlToken& token) const;

 private:
  struct Element {
    std::string_view name;
    std::size_t offset = 0;
    HardwareUnit unit;
    std::string text;  ///< as written; only of an element that is a field
    bool has_children = false;
  };

  Result<void> check_limits(const XmlToken& token);
  Result<void> leave();
  bool is_known(const Asset& device);
  Project conclude(const std::string& remark);

  scl::XmlReader reader_;
  const Limits& limits_;
  Deadline deadline_;
  Warnings warnings_;
  std::vector<Element> stack_;
  bool has_root_ = false;
  std::vector<Asset> devices_;
  std::unordered_set<std::string> known_;
  std::uint64_t without_code_ = 0;
};

Result<Project> TeaXWalk::run(const std::string& remark) {
  if (auto walked = scl::walk(reader_, *this); !walked) {
    return fail(std::move(walked).error());
  }
  return conclude(remark);
}

Result<void> TeaXWalk::check_limits(const XmlToken& token) {
  const auto over = [&](std::string message) {
    return fail(Error(Errc::too_large, std::move(message)).at(reader_.line_at(token.offset)));
  };
  if (deadline_.passed()) {
    return over(fmt::format("not read within {} s", limits_.time.count() / 1000));
  }
  if (stack_.size() >= limits_.depth) {
    return over(fmt::format("elements are nested more than {} deep", limits_.depth));
  }
  if (devices_.size() > limits_.records) {
    return over(fmt::format("more than {} devices", limits_.records));
  }
  return {};
}

Result<void> TeaXWalk::open(const XmlToken& token) {
  if (auto checked = check_limits(token); !checked) {
    return checked;
  }
  if (stack_.empty() && has_root_) {
    return fail(reader_.malformed(
        token.offset, fmt::format("expected end of file, got {}", scl::quoted(token.name))));
  }
  has_root_ = true;
  if (!stack_.empty()) {
    stack_.back().has_children = true;
  }
  Element element;
  element.name = token.name;
  element.offset = token.offset;
  for (const auto& attribute : reader_.attributes()) {
    const auto field = HardwareUnit::field_of(scl::local_name(attribute.name));
    if (field && !is_declaration(attribute.name)) {
      element.unit.put(*field, value_of(attribute.value));
    }
  }
  stack_.push_back(std::move(element));
  return token.empty ? leave() : Result<void>{};
}

Result<void> TeaXWalk::text(const XmlToken& token) {
  if (stack_.empty()) {
    return trim(token.raw).empty()
               ? Result<void>{}
               : fail(reader_.malformed(token.offset, "expected an element, got text"));
  }
  auto& element = stack_.back();
  if (element.text.size() <= kLongestRaw && HardwareUnit::field_of(scl::local_name(element.name))) {
    element.text += token.raw.substr(0, kLongestRaw + 1);
  }
  return {};
}

Result<void> TeaXWalk::close(const XmlToken& token) {
  const auto open = stack_.empty() ? std::string_view{} : stack_.back().name;
  if (open != token.name) {
    return fail(reader_.malformed(
        token.offset,
        fmt::format("expected {}, got </{}>",
                    open.empty() ? "end of file" : fmt::format("</{}>", fit_to_width(open, 60)),
                    fit_to_width(token.name, 60))));
  }
  return leave();
}

/// The last element is over: it is a field of its parent, or a device, or neither.
Result<void> TeaXWalk::leave() {
  const auto element = std::move(stack_.back());
  stack_.pop_back();
  const auto field = HardwareUnit::field_of(scl::local_name(element.name));
  if (field && !element.has_children && !stack_.empty()) {
    stack_.back().unit.put(*field, value_of(element.text));
  }
  if (!element.unit.is_device()) {
    without_code_ += element.unit.is_hardware() ? 1 : 0;
    return {};
  }
  auto device = element.unit.asset(warnings_);
  if (!is_known(device)) {
    devices_.push_back(std::move(device));
  }
  return {};
}

/// One device may be listed at several places of a document.
bool TeaXWalk::is_known(const Asset& device) {
  if (device.name.empty() && device.serial_number.empty()) {
    return false;
  }
  auto key = device.name;
  for (const auto& text : {device.order_id, device.serial_number, device.firmware_version}) {
    key += '\0' + text;
  }
  return !known_.insert(std::move(key)).second;
}

Result<void> TeaXWalk::finish(const XmlToken& token) const {
  if (stack_.empty() && has_root_) {
    return {};
  }
  const auto open = stack_.empty() ? "an element"
                                   : fmt::format("</{}> for the element of line {}",
                                                 fit_to_width(stack_.back().name, 60),
                                                 reader_.line_at(stack_.back().offset).value);
  return fail(reader_.malformed(token.offset, fmt::format("expected {}, got end of file", open)));
}

Project TeaXWalk::conclude(const std::string& remark) {
  Warnings all(limits_.warnings);
  all.add(
      fmt::format("TEA-X, read by the names of its elements and attributes: {} device{}; no "
                  "real export was at hand to check this reading",
                  devices_.size(), devices_.size() == 1 ? "" : "s"));
  if (without_code_ > 0) {
    all.add(fmt::format("{} element{} of hardware without one whole product code left out",
                        without_code_, without_code_ == 1 ? "" : "s"));
  }
  if (!remark.empty()) {
    all.add(remark);
  }
  for (auto& warning : warnings_.take()) {
    all.add(std::move(warning.message));
  }
  Project project;
  project.assets = std::move(devices_);
  project.warnings = all.take();
  return project;
}

}  // namespace

bool is_tea_x(std::string_view name, std::string_view head) {
  const auto root = root_name(head);
  return equals_ignoring_case(root, "teax") || equals_ignoring_case(root, "TEA-X") ||
         (!root.empty() && to_lower_ascii(name).ends_with(".teax"));
}

Result<Project> read_tea_x(std::string_view xml, const Limits& limits) {
  const auto decoded = scl::decode(xml);
  if (!decoded) {
    return fail(decoded.error());
  }
  if (decoded->text().find('\0') != std::string_view::npos) {
    return fail(Errc::malformed, "not XML: it holds a NUL byte");
  }
  return TeaXWalk(decoded->text(), limits).run(decoded->remark());
}

}  // namespace ot::parsers::digsi5
