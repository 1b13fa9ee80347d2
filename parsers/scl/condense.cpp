#include "parsers/scl/condense.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "parsers/scl/prolog.hpp"
#include "parsers/scl/xml_reader.hpp"

namespace ot::parsers::scl {
namespace {

/// Elements, attributes and texts kept, for each record that a file may give:
/// together they are what a document tree costs.
constexpr std::uint64_t kNodesPerRecord = 8;

/// Name space declarations in force at one place; real files have about ten.
constexpr std::size_t kMostBindings = 1000;

constexpr std::array<std::string_view, 9> kNeverNeeded = {
    "Substation", "Line", "Process", "Services", "LN0", "GSE", "SMV", "DAType", "EnumType"};

std::string_view value_of(const std::vector<XmlAttribute>& attributes, std::string_view name) {
  for (const auto& attribute : attributes) {
    if (attribute.name == name) {
      return attribute.value;
    }
  }
  return {};
}

/// Whether an inventory asks for the element and what is in it. The name plate
/// of a device is PhyNam (class DPL) of its logical node LPHD.
bool is_needed(std::string_view element, const std::vector<XmlAttribute>& attributes) {
  if (element == "LN" || element == "LNodeType") {
    return value_of(attributes, "lnClass") == "LPHD";
  }
  if (element == "DOType") {
    const auto cdc = value_of(attributes, "cdc");
    return cdc.empty() || cdc == "DPL";
  }
  return std::find(kNeverNeeded.begin(), kNeverNeeded.end(), element) == kNeverNeeded.end();
}

class Condenser {
 public:
  Condenser(std::string_view text, const Limits& limits, Deadline& deadline)
      : reader_(text), limits_(limits), deadline_(deadline) {}

  Result<std::string> run();

  // What walk() calls.
  Result<void> open(const XmlToken& token);
  Result<void> close(const XmlToken& token);
  Result<void> text(const XmlToken& token);
  Result<void> finish(const XmlToken& token) const;

 private:
  struct Open {
    std::string_view name;
    std::size_t offset;
    std::size_t bindings;  ///< in force around it
    bool foreign;
  };
  struct Binding {
    std::string_view prefix;
    std::string_view name_space;
  };

  Result<void> check_limits(const XmlToken& token);
  Result<void> check_nodes(const XmlToken& token) const;
  Result<void> check_place(const XmlToken& token) const;
  Error over(std::size_t offset, std::string message) const;
  void bind();
  std::string_view name_space_of(std::string_view name) const;
  void keep_name(const Open& element);
  void keep_start(const Open& element, const XmlToken& token);
  bool keeping() const { return skipped_from_ == 0; }

