#include "agent/plant_report/html_page.hpp"

#include "base/text.hpp"

namespace ot::agent::plant_report {
namespace {

constexpr std::size_t kFull = 1 << 16;

/// Class of the cells of a column.
std::string_view mark_of(Look look) {
  switch (look) {
    case Look::code: return " class=c";
    case Look::number: return " class=n";
    case Look::hash: return " class=\"c h\"";
    case Look::text: break;
  }
  return "";
}

}  // namespace

std::string html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : escape_for_terminal(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string html_part(std::string_view text) {
  return "<bdi>" + html(text) + "</bdi>";
}

std::string thousands(std::uint64_t number) {
  auto digits = std::to_string(number);
  for (auto at = digits.size(); at > 3; at -= 3) {
    digits.insert(at - 3, ",");
  }
  return digits;
}

std::string_view first_of(std::initializer_list<std::string_view> texts) {
  for (const auto text : texts) {
    if (!text.empty()) {
      return text;
    }
  }
  return {};
}

void Page::put(std::string_view markup) {
  waiting_ += markup;
  flush_if_full();
}

void Page::flush() {
  if (!waiting_.empty()) {
    sink_(waiting_);
    waiting_.clear();
  }
}

void Page::flush_if_full() {
  if (waiting_.size() > kFull) {
    flush();
  }
}

HtmlTable::HtmlTable(Page& page, std::string_view caption, std::vector<Head> heads)
    : page_(page), caption_(caption), heads_(std::move(heads)), used_(heads_.size(), false) {}

HtmlTable::~HtmlTable() {  // NOLINT(bugprone-exception-escape): std::bad_alloc alone
  if (!begun_) {
    begin();
  }
  page_.put("</table></div>\n");
}

void HtmlTable::row(std::initializer_list<std::string_view> cells) {
  constexpr std::size_t kMostWaiting = 2'000;
  Cells texts(cells.begin(), cells.end());
  if (begun_) {
    return put(texts);
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    used_[i] = used_[i] || !texts[i].empty();
  }
  waiting_.push_back(std::move(texts));
  if (waiting_.size() == kMostWaiting) {
    used_.assign(heads_.size(), true);
    begin();
  }
}

void HtmlTable::begin() {
  begun_ = true;
  page_.put("<div class=scroll tabindex=0 role=region aria-label=\"{}\"><table><thead><tr>",
            html(caption_));
  for (std::size_t i = 0; i < heads_.size(); ++i) {
    if (used_[i]) {
      page_.put("<th scope=col{}>{}", mark_of(heads_[i].look), html(heads_[i].title));
    }
  }
  page_.put("<tbody>\n");
  for (const auto& cells : waiting_) {
    put(cells);
  }
  waiting_.clear();
}

void HtmlTable::put(const Cells& cells) {
  page_.put("<tr>");
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (used_[i]) {
      page_.put("<td{}>{}", mark_of(heads_[i].look), html(cells[i]));
    }
  }
  page_.put("\n");
}

}  // namespace ot::agent::plant_report
