#include "agent/manual/prose.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ot::agent::manual {
namespace {

constexpr std::string_view kSection = ".Sh ";
constexpr std::string_view kEntry = ".It ";
constexpr std::string_view kListBegin = ".Bl ";
constexpr std::string_view kListEnd = ".El";
constexpr std::string_view kDisplayBegin = ".Bd ";
constexpr std::string_view kDisplayEnd = ".Ed";
constexpr std::string_view kRemark = ".\\\" ";

}  // namespace

/// Takes the lines of a file apart: sections, and the entries that stand in no list of their own.
class Prose::Reader {
 public:
  Reader(std::vector<Piece>& pieces, const std::string& file) : pieces_(pieces), file_(file) {}

  Result<void> take(std::string_view line) {
    ++line_;
    if (line.starts_with(kSection)) {
      return begin({.section = std::string(line.substr(kSection.size())), .line = line_});
    }
    in_display_ = line.starts_with(kDisplayBegin) || (in_display_ && line != kDisplayEnd);
    if (line.empty() && !in_display_) {
      return wrong("a blank line; .Pp begins a paragraph");
    }
    if (pieces_.empty() && !line.starts_with(kRemark)) {
      return wrong("text before any .Sh");
    }
    if (pieces_.empty()) {
      return {};
    }
    if (lists_ == 0 && line.starts_with(kEntry)) {
      return begin({.section = pieces_.back().section,
                    .entry = std::string(line.substr(kEntry.size())),
                    .line = line_});
    }
    if (lists_ == 0 && line == kListEnd) {
      return begin({.section = pieces_.back().section, .line = line_, .is_end = true});
    }
    lists_ += line.starts_with(kListBegin) ? 1 : line == kListEnd ? -1 : 0;
    pieces_.back().text += fmt::format("{}\n", line);
    return {};
  }

  Result<void> end() const { return lists_ == 0 ? Result<void>() : wrong("a list has no end"); }

 private:
  Result<void> begin(Piece piece) {
    if (lists_ != 0) {
      return wrong("a list has no end");
    }
    for (const auto& other : pieces_) {
      if (other.section == piece.section && other.entry == piece.entry &&
          other.is_end == piece.is_end) {
        return wrong(fmt::format("line {} has it already", other.line));
      }
    }
    pieces_.push_back(std::move(piece));
    return {};
  }

  Result<void> wrong(std::string_view what) const {
    return fail(Errc::malformed, fmt::format("{}:{}: {}", file_, line_, what));
  }

  std::vector<Piece>& pieces_;
  const std::string& file_;
  std::size_t line_ = 0;
  int lists_ = 0;
  bool in_display_ = false;
};

Result<Prose> Prose::parse(std::string_view text, std::string file) {
  Prose prose;
  prose.file_ = std::move(file);
  Reader reader(prose.pieces_, prose.file_);
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (auto taken = reader.take(text.substr(0, end)); !taken) {
      return fail(std::move(taken).error());
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (auto ended = reader.end(); !ended) {
    return fail(std::move(ended).error());
  }
  return prose;
}

std::string Prose::take_piece(std::string_view section, std::string_view entry, bool is_end) {
  for (auto& piece : pieces_) {
    if (piece.section == section && piece.entry == entry && piece.is_end == is_end) {
      piece.is_taken = true;
      return piece.text;
    }
  }
  return {};
}

std::string Prose::take(std::string_view section, std::string_view entry) {
  return take_piece(section, entry, false);
}

std::string Prose::take_end(std::string_view section) {
  return take_piece(section, {}, true);
}

Result<void> Prose::all_taken() const {
  for (const auto& piece : pieces_) {
    if (!piece.is_taken && !piece.text.empty()) {
      const auto name = piece.entry.empty() ? ".Sh " + piece.section : ".It " + piece.entry;
      return fail(Error(Errc::malformed,
                        fmt::format("{}:{}: \"{}\" belongs to nothing", file_, piece.line, name))
                      .hint("its command, option or key may have another name by now"));
    }
  }
  return {};
}

}  // namespace ot::agent::manual