  XmlReader reader_;
  const Limits& limits_;
  Deadline& deadline_;
  std::string kept_;
  std::uint64_t nodes_ = 0;
  std::vector<Open> stack_;
  std::vector<Binding> bindings_;
  std::string_view scl_;  ///< the name space of the root
  bool has_root_ = false;
  std::size_t skipped_from_ = 0;  ///< depth of the element that is left out with all in it
};

Result<std::string> Condenser::run() {
  if (auto walked = walk(reader_, *this); !walked) {
    return fail(std::move(walked).error());
  }
  return std::move(kept_);
}

Error Condenser::over(std::size_t offset, std::string message) const {
  return Error(Errc::too_large, std::move(message)).at(reader_.line_at(offset));
}

Result<void> Condenser::check_limits(const XmlToken& token) {
  if (deadline_.passed()) {
    return fail(
        over(token.offset, fmt::format("not read within {} s", limits_.time.count() / 1000)));
  }
  if (stack_.size() >= limits_.depth) {
    return fail(
        over(token.offset, fmt::format("elements are nested more than {} deep", limits_.depth)));
  }
  if (bindings_.size() > kMostBindings) {
    return fail(over(token.offset, fmt::format("more than {} name spaces", kMostBindings)));
  }
  return {};
}

void Condenser::bind() {
  constexpr std::string_view kDeclares = "xmlns:";
  for (const auto& attribute : reader_.attributes()) {
    if (attribute.name == "xmlns") {
      bindings_.push_back({{}, attribute.value});
    } else if (attribute.name.starts_with(kDeclares)) {
      bindings_.push_back({attribute.name.substr(kDeclares.size()), attribute.value});
    }
  }
}

std::string_view Condenser::name_space_of(std::string_view name) const {
  const auto colon = name.rfind(':');
  const auto prefix = colon == name.npos ? std::string_view{} : name.substr(0, colon);
  const auto found = std::find_if(bindings_.rbegin(), bindings_.rend(),
                                  [&](const Binding& binding) { return binding.prefix == prefix; });
  return found == bindings_.rend() ? std::string_view{} : found->name_space;
}

void Condenser::keep_name(const Open& element) {
  kept_ += element.foreign ? "x:" : "";
  kept_ += local_name(element.name);
}

Result<void> Condenser::check_nodes(const XmlToken& token) const {
  const auto most = kNodesPerRecord * limits_.records;
  if (nodes_ > most) {
    return fail(over(token.offset, fmt::format("more than {} elements and attributes", most)));
  }
  return {};
}

Result<void> Condenser::check_place(const XmlToken& token) const {
  const auto local = local_name(token.name);
  const bool is_name = !local.empty() && starts_name(local[0]);
  if (is_name && !(stack_.empty() && has_root_)) {
    return {};
  }
  const auto* message =
      is_name ? "expected end of file, got <{}>" : "expected a name after the prefix of <{}>";
  return fail(reader_.malformed(token.offset,
                                fmt::format(fmt::runtime(message), fit_to_width(token.name, 60))));
}

void Condenser::keep_start(const Open& element, const XmlToken& token) {
  nodes_ += 1 + reader_.attributes().size();
  kept_ += '<';
  keep_name(element);
  kept_ += token.raw;
  kept_ += token.empty ? "/>" : ">";
}

Result<void> Condenser::open(const XmlToken& token) {
  Open element{token.name, token.offset, bindings_.size(), false};
  bind();
  if (auto checked = check_limits(token); !checked) {
    return checked;
  }
  if (auto checked = check_place(token); !checked) {
    return checked;
  }
  if (!has_root_) {
    scl_ = name_space_of(token.name);
    has_root_ = true;
  }
  element.foreign = name_space_of(token.name) != scl_;
  const bool needed = keeping() && is_needed(local_name(token.name), reader_.attributes());
  if (needed) {
    keep_start(element, token);
    if (auto checked = check_nodes(token); !checked) {
      return checked;
    }
  }
  if (token.empty) {
    bindings_.resize(element.bindings);
    return {};
  }
  stack_.push_back(element);
  if (!needed && keeping()) {
    skipped_from_ = stack_.size();
  }
  return {};
}

Result<void> Condenser::close(const XmlToken& token) {
  if (stack_.empty()) {
    return fail(reader_.malformed(token.offset, fmt::format("expected end of file, got </{}>",
                                                            fit_to_width(token.name, 60))));
  }
  const auto element = stack_.back();
  if (element.name != token.name) {
    return fail(reader_.malformed(
        token.offset, fmt::format("expected </{}>, got </{}>", fit_to_width(element.name, 60),
                                  fit_to_width(token.name, 60))));
  }
  if (keeping()) {
    kept_ += "</";
    keep_name(element);
    kept_ += '>';
  } else if (skipped_from_ == stack_.size()) {
    skipped_from_ = 0;
  }
  bindings_.resize(element.bindings);
  stack_.pop_back();
  return {};
}

Result<void> Condenser::text(const XmlToken& token) {
  if (trim(token.raw).empty()) {
    return {};
  }
  if (stack_.empty()) {
    return fail(reader_.malformed(
        token.offset, fmt::format("expected {}, got {}", has_root_ ? "end of file" : "<SCL>",
                                  quoted(trim(token.raw).substr(0, 64)))));
  }
  if (keeping()) {
    ++nodes_;
    kept_ += token.raw;
  }
  return check_nodes(token);
}

Result<void> Condenser::finish(const XmlToken& token) const {
  if (!stack_.empty()) {
    const auto& element = stack_.back();
    return fail(reader_.malformed(
        token.offset,
        fmt::format("expected </{}> for the element of line {}, got end of file",
                    fit_to_width(element.name, 60), reader_.line_at(element.offset).value)));
  }
  if (!has_root_) {
    return fail(reader_.malformed(token.offset, "expected <SCL>, got end of file"));
  }
  return {};
}

}  // namespace

Result<std::string> condense(std::string_view utf8, const Limits& limits, Deadline& deadline) {
  return Condenser(utf8, limits, deadline).run();
}

}  // namespace ot::parsers::scl
