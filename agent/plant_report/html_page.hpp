#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "agent/plant_report/model.hpp"

namespace ot::agent::plant_report {

/// Foreign text as HTML text: markup stays text; control and direction characters are shown as
/// escapes.
std::string html(std::string_view text);

/// The same within a sentence: right-to-left text does not reorder what is around it.
std::string html_part(std::string_view text);

/// "1,234"
std::string thousands(std::uint64_t number);

/// The first that is not empty.
std::string_view first_of(std::initializer_list<std::string_view> texts);

/// Gathers small pieces before they go to the sink.
class Page {
 public:
  explicit Page(const Sink& sink) : sink_(sink) {}
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;
  ~Page() { flush(); }

  /// Our own markup.
  void put(std::string_view markup);

  template <class... Values>
  void put(fmt::format_string<Values...> form, Values&&... values) requires(sizeof...(Values) > 0) {
    fmt::format_to(std::back_inserter(waiting_), form, std::forward<Values>(values)...);
    flush_if_full();
  }

  void flush();

 private:
  void flush_if_full();

  const Sink& sink_;
  std::string waiting_;
};

/// How the cells of a column look.
enum class Look : std::uint8_t { text, code, number, hash };

struct Head {
  std::string_view title;
  Look look = Look::text;
};

/// A table that scrolls by itself where it is too wide. Its cells are foreign text. Columns without
/// any text are left out, unless there are very many rows.
class HtmlTable {
 public:
  HtmlTable(Page& page, std::string_view caption, std::vector<Head> heads);
  HtmlTable(const HtmlTable&) = delete;
  HtmlTable& operator=(const HtmlTable&) = delete;
  ~HtmlTable();  // NOLINT(bugprone-exception-escape): std::bad_alloc alone

  void row(std::initializer_list<std::string_view> cells);

 private:
  using Cells = std::vector<std::string>;

  void begin();
  void put(const Cells& cells);

  Page& page_;
  std::string caption_;
  std::vector<Head> heads_;
  std::vector<Cells> waiting_;
  std::vector<bool> used_;  ///< by column
  bool begun_ = false;
};

}  // namespace ot::agent::plant_report
